import type { FastifyReply, FastifyRequest } from 'fastify'
import { sha256 } from '../platform/crypto/hash.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import { randomToken } from '../platform/crypto/random.ts'
import type { CookieJar } from './cookies.ts'

/** The browser a request came from, by a random cookie that says nothing else. */
export interface Browsers {
  /** The binding value, if the browser sent one. */
  known(request: FastifyRequest): string | undefined
  /** The binding value; a browser without one gets one with this answer. */
  bind(request: FastifyRequest, reply: FastifyReply): string
  /** The CSRF token of this browser in its present session. */
  csrfToken(request: FastifyRequest, reply: FastifyReply): string
  csrfTokenMatches(request: FastifyRequest, token: string): boolean
  /** Whether the token was given to this browser before anybody signed in. */
  csrfTokenFromSignedOut(request: FastifyRequest, token: string): boolean
  /** SHA-256 of the session cookie, as the database holds it. */
  sessionTokenHash(request: FastifyRequest): string | undefined
  startSession(reply: FastifyReply, token: string, expiresAt: Date): void
  endSession(reply: FastifyReply): void
}

const TOKEN = /^[A-Za-z0-9_-]{43}$/
const made = Symbol('browser binding made with this answer')

export function createBrowsers(jar: CookieJar, ring: KeyRing): Browsers {
  const cookie = (request: FastifyRequest, name: string) => {
    const value = request.cookies[name]
    return value !== undefined && TOKEN.test(value) ? value : undefined
  }
  const known = (request: FastifyRequest & { [made]?: string }) =>
    cookie(request, jar.browser) ?? request[made]

  function bind(request: FastifyRequest & { [made]?: string }, reply: FastifyReply): string {
    const value = known(request) ?? randomToken()
    if (known(request) === undefined) {
      request[made] = value
      void reply.setCookie(jar.browser, value, jar.options)
    }
    return value
  }

  // Bound to the session too, so that a token from before a sign-in or sign-out is worthless after it.
  const csrfInput = (browser: string, session: string | undefined) =>
    `${browser} ${session ?? 'signed out'}`

  function matches(request: FastifyRequest, session: string | undefined, token: string): boolean {
    const browser = known(request)
    return browser !== undefined && ring.verifyMac('csrf', csrfInput(browser, session), token)
  }

  return {
    known,
    bind,
    csrfToken(request, reply) {
      return ring.mac('csrf', csrfInput(bind(request, reply), cookie(request, jar.session)))
    },
    csrfTokenMatches(request, token) {
      return matches(request, cookie(request, jar.session), token)
    },
    csrfTokenFromSignedOut(request, token) {
      return matches(request, undefined, token)
    },
    sessionTokenHash(request) {
      const token = cookie(request, jar.session)
      return token === undefined ? undefined : sha256(token)
    },
    startSession(reply, token, expires) {
      void reply.setCookie(jar.session, token, { ...jar.options, expires })
    },
    endSession(reply) {
      void reply.clearCookie(jar.session, jar.options)
    },
  }
}
