/** A redirect URI that this client has registered; only this file makes one, so no answer can go elsewhere. */
export type ValidatedRedirectUri = string & { readonly __brand: 'ValidatedRedirectUri' }

/** RFC 8252 §7.3: native apps listen on a port they cannot choose beforehand; IP literals only, never `localhost` (§8.3). */
const LOOPBACK = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::(\d{1,5}))?((?:[/?].*)?)$/

function withoutLoopbackPort(uri: string): string | undefined {
  const match = LOOPBACK.exec(uri)
  if (match === null || Number(match[2] ?? 0) > 65_535) return undefined
  return `${match[1]}${match[3]}`
}

/**
 * Matches by string equality (RFC 9700 §2.1); the port is free for loopback literals only. No URL parser takes
 * part in the decision: what parsers disagree on is what attackers use.
 */
export function matchRedirectUri(
  registered: readonly string[],
  asked: string,
): ValidatedRedirectUri | undefined {
  if (registered.includes(asked)) return asked as ValidatedRedirectUri
  const portless = withoutLoopbackPort(asked)
  if (portless === undefined) return undefined
  const known = registered.some((uri) => withoutLoopbackPort(uri) === portless)
  return known ? (asked as ValidatedRedirectUri) : undefined
}

/** Why a URI may not be registered as a redirect URI, or undefined when it may. */
export function redirectUriFault(uri: string): string | undefined {
  let url: URL
  try {
    url = new URL(uri)
  } catch {
    return 'is not an absolute URI'
  }
  // `https:host/cb` parses too, and a browser that is sent there stays with us instead.
  if (/^https?:/i.test(uri) && !/^https?:\/\/[^/\\]/i.test(uri)) return 'is not an absolute URI'
  // RFC 6749 §3.1.2: an absolute URI without fragment.
  if (uri.includes('#')) return 'must not have a fragment'
  if (uri.includes('*')) return 'must not hold a wildcard: every redirect URI is compared whole'
  // eslint-disable-next-line no-control-regex -- the point is to refuse them
  if (/[\s\\\u0000-\u001f\u007f]/.test(uri))
    return 'must not hold spaces, backslashes or control characters'
  // RFC 3986 §2: and what is beyond ASCII cannot stand in a Location header.
  if (/[^\u0000-\u007f]/.test(uri))
    return 'must be ASCII: write the host in punycode, the rest percent-encoded'
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password'
  if (url.protocol === 'https:') return undefined
  if (url.protocol === 'http:')
    return isLoopbackHost(url.hostname) ? undefined : 'may use http for loopback hosts only'
  // RFC 8252 §7.1: private-use schemes are reversed domain names, so they hold a dot.
  if (url.protocol.includes('.')) return undefined
  return `must be https, http on a loopback host, or an app scheme with a dot, not ${url.protocol}`
}

export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  )
}
