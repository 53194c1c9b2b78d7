export type BearerCredentials =
  | { readonly status: 'absent' }
  | { readonly status: 'malformed'; readonly reason: string }
  | { readonly status: 'present'; readonly token: string }

// RFC 6750 §2.1: credentials = "Bearer" 1*SP b64token; the scheme's case does not matter (RFC 9110 §11.1).
const BEARER = /^bearer(?: +(.*))?$/i
const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/

/**
 * Finds the access token of a request, in its Authorization headers and nowhere else: a token in the URL
 * lands in logs and histories (RFC 9700 §4.3.2), one in a form body is not supported.
 */
export function bearerToken(values: readonly string[], query: URLSearchParams): BearerCredentials {
  if (query.has('access_token')) {
    return { status: 'malformed', reason: 'an access token in the URL is not accepted' }
  }
  // More than one way or one token at a time is invalid_request. RFC 6750 §3.1
  if (values.length > 1)
    return { status: 'malformed', reason: 'more than one Authorization header' }
  const match = BEARER.exec(values[0]?.trim() ?? '')
  if (match === null) return { status: 'absent' }
  const token = match[1] ?? ''
  return B64TOKEN.test(token)
    ? { status: 'present', token }
    : { status: 'malformed', reason: 'the Authorization header holds no single bearer token' }
}

/** Every Authorization header of a request: of two, Node.js silently keeps only the first anywhere but here. */
export function authorizationHeaders(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'authorization',
  )
}

/** The query of a request target, from its first question mark on. */
export function queryOf(url: string): URLSearchParams {
  const at = url.indexOf('?')
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1))
}
