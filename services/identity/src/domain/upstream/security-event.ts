import { compactVerify, createLocalJWKSet } from 'jose'
import { type OutboundFetch, createOutboundFetch } from '../../platform/outbound/fetch.ts'
import { remembered } from '../../platform/outbound/remembered.ts'
import { createKeyDocuments } from './keys.ts'
import { type Provider, isLoopbackProvider } from './provider.ts'
import { messageOf } from './refusal.ts'

/** What a provider tells of one of its people (RFC 8417, OpenID RISC 1.0). */
export interface SecurityEvent {
  readonly jti: string
  readonly subject: string
  /** Kinds of events whose sessions are to end; empty for news that end nothing. */
  readonly ends: readonly string[]
}

export type SecurityEventCheck =
  | { readonly kind: 'event'; readonly event: SecurityEvent }
  /** It is the provider's, and speaks of nobody: a trial of the connection. */
  | { readonly kind: 'nobody' }
  | { readonly kind: 'invalid'; readonly reason: string }
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
/** Anybody may send us a token with an unknown key; the provider is not asked more often for that. */
const FORGET_MS = 30_000

type Claims = Readonly<Record<string, unknown>>

/** Checks security event tokens of one provider, by the keys of its own configuration document. */
export function createSecurityEvents(
  provider: Provider,
  now: () => number = () => performance.now(),
): (token: string) => Promise<SecurityEventCheck> {
  const outbound = createOutboundFetch({ loopback: isLoopbackProvider(provider) })
  const keys = createKeyDocuments(outbound)
  const address = `${provider.issuer}/.well-known/risc-configuration`
  const configuration = remembered(async () => jsonFrom(outbound, address), DOCUMENT)
  let forgotten = Number.NEGATIVE_INFINITY

  async function payloadOf(token: string, uri: string): Promise<Claims> {
    const verified = async () => {
      const jwks = (await jsonFrom(keys.fetch, uri)) as unknown as { keys: [] }
      const options = { algorithms: ['RS256'] }
      return compactVerify(token, createLocalJWKSet(jwks), options)
    }
    const { payload } = await verified().catch(async (error: unknown) => {
      const isUnknown = error instanceof Error && error.name === 'JWKSNoMatchingKey'
      if (!isUnknown || now() < forgotten + FORGET_MS) throw error
      forgotten = now()
      keys.forget()
      return verified()
    })
    return recordOf(JSON.parse(new TextDecoder().decode(payload)))
  }

  return async (token) => {
    const known = await configuration.get().catch((error: unknown) => messageOf(error))
    if (typeof known === 'string') return { kind: 'unavailable', reason: known }
    const { issuer, jwks_uri: uri } = known
    if (typeof issuer !== 'string' || typeof uri !== 'string')
      return { kind: 'unavailable', reason: 'the configuration names no issuer or no keys' }
    let claims: Claims
    try {
      claims = await payloadOf(token, uri)
    } catch (error) {
      const isTheirs = error instanceof Error && error.name === 'OutboundError'
      return { kind: isTheirs ? 'unavailable' : 'invalid', reason: messageOf(error) }
    }
    return readSecurityEvent(claims, { issuer, provider })
  }
}

/** What a verified token says. RFC 8417 §2.2: it has no end by `exp`, since what happened has happened. */
export function readSecurityEvent(
  { iss, aud, jti, events }: Claims,
  { issuer, provider }: { readonly issuer: string; readonly provider: Provider },
): SecurityEventCheck {
  if (iss !== issuer) return { kind: 'invalid', reason: 'iss is another issuer' }
  const audiences: unknown[] = Array.isArray(aud) ? aud : [aud]
  if (!audiences.includes(provider.clientId))
    return { kind: 'invalid', reason: 'aud is another client' }
  if (typeof jti !== 'string' || jti === '' || jti.length > 512)
    return { kind: 'invalid', reason: 'jti is missing' }
  // Without events it is another kind of token, such as an ID token of the same keys.
  if (typeof events !== 'object' || events === null)
    return { kind: 'invalid', reason: 'there are no events' }
  const all = Object.entries(events).map(([type, event]) => [type, recordOf(event)] as const)
  const subjects = all.map(([, { subject }]) => recordOf(subject))
  const own = subjects.find(
    ({ iss: of, sub }) => typeof sub === 'string' && isOwn(of, provider.issuer),
  )
  if (typeof own?.['sub'] !== 'string') return { kind: 'nobody' }
  const ends = all.map(([type]) => type).filter((type) => ENDING.has(type))
  return { kind: 'event', event: { jti, subject: own['sub'], ends } }
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

function recordOf(value: unknown): Claims {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
