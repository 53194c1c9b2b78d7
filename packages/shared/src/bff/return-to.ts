const MAX_LENGTH = 2048

/**
 * Decides where the browser goes after sign-in: the wished path if it stays on this very site, else the
 * front page. Answers an absolute URL under `baseUrl`, so that no reading of the path by a browser can lead
 * elsewhere (`//host`, `/\host`, `/..//host`).
 */
export function returnUrl(wish: unknown, baseUrl: string): string {
  const home = new URL('/', baseUrl)
  if (typeof wish !== 'string' || wish.length > MAX_LENGTH) return home.href
  // One slash, then no second one; no backslash, space or control character, which URL parsers rewrite.
  if (!/^\/(?!\/)[^\\\s\p{Cc}]*$/u.test(wish)) return home.href
  if (!URL.canParse(wish, home.href)) return home.href
  const target = new URL(wish, home)
  // Back into the sign-in routes would be a loop.
  const loops = target.pathname === '/bff' || target.pathname.startsWith('/bff/')
  return target.origin === home.origin && !loops ? target.href : home.href
}
