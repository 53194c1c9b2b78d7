import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import type { Fetch } from '../bounded-fetch.ts'
import type { Refreshed } from './refresher.ts'
import type { Session } from './session.ts'
import { challengedStepUp, stepUpPath } from './step-up.ts'

const TIMEOUT_MS = 30_000

// Lists of what passes, so that cookies, credentials, hop-by-hop and forwarding headers never do.
const REQUEST_HEADERS = [
  'accept',
  'accept-language',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'range',
]
const RESPONSE_HEADERS = [
  'content-type',
  'content-language',
  'content-disposition',
  'content-range',
  'etag',
  'last-modified',
  'link',
  'retry-after',
  'www-authenticate',
  'x-request-id',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
]

export interface ProxyCall {
  readonly url: string
  readonly session: Session
  /** Takes a new access token when the API no longer likes the present one. */
  readonly renew: () => Promise<Refreshed>
}

/** Passes a call on to an API with the session's access token, and streams the answer back. */
export function createProxy(fetch: Fetch) {
  const send = (request: FastifyRequest, url: string, accessToken: string) =>
    fetch(url, {
      method: request.method,
      headers: { ...requestHeaders(request.headers), authorization: `Bearer ${accessToken}` },
      body: Buffer.isBuffer(request.body) && request.body.length > 0 ? request.body : null,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })

  async function call(request: FastifyRequest, { url, session, renew }: ProxyCall) {
    const first = await send(request, url, session.accessToken)
    // No new token would help a person who has to prove more: a refresh repeats what was proved (RFC 9068 §2.2.1).
    if (first.status !== 401 || stepUpOf(first) !== undefined) return first
    // The issuer may have changed its keys in haste: one new token, one more try.
    const renewed = await renew()
    if (renewed.status !== 'ok' || renewed.session === session) return first
    await first.body?.cancel()
    return send(request, url, renewed.session.accessToken)
  }

  return async (request: FastifyRequest, reply: FastifyReply, proxied: ProxyCall) => {
    let answer: Response
    try {
      answer = await call(request, proxied)
    } catch (error) {
      request.log.error({ err: error }, 'the API did not answer')
      return reply.code(502).send({
        error: 'api_unavailable',
        error_description: 'The API behind this page did not answer.',
      })
    }
    if (answer.status >= 300 && answer.status < 400 && answer.status !== 304) {
      await answer.body?.cancel()
      return reply.code(502).send({
        error: 'api_redirect',
        error_description: 'The API behind this page redirected, which is not followed.',
      })
    }
    const stepUp = answer.status === 401 ? stepUpOf(answer) : undefined
    if (stepUp !== undefined) {
      await answer.body?.cancel()
      return reply
        .code(401)
        .header('www-authenticate', answer.headers.get('www-authenticate') ?? 'Bearer')
        .send({
          error: 'insufficient_user_authentication',
          error_description: 'This needs a stronger or more recent sign-in.',
          // A page adds `return_to`.
          login_url: stepUpPath(stepUp),
        })
    }
    for (const name of RESPONSE_HEADERS) {
      const value = answer.headers.get(name)
      if (value !== null) reply.header(name, value)
    }
    // The answer comes from this page's own origin now, so it must never run as a page of it.
    reply
      .code(answer.status)
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "default-src 'none'; sandbox")
    if (answer.body === null) return reply.send()
    return reply.send(Readable.fromWeb(answer.body))
  }
}

const stepUpOf = ({ headers }: Response) => challengedStepUp(headers.get('www-authenticate'))

function requestHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const passed: Record<string, string> = {}
  for (const name of REQUEST_HEADERS) {
    const value = headers[name]
    if (typeof value === 'string') passed[name] = value
  }
  return passed
}
