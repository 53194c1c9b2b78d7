import { decodedPart } from '../../platform/crypto/jws.ts'
import { span } from './explain-time.ts'
import { type Facts, shownText } from './shown.ts'
import type { Why } from './why.ts'

export interface TokenQuestion {
  readonly token: string
  readonly issuer: string
  /** The client that shows it, where that is known. */
  readonly clientId?: string
  readonly now: Date
}

/**
 * What a token says of itself, believed by nobody: no signature was checked. Never the token, its subject or its id.
 */
interface Said {
  readonly typ: string | undefined
  readonly issuer: string | undefined
  readonly audience: string | undefined
  readonly issuedAt: Date | undefined
  readonly notBefore: Date | undefined
  readonly expiresAt: Date | undefined
}

const MAX_TOKEN_CHARACTERS = 8192
/** Clocks of machines differ by about this much at worst. */
const SKEW_MS = 5000

/** Why a Bearer token is not worth anything here. */
export function explainAccessToken(question: TokenQuestion): Why {
  const { issuer, now } = question
  const said = saidBy(question.token)
  const check = 'access_token_invalid'
  const expected: Facts = { typ: 'at+jwt', issuer }
  if (said === undefined)
    return { check, expected, advice: 'It is no JWT: a refresh token, a code, or cut off.' }
  const received = factsOf(said, now)
  const refused = (advice: string): Why => ({ check, expected, received, advice })
  if (said.issuer !== issuer)
    return refused('It names another issuer. Ask the issuer that made it, or compare ISSUER.')
  if (said.typ === 'JWT')
    return refused('It is an ID token, which is for the client only. Send the access_token.')
  if (said.typ !== 'at+jwt') return refused('Its typ says that it is no access token.')
  const early = [said.issuedAt, said.notBefore].find(
    (at) => at !== undefined && at.getTime() > now.getTime() + SKEW_MS,
  )
  if (early !== undefined)
    return refused(`It is of a time ${span(now, early)} ahead: compare the clocks.`)
  if (said.expiresAt !== undefined && said.expiresAt <= now)
    return {
      check: 'access_token_expired',
      received,
      advice: `It expired ${span(said.expiresAt, now)} ago by the clock of this service. Refresh it a little before expires_in is over.`,
    }
  return refused('It was changed, signed by a key that is not known here, or has been revoked.')
}

/** Why an id_token_hint was not taken. Its age never is the reason (RP-Initiated Logout 1.0 §2). */
export function explainIdTokenHint(question: TokenQuestion): Why {
  const { issuer, clientId, now } = question
  const said = saidBy(question.token)
  const check = 'id_token_hint_invalid'
  const expected: Facts = {
    typ: 'JWT',
    issuer,
    ...(clientId !== undefined && { audience: clientId }),
  }
  if (said === undefined)
    return { check, expected, advice: 'It is no JWT. Send the id_token as it came.' }
  const received = factsOf(said, now)
  const refused = (advice: string): Why => ({ check, expected, received, advice })
  if (said.issuer !== issuer)
    return refused('It names another issuer. Send an ID token of this one.')
  if (said.typ === 'at+jwt') return refused('It is an access token. Send the id_token.')
  if (clientId !== undefined && said.audience !== clientId)
    return refused('It was issued to another client. Send the one that this client got.')
  return refused('It was changed, or signed by a key that is not known here any more.')
}

function factsOf(said: Said, now: Date): Facts {
  return {
    ...(said.typ !== undefined && { typ: shownText(said.typ) }),
    ...(said.issuer !== undefined && { issuer: shownText(said.issuer) }),
    ...(said.audience !== undefined && { audience: shownText(said.audience) }),
    ...(said.issuedAt !== undefined && { issued_at: said.issuedAt.toISOString() }),
    ...(said.expiresAt !== undefined && { expires_at: said.expiresAt.toISOString() }),
    now: now.toISOString(),
  }
}

function saidBy(token: string): Said | undefined {
  if (token.length > MAX_TOKEN_CHARACTERS) return undefined
  const parts = token.split('.')
  const header = decodedPart(parts[0] ?? '')
  const claims = decodedPart(parts[1] ?? '')
  if (parts.length !== 3 || header === undefined || claims === undefined) return undefined
  return {
    typ: textOf(header['typ']),
    issuer: textOf(claims['iss']),
    audience: textOf(claims['aud']),
    issuedAt: timeOf(claims['iat']),
    notBefore: timeOf(claims['nbf']),
    expiresAt: timeOf(claims['exp']),
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** NumericDate of RFC 7519 §2, where it is a time at all. */
function timeOf(value: unknown): Date | undefined {
  if (typeof value !== 'number') return undefined
  const at = new Date(value * 1000)
  return Number.isNaN(at.getTime()) ? undefined : at
}
