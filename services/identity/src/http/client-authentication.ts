import type { FastifyRequest } from 'fastify'
import { type Client, secretMatches } from '../domain/clients/client.ts'
import { explainMethod, explainSecret } from '../domain/faults/explain-client.ts'
import type { Why } from '../domain/faults/why.ts'
import { OAuthError } from '../domain/oauth/error.ts'
import { type Parameters, single } from '../domain/oauth/parameters.ts'
import type { TimedCache } from '../platform/timed-cache.ts'
import { aboutClient } from './errors/fault-report.ts'
import { type FailureLimit, failureLimit } from './sign-in/failure-limit.ts'
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
        why: { check: 'client_failed_too_often' },
      })

    const credentials = readCredentials(request.headers.authorization, form)
    const client = await clients.get(credentials.clientId)
    if (client !== undefined) aboutClient(request, client.id)
    if (client !== undefined && proves(client, credentials)) return client
    limit.failed(peer)
    // One answer for all cases: which part was wrong is the log's to know.
    throw refusal(explain(client, credentials))
  }
}

function proves(client: Client, { method, secrets }: Credentials): boolean {
  if (client.metadata.token_endpoint_auth_method !== method) return false
  return method === 'none' || secrets.some((secret) => secretMatches(client, secret))
}

function explain(client: Client | undefined, { clientId, method, secrets }: Credentials): Why {
  if (client === undefined) return { check: 'client_not_found', received: { client_id: clientId } }
  const registered = client.metadata.token_endpoint_auth_method
  if (registered !== method) return explainMethod(client.id, registered, method)
  const trimmed = secrets.map((secret) => secret.trim())
  return explainSecret(trimmed.some((secret) => secretMatches(client, secret)))
}

function readCredentials(authorization: string | undefined, form: Parameters): Credentials {
  const formId = single(form, 'client_id')
  const formSecret = single(form, 'client_secret')
  const assertion = single(form, 'client_assertion') ?? single(form, 'client_assertion_type')
  if (authorization !== undefined) {
    // RFC 6749 §2.3: not more than one method in each request.
    if (formSecret !== undefined || assertion !== undefined)
      throw new OAuthError('invalid_request', 'use one client authentication method, not two', {
        why: { check: 'client_authentication_twice' },
      })
    const basic = readBasic(authorization)
    if (basic === undefined) throw refusal({ check: 'client_authentication_malformed' })
    if (formId !== undefined && formId !== basic.clientId)
      throw new OAuthError('invalid_request', 'client_id is not the authenticated client', {
        why: {
          check: 'client_id_differs',
          expected: { client_id: basic.clientId },
          received: { client_id: formId },
        },
      })
    return basic
  }
  if (assertion !== undefined) throw refusal({ check: 'client_assertion_unsupported' })
  if (formId === undefined) throw refusal({ check: 'client_authentication_missing' })
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

function refusal(why: Why): OAuthError {
  return new OAuthError('invalid_client', 'client authentication failed', {
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="signet", charset="UTF-8"' },
    why,
  })
}
