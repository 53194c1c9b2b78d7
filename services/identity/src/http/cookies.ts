import type { CookieSerializeOptions } from '@fastify/cookie'

export interface CookieJar {
  readonly session: string
  readonly browser: string
  readonly device: string
  readonly options: CookieSerializeOptions
}

/**
 * Names and attributes of our cookies. Lax, since every application sends people here from another site; the
 * `__Host-` prefix keeps sibling hosts from setting them. Plain http on loopback can have neither prefix nor Secure.
 */
export function cookieJar(issuer: URL): CookieJar {
  const secure = issuer.protocol === 'https:'
  const prefix = secure ? '__Host-' : ''
  return {
    session: `${prefix}signet_session`,
    browser: `${prefix}signet_browser`,
    device: `${prefix}signet_device`,
    options: { path: '/', httpOnly: true, sameSite: 'lax', secure },
  }
}
