import { compactVerify, createLocalJWKSet } from 'jose'
import { type OutboundFetch, createOutboundFetch } from '../../platform/outbound/fetch.ts'
import { remembered } from '../../platform/outbound/remembered.ts'
import { recordOf } from '../../platform/record.ts'
import { createKeyDocuments } from './keys.ts'
import { type Provider, isLoopbackProvider } from './provider.ts'
import { messageOf } from './refusal.ts'
import { isSubject } from './subject.ts'

/** What a provider tells of one of its people (RFC 8417, OpenID RISC 1.0). */
export interface SecurityEvent {
  readonly jti: string
  readonly subject: string
  readonly issuedAt: Date
  /** Kinds of events whose sessions are to end; empty for news that end nothing. */
  readonly ends: readonly string[]
}

/** Why a token is not taken: RFC 8935 §2.4. */
export type DeliveryError =
  'invalid_request' | 'invalid_key' | 'invalid_issuer' | 'invalid_audience'

export type SecurityEventCheck =
  | { readonly kind: 'event'; readonly event: SecurityEvent }
  /** A genuine token about no person: the provider tests the connection. */
  | { readonly kind: 'nobody' }
  | { readonly kind: 'invalid'; readonly err: DeliveryError; readonly reason: string }
  /** The provider's keys cannot be had: it should send the event again. */
  | { readonly kind: 'unavailable'; readonly reason: string }

const PREFIX = 'https://schemas.openid.net/secevent/'
/** After these, a session may be somebody else's. */
const ENDING: ReadonlySet<string> = new Set([
  `${PREFIX}risc/event-type/sessions-revoked`,
  `${PREFIX}risc/event-type/account-disabled`,
  `${PREFIX}oauth/event-type/tokens-revoked`,
])
const DOCUMENT = { ttlMs: 3_600_000, retryMs: 1000, maxRetryMs: 30_000 }
/** Anybody may send us tokens. Whatever is in them, we ask the provider for its keys no more often than this. */
const KEYS_MS = 30_000
const KEYS = { ttlMs: KEYS_MS, retryMs: 1000, maxRetryMs: KEYS_MS }

/** What a Date can hold. */
const MAX_SECONDS = 8.64e12

type Claims = Readonly<Record<string, unknown>>
type VerifyKey = ReturnType<typeof createLocalJWKSet>

/** The provider's keys cannot be had: which is no fault of the token. */
class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable'
}

/** Checks security event tokens of one provider, by the keys of its own configuration document. */
export function createSecurityEvents(
  provider: Provider,
  now: () => number = () => performance.now(),
): (token: string) => Promise<SecurityEventCheck> {
  const outbound = createOutboundFetch({ loopback: isLoopbackProvider(provider) })
  const documents = createKeyDocuments(outbound)
  const address = `${provider.issuer}/.well-known/risc-configuration`
  const configuration = remembered(async () => jsonFrom(outbound, address), DOCUMENT)
  let forgotten = Number.NEGATIVE_INFINITY

  const keysAt = (uri: string) => ({
    uri,
    keys: remembered(async () => verifyKeyOf(await jsonFrom(documents.fetch, uri)), KEYS, now),
  })
  let known = keysAt('')

  async function payloadOf(token: string, uri: string): Promise<Claims> {
    if (known.uri !== uri) known = keysAt(uri)
    const verified = async () => {
      const key = await known.keys.get().catch((error: unknown) => {
        throw new KeysUnavailable(messageOf(error))
      })
      return compactVerify(token, key, { algorithms: ['RS256'] })
    }
    const { payload } = await verified().catch(async (error: unknown) => {
      const isUnknown = error instanceof Error && error.name === 'JWKSNoMatchingKey'
      if (!isUnknown || now() < forgotten + KEYS_MS) throw error
      forgotten = now()
      documents.forget()
      known = keysAt(uri)
      return verified()
    })
    return recordOf(JSON.parse(new TextDecoder().decode(payload)))
  }

  return async (token) => {
    const told = await configuration.get().catch((error: unknown) => messageOf(error))
    if (typeof told === 'string') return { kind: 'unavailable', reason: told }
    const { issuer, jwks_uri: uri } = told
    if (typeof issuer !== 'string' || typeof uri !== 'string')
      return { kind: 'unavailable', reason: 'the configuration names no issuer or no keys' }
    let claims: Claims
    try {
      claims = await payloadOf(token, uri)
    } catch (error) {
      const reason = messageOf(error)
      if (error instanceof KeysUnavailable) return { kind: 'unavailable', reason }
      return invalid(keyFault(error), reason)
    }
    return readSecurityEvent(claims, { issuer, provider })
  }
}

/** What a verified token says. RFC 8417 §2.2: it has no end by `exp`, since what happened has happened. */
function readSecurityEvent(
  { iss, aud, iat, jti, events }: Claims,
  { issuer, provider }: { readonly issuer: string; readonly provider: Provider },
): SecurityEventCheck {
  if (iss !== issuer) return invalid('invalid_issuer', 'iss is another issuer')
  const audiences: unknown[] = Array.isArray(aud) ? aud : [aud]
  if (!audiences.includes(provider.clientId))
    return invalid('invalid_audience', 'aud is another client')
  if (typeof jti !== 'string' || jti === '' || jti.length > 512)
    return invalid('invalid_request', 'jti is missing')
  if (typeof iat !== 'number' || !(Math.abs(iat) < MAX_SECONDS))
    return invalid('invalid_request', 'iat is missing')
  // Without events it is another kind of token, such as an ID token of the same keys.
  if (typeof events !== 'object' || events === null || Array.isArray(events))
    return invalid('invalid_request', 'there are no events')
  const own = Object.entries(events)
    .map(([type, event]) => ({ type, subject: recordOf(recordOf(event)['subject']) }))
    .filter(({ subject: { iss: of, sub } }) => isSubject(sub) && isOwn(of, provider.issuer))
  const subject = (own.find(({ type }) => ENDING.has(type)) ?? own[0])?.subject['sub']
  if (!isSubject(subject)) return { kind: 'nobody' }
  // What the same token tells of somebody else ends nothing of this person's.
  const ends = own
    .filter((one) => ENDING.has(one.type) && one.subject['sub'] === subject)
    .map(({ type }) => type)
  return { kind: 'event', event: { jti, subject, issuedAt: new Date(iat * 1000), ends } }
}

const invalid = (err: DeliveryError, reason: string) => ({ kind: 'invalid', err, reason }) as const

const KEY_FAULTS = new Set([
  'JWSSignatureVerificationFailed',
  'JWKSNoMatchingKey',
  'JOSEAlgNotAllowed',
])

/** Whether it is the signature, or no token at all. */
function keyFault(error: unknown): DeliveryError {
  const isKey = error instanceof Error && KEY_FAULTS.has(error.name)
  return isKey ? 'invalid_key' : 'invalid_request'
}

/** Google writes its issuer with and without scheme and slash. */
function isOwn(issuer: unknown, own: string): boolean {
  return typeof issuer === 'string' && bare(issuer) === bare(own)
}

const bare = (issuer: string) => issuer.replace(/^https:\/\//, '').replace(/\/$/, '')

async function jsonFrom(fetch: OutboundFetch, url: string): Promise<Claims> {
  const answer = await fetch(url)
  if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}`)
  return recordOf(await answer.json())
}

function verifyKeyOf(document: Claims): VerifyKey {
  return createLocalJWKSet(document as unknown as { keys: [] })
}
