/** Why a token was not accepted; the codes are stable and meant for logs and metrics. */
export type TokenErrorCode =
  | 'token_too_large'
  | 'malformed'
  | 'wrong_type'
  | 'algorithm_not_allowed'
  | 'critical_header'
  | 'missing_claim'
  | 'invalid_claim'
  | 'wrong_issuer'
  | 'wrong_audience'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'unknown_key'
  | 'bad_signature'
  | 'keys_unavailable'

/**
 * Thrown by a verifier. `keys_unavailable` says nothing about the token: the issuer's keys could not be
 * had, and `retryAfterSeconds` tells when the next attempt may help. Every other code is a refusal.
 */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  readonly code: TokenErrorCode
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: TokenErrorCode,
    detail: string,
    options: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(`${code}: ${detail}`, { cause: options.cause })
    this.code = code
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}
