import { compactVerify, type CryptoKey, type JWK } from 'jose'
import { platformFetch, type Fetch } from './bounded-fetch.ts'
import { isSafeUrl } from './loopback.ts'
import { checkClaims, checkTimes, type AccessToken } from './verify/access-token.ts'
import { createIssuerKeys } from './verify/issuer-keys.ts'
import { createKeyCache, type FindKey } from './verify/key-cache.ts'
import { assertAsymmetric, buildKeySet, keyName } from './verify/key-set.ts'
import { MAX_TOKEN_LENGTH, parseToken } from './verify/parse-token.ts'
import { TokenError } from './verify/token-error.ts'
import { createVerifiedTokens } from './verify/verified-tokens.ts'

export type { Fetch } from './bounded-fetch.ts'
export type { AccessToken } from './verify/access-token.ts'
export { TokenError, type TokenErrorCode } from './verify/token-error.ts'

export interface VerifierOptions {
  /** The `iss` of every token, byte for byte, and the place where the keys are found. */
  readonly issuer: string
  /** This API's identifier, which a token must hold in `aud`. */
  readonly audience: string
  /** Fixed public keys; nothing is fetched then. */
  readonly jwks?: { readonly keys: readonly JWK[] }
  /** Where the issuer's keys are, when discovery is not wanted. */
  readonly jwksUri?: string
  readonly algorithms?: readonly string[]
  readonly fetch?: Fetch
  /** Milliseconds since the epoch. */
  readonly clock?: () => number
}

export interface Verifier {
  /** Resolves to what a valid access token says; rejects with a {@link TokenError} otherwise. */
  verify(token: string): Promise<AccessToken>
}

// Two machines' clocks; more would only lengthen the life of tokens.
const TOLERANCE_SECONDS = 5

/**
 * Makes a verifier of JWT access tokens (RFC 9068) that trusts the configured issuer's published keys and
 * nothing else. Throws TypeError for options that could never be safe; asks the network first when the
 * first token comes.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const { issuer, audience, algorithms = ['RS256'], clock = Date.now } = options
  assertAsymmetric(algorithms)
  for (const url of [issuer, ...(options.jwksUri === undefined ? [] : [options.jwksUri])]) {
    if (!isSafeUrl(new URL(url))) throw new TypeError(`${url} must be https`)
  }
  if (audience === '') throw new TypeError('audience is empty')

  const findKey = keySource(options, algorithms)
  const verified = createVerifiedTokens()
  const expected = { issuer, audience, toleranceSeconds: TOLERANCE_SECONDS }

  async function keyFor(kid: string, alg: string): Promise<CryptoKey> {
    const found = await findKey(kid, alg)
    if (found.status === 'found') return found.key
    if (found.status === 'unknown') throw new TokenError('unknown_key', 'kid')
    const { retryAfterSeconds, cause } = found
    throw new TokenError('keys_unavailable', issuer, { retryAfterSeconds, cause })
  }

  async function recall(text: string): Promise<AccessToken | undefined> {
    // Even looking a text up costs time in its length.
    if (text.length > MAX_TOKEN_LENGTH) return undefined
    const hit = verified.get(text)
    if (hit === undefined) return undefined
    const verdict = checkTimes(hit.token, TOLERANCE_SECONDS, clock() / 1000)
    if (verdict.ok && (await keyFor(hit.kid, hit.alg)) === hit.key) return hit.token
    verified.delete(text)
    return undefined
  }

  return {
    async verify(text) {
      const known = await recall(text)
      if (known !== undefined) return known

      const result = parseToken(text, algorithms)
      if (!result.ok) throw new TokenError(result.code, result.detail)
      const { kid, alg, claims } = result.parsed
      // Claims come first: a token that could never pass must not cause a fetch of keys.
      const verdict = checkClaims(claims, expected, clock() / 1000)
      if (!verdict.ok) throw new TokenError(verdict.code, verdict.detail)

      const key = await keyFor(kid, alg)
      try {
        await compactVerify(text, key, { algorithms: [alg] })
      } catch (cause) {
        throw new TokenError('bad_signature', alg, { cause })
      }
      verified.set(text, { token: verdict.token, kid, alg, key })
      return verdict.token
    },
  }
}

function keySource(options: VerifierOptions, algorithms: readonly string[]): FindKey {
  const { issuer, jwks, jwksUri, fetch = platformFetch, clock } = options
  if (jwks !== undefined) {
    const building = buildKeySet(jwks.keys, algorithms)
    return async (kid, alg) => {
      const entry = (await building).get(keyName(alg, kid))
      return entry === undefined ? { status: 'unknown' } : { status: 'found', key: entry.key }
    }
  }
  return createKeyCache({
    load: createIssuerKeys({ issuer, jwksUri, fetch }),
    algorithms,
    monotonic: clock ?? (() => performance.now()),
  })
}
