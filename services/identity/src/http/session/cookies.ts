import type { CookieSerializeOptions } from '@fastify/cookie'
import { MAX_ACCOUNTS } from '../../domain/sessions/session.ts'

export interface CookieJar {
  readonly session: string
  readonly browser: string
  readonly device: string
  readonly language: string
  readonly trusted: string
  /** Begins the names of the cookies that visits to providers have; the other one names the last provider. */
  readonly upstream: string
  readonly lastProvider: string
  readonly passkeys: string
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
    language: `${prefix}signet_language`,
    trusted: `${prefix}signet_trusted`,
    upstream: `${prefix}signet_upstream`,
    lastProvider: `${prefix}signet_last_provider`,
    passkeys: `${prefix}signet_passkeys`,
    options: { path: '/', httpOnly: true, sameSite: 'lax', secure },
  }
}

/** What the session cookie holds: one secret value for each person signed in at the browser. */
export interface SessionTokens {
  /** Undefined when nobody is active though others are signed in. */
  readonly active: string | undefined
  readonly others: readonly string[]
}

const NOBODY: SessionTokens = { active: undefined, others: [] }
/** The active token, which may be missing, and the others after a dot each. */
const GRAMMAR = new RegExp(`^(?:[\\w-]{43}|(?=\\.))(?:\\.[\\w-]{43}){0,${MAX_ACCOUNTS - 1}}$`)

/** Reads the session cookie; what is not exactly as we write it is no cookie. */
export function readSessionTokens(cookie: string | undefined): SessionTokens {
  if (cookie === undefined || !GRAMMAR.test(cookie)) return NOBODY
  const [first = '', ...others] = cookie.split('.')
  if (new Set([first, ...others]).size <= others.length) return NOBODY
  return { active: first === '' ? undefined : first, others }
}

/** The session cookie; undefined when there is nothing to hold. */
export function writeSessionTokens({ active, others }: SessionTokens): string | undefined {
  if (active === undefined && others.length === 0) return undefined
  return [active ?? '', ...others].join('.')
}
