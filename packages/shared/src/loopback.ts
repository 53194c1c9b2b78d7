const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Tells whether a URL may be spoken to: https anywhere, plain http only on this machine. */
export function isSafeUrl(url: URL): boolean {
  return url.protocol === 'https:' || isLoopbackHttp(url)
}

/** Tells whether a URL is plain http on this machine, where `Secure` cookies cannot be set. */
export function isLoopbackHttp(url: URL): boolean {
  return url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname)
}
