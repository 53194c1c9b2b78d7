import type { AccessToken } from '../verify.ts'

export interface RequireAcrOptions {
  /** Seconds since the person last signed in or showed a further factor, at most. */
  readonly maxAge?: number
}

/** How well, and how lately, a person must have proved who they are. RFC 9470 §3 */
export interface AuthenticationNeed {
  /** Any of these will do; the least of them first. */
  readonly acrValues: readonly string[]
  readonly maxAgeSeconds: number | undefined
}

// Characters of a value in a space-separated list that needs no escaping in a quoted string. RFC 6750 §3
const ACR = /^[\x21\x23-\x5b\x5d-\x7e]+$/

// Two machines' clocks, as for the other times of a token.
const TOLERANCE_SECONDS = 5

/**
 * Makes the need of a route: the level named or any above it, where `levels` lists what the issuer has, the
 * weakest first. A value that is in no list stands for itself. Throws TypeError for what could never be met.
 */
export function authenticationNeed(
  levels: readonly string[],
  acr: string,
  { maxAge }: RequireAcrOptions = {},
): AuthenticationNeed {
  const from = levels.indexOf(acr)
  const acrValues = from < 0 ? [acr] : levels.slice(from)
  for (const value of acrValues)
    if (!ACR.test(value)) throw new TypeError(`${JSON.stringify(value)} is no acr value`)
  // "a non-negative integer". RFC 9470 §3
  if (maxAge !== undefined && !(Number.isSafeInteger(maxAge) && maxAge >= 0))
    throw new TypeError('maxAge must be a whole number of seconds')
  return { acrValues, maxAgeSeconds: maxAge }
}

/** Decides whether a token's authentication will do. One that does not say how or when it was will not. */
export function isAuthenticatedEnough(
  { acr, authTime }: Pick<AccessToken, 'acr' | 'authTime'>,
  { acrValues, maxAgeSeconds }: AuthenticationNeed,
  nowSeconds: number,
): boolean {
  if (acr === undefined || !acrValues.includes(acr)) return false
  if (maxAgeSeconds === undefined) return true
  // A sign-in that lies ahead would stay recent for as long as somebody wishes.
  if (authTime === undefined || authTime > nowSeconds + TOLERANCE_SECONDS) return false
  return nowSeconds - authTime <= maxAgeSeconds
}
