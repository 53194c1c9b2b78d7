import * as oauth from 'oauth4webapi'

/**
 * `denied`: the user or the issuer said no at the authorization endpoint. `ended`: the grant is over.
 * `invalid`: the answer broke the protocol or was meant for somebody else. `unavailable`: the issuer
 * could not answer, which says nothing about the user.
 */
export type ProviderErrorKind = 'denied' | 'ended' | 'invalid' | 'unavailable'

export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly kind: ProviderErrorKind

  constructor(kind: ProviderErrorKind, detail: string, cause?: unknown) {
    super(`${kind}: ${detail}`, { cause })
    this.kind = kind
  }
}

const TEMPORARY = new Set(['temporarily_unavailable', 'server_error'])

/** Sorts what can go wrong at an issuer by what it means for the person. */
export function toProviderError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error
  if (error instanceof oauth.AuthorizationResponseError) {
    const kind = TEMPORARY.has(error.error) ? 'unavailable' : 'denied'
    return new ProviderError(kind, error.error, error)
  }
  if (error instanceof oauth.ResponseBodyError) {
    // Only this one says that the grant is over; a wrong client secret or a limit must sign nobody out.
    const kind = error.error === 'invalid_grant' ? 'ended' : 'unavailable'
    return new ProviderError(kind, error.error, error)
  }
  if (error instanceof oauth.OperationProcessingError) {
    // An answer of another form or status comes from a proxy in front, or from an issuer in trouble.
    const broken =
      error.code === oauth.RESPONSE_IS_NOT_CONFORM ||
      error.code === oauth.RESPONSE_IS_NOT_JSON ||
      error.code === oauth.PARSE_ERROR
    return new ProviderError(broken ? 'unavailable' : 'invalid', error.code ?? 'protocol', error)
  }
  if (error instanceof oauth.WWWAuthenticateChallengeError) {
    return new ProviderError('unavailable', `status ${error.status}`, error)
  }
  if (error instanceof oauth.UnsupportedOperationError) {
    return new ProviderError('invalid', 'not supported', error)
  }
  return new ProviderError('unavailable', 'no answer', error)
}
