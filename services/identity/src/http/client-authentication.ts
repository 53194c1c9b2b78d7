import type { FastifyRequest } from 'fastify'
import { type Client, secretMatches } from '../domain/clients/client.ts'
import { OAuthError } from '../domain/oauth/error.ts'
import { type Parameters, single } from '../domain/oauth/parameters.ts'
import type { TimedCache } from '../platform/timed-cache.ts'
import { type FailureLimit, failureLimit } from './failure-limit.ts'
import { peerNetwork } from './peer-address.ts'

export type ClientAuthentication = (request: FastifyRequest, form: Parameters) => Promise<Client>

interface Credentials {
  readonly method: 'client_secret_basic' | 'client_secret_post' | 'none'
  readonly clientId: string
  /** Spellings of the secret: RFC 6749 §2.3.1 form-encodes it, and not every client does. */
  readonly secrets: readonly string[]
}

/** The one place where clients prove who they are (RFC 6749 §2.3): one method a request, the registered one. */
export function createClientAuthentication(
  clients: TimedCache<Client | undefined>,
  failuresPerMinute: () => number,
): ClientAuthentication {
  const limit: FailureLimit = failureLimit({ windowMs: 60_000, maxPeers: 10_000 })

  return async (request, form) => {
    const peer = peerNetwork(request)
    const retryAfter = limit.retryAfterSeconds(peer, failuresPerMinute())
    if (retryAfter !== undefined)
      throw new OAuthError('invalid_client', 'too many failed authentications', {
        status: 429,
        headers: { 'retry-after': String(retryAfter) },
      })

    const credentials = readCredentials(request.headers.authorization, form)
    const client = await clients.get(credentials.clientId)
    if (client !== undefined && proves(client, credentials)) return client
    limit.failed(peer)
    // One answer for all cases: which part was wrong is the log's to know.
    throw refusal(
      client === undefined
        ? 'no such client'
        : client.metadata.token_endpoint_auth_method === credentials.method
          ? 'wrong secret'
          : `method ${credentials.method}, registered ${client.metadata.token_endpoint_auth_method}`,
    )
  }
}

function proves(client: Client, { method, secrets }: Credentials): boolean {
  if (client.metadata.token_endpoint_auth_method !== method) return false
  return method === 'none' || secrets.some((secret) => secretMatches(client, secret))
}

function readCredentials(authorization: string | undefined, form: Parameters): Credentials {
  const formId = single(form, 'client_id')
  const formSecret = single(form, 'client_secret')
  const assertion = single(form, 'client_assertion') ?? single(form, 'client_assertion_type')
  if (authorization !== undefined) {
    // RFC 6749 §2.3: not more than one method in each request.
    if (formSecret !== undefined || assertion !== undefined)
      throw new OAuthError('invalid_request', 'use one client authentication method, not two')
    const basic = readBasic(authorization)
    if (basic === undefined) throw refusal('malformed Basic credentials')
    if (formId !== undefined && formId !== basic.clientId)
      throw new OAuthError('invalid_request', 'client_id is not the authenticated client')
    return basic
  }
  if (assertion !== undefined) throw refusal('private_key_jwt is not supported')
  if (formId === undefined) throw refusal('no client authentication at all')
  return formSecret === undefined
    ? { method: 'none', clientId: formId, secrets: [] }
    : { method: 'client_secret_post', clientId: formId, secrets: [formSecret] }
}

function readBasic(authorization: string): Credentials | undefined {
  const match = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)
  if (match?.[1] === undefined) return undefined
  const text = Buffer.from(match[1], 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 1 || text.includes('\0')) return undefined
  const clientId = formDecoded(text.slice(0, colon))
  const secret = text.slice(colon + 1)
  const decoded = formDecoded(secret)
  if (clientId === undefined) return undefined
  const secrets = decoded === undefined || decoded === secret ? [secret] : [decoded, secret]
  return { method: 'client_secret_basic', clientId, secrets }
}

function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

function refusal(hint: string): OAuthError {
  return new OAuthError('invalid_client', 'client authentication failed', {
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="signet", charset="UTF-8"' },
    hint,
  })
}
