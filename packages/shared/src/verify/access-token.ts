import type { TokenErrorCode } from './token-error.ts'

/** What an API learns from a valid access token. Frozen, since one object may serve many requests. */
export interface AccessToken {
  readonly sub: string
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly roles: readonly string[]
  readonly jti: string
  /** Seconds since the epoch, as all times of a token. */
  readonly expiresAt: number
  readonly acr: string | undefined
  readonly amr: readonly string[]
  readonly authTime: number | undefined
  /** Every claim as it came. */
  readonly claims: Readonly<Record<string, unknown>>
}

export interface Expectations {
  readonly issuer: string
  readonly audience: string
  readonly toleranceSeconds: number
}

export type ClaimsVerdict =
  | { readonly ok: true; readonly token: AccessToken }
  | { readonly ok: false; readonly code: TokenErrorCode; readonly detail: string }

const refuse = (code: TokenErrorCode, detail: string): ClaimsVerdict => ({
  ok: false,
  code,
  detail,
})

// RFC 9068 §2.2 makes these REQUIRED beside iss and aud, which are checked by value.
const REQUIRED_STRINGS = ['sub', 'client_id', 'jti'] as const
const REQUIRED_TIMES = ['exp', 'iat'] as const

/** Decides on the claims of an access token (RFC 9068 §4, RFC 7519 §4.1); says nothing of its signature. */
export function checkClaims(
  claims: Readonly<Record<string, unknown>>,
  expected: Expectations,
  nowSeconds: number,
): ClaimsVerdict {
  for (const name of ['iss', 'aud', ...REQUIRED_STRINGS, ...REQUIRED_TIMES]) {
    if (claims[name] === undefined) return refuse('missing_claim', name)
  }
  // One string, compared whole: an array of issuers that holds the right one is still a refusal. RFC 9068 §4
  if (claims['iss'] !== expected.issuer) return refuse('wrong_issuer', 'iss')

  const { aud } = claims
  const audiences = typeof aud === 'string' ? [aud] : aud
  if (!isStringArray(audiences)) return refuse('invalid_claim', 'aud')
  if (!audiences.includes(expected.audience)) return refuse('wrong_audience', 'aud')

  for (const name of REQUIRED_STRINGS) {
    if (typeof claims[name] !== 'string' || claims[name] === '')
      return refuse('invalid_claim', name)
  }
  const { sub, client_id: clientId, jti, exp, iat, nbf, auth_time: authTime } = claims
  if (!isTime(exp)) return refuse('invalid_claim', 'exp')
  if (!isTime(iat)) return refuse('invalid_claim', 'iat')
  if (nbf !== undefined && !isTime(nbf)) return refuse('invalid_claim', 'nbf')
  if (authTime !== undefined && !isTime(authTime)) return refuse('invalid_claim', 'auth_time')

  const { scope = '', roles = [], amr = [], acr } = claims
  if (typeof scope !== 'string') return refuse('invalid_claim', 'scope')
  if (!isStringArray(roles)) return refuse('invalid_claim', 'roles')
  if (!isStringArray(amr)) return refuse('invalid_claim', 'amr')
  if (acr !== undefined && typeof acr !== 'string') return refuse('invalid_claim', 'acr')

  const token: AccessToken = {
    sub: String(sub),
    clientId: String(clientId),
    // Scope values are separated by single spaces; a repeated one means nothing more. RFC 6749 §3.3
    scopes: [...new Set(scope.split(' ').filter((value) => value !== ''))],
    roles,
    jti: String(jti),
    expiresAt: exp,
    acr,
    amr,
    authTime,
    claims,
  }
  return checkTimes(deepFreeze(token), expected.toleranceSeconds, nowSeconds)
}

/** Decides again on the times alone, for a token whose other claims were found good before. */
export function checkTimes(
  token: AccessToken,
  toleranceSeconds: number,
  nowSeconds: number,
): ClaimsVerdict {
  // "on or after" the time given the token is no longer accepted. RFC 7519 §4.1.4
  if (nowSeconds - toleranceSeconds >= token.expiresAt) return refuse('token_expired', 'exp')
  for (const name of ['nbf', 'iat']) {
    const notBefore = token.claims[name]
    if (typeof notBefore === 'number' && notBefore > nowSeconds + toleranceSeconds) {
      return refuse('token_not_yet_valid', name)
    }
  }
  return { ok: true, token }
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isStringArray(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const member of Object.values(value)) deepFreeze(member)
  }
  return value
}
