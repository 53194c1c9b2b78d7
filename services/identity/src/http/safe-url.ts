const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])
// Schemes that run code or read local data in our own page's name when followed as a link.
const unfollowable = new Set(['javascript:', 'vbscript:', 'data:', 'blob:', 'file:', 'about:'])

function parse(value: string | undefined): URL | undefined {
  if (value === undefined) return undefined
  try {
    return new URL(value)
  } catch {
    return undefined
  }
}

/** The URL if it is https, or http on a loopback host; registrations may hold anything (RFC 7591 §5). */
export function webUrl(value: string | undefined): string | undefined {
  const url = parse(value)
  if (url?.protocol === 'https:') return url.href
  return url?.protocol === 'http:' && loopback.has(url.hostname) ? url.href : undefined
}

/** The value unless following it would run code; native applications may own a scheme (RFC 8252 §7.1). */
export function followableUrl(value: string | undefined): string | undefined {
  const url = parse(value)
  return url === undefined || unfollowable.has(url.protocol) ? undefined : value
}
