import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Everybody, type Session, sessionsOf } from '../../domain/sessions/session.ts'
import type { StartedSession } from '../../domain/sessions/sign-in.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { randomToken } from '../../platform/crypto/random.ts'
import {
  type CookieJar,
  type SessionTokens,
  readSessionTokens,
  writeSessionTokens,
} from './cookies.ts'

/** The browser a request came from, by a random cookie that says nothing else, and who is signed in at it. */
export interface Browsers {
  /** The binding value, if the browser sent one. */
  known(request: FastifyRequest): string | undefined
  /** The binding value; a browser without one gets one with this answer. */
  bind(request: FastifyRequest, reply: FastifyReply): string
  /** The CSRF token of this browser in its active session. */
  csrfToken(request: FastifyRequest, reply: FastifyReply): string
  csrfTokenMatches(request: FastifyRequest, token: string): boolean
  /** Whether the token was given to this browser while nobody was signed in at it. */
  csrfTokenFromSignedOut(request: FastifyRequest, token: string): boolean
  /** SHA-256 of the cookie value of the active session, as the database holds it. */
  sessionTokenHash(request: FastifyRequest): string | undefined
  /** The same of all sessions, the active one first. */
  sessionTokenHashes(request: FastifyRequest): readonly string[]
  /** Makes a new session the active one, beside those that this browser goes on with. */
  startSession(request: FastifyRequest, reply: FastifyReply, started: StartedSession): void
  /** Makes one of the people signed in the active one, if it is not already. */
  activate(request: FastifyRequest, reply: FastifyReply, chosen: Session, present: Everybody): void
  /** Goes on without some of the people signed in. When the active one goes, nobody takes that place unasked. */
  endSessions(
    request: FastifyRequest,
    reply: FastifyReply,
    ended: readonly Session[],
    present: Everybody,
  ): void
}

/** A cookie value and when its session ends at the latest. */
interface Held {
  readonly token: string
  readonly expiresAt: Date
}

const TOKEN = /^[A-Za-z0-9_-]{43}$/
const made = Symbol('browser binding made with this answer')

export function createBrowsers(jar: CookieJar, ring: KeyRing): Browsers {
  const known = (request: FastifyRequest & { [made]?: string }) => {
    const value = request.cookies[jar.browser]
    return value !== undefined && TOKEN.test(value) ? value : request[made]
  }
  const tokens = (request: FastifyRequest) => readSessionTokens(request.cookies[jar.session])

  function bind(request: FastifyRequest & { [made]?: string }, reply: FastifyReply): string {
    const value = known(request) ?? randomToken()
    if (known(request) === undefined) {
      request[made] = value
      void reply.setCookie(jar.browser, value, jar.options)
    }
    return value
  }

  // Bound to the active session too, so that a token from before a sign-in, switch or sign-out is worthless after it.
  const csrfInput = (browser: string, session: string | undefined) =>
    `${browser} ${session ?? 'signed out'}`

  function matches(request: FastifyRequest, session: string | undefined, token: string): boolean {
    const browser = known(request)
    return browser !== undefined && ring.verifyMac('csrf', csrfInput(browser, session), token)
  }

  /** The tokens that this request brought for some sessions. */
  function held(request: FastifyRequest, sessions: readonly Session[]): Held[] {
    const brought = allOf(tokens(request))
    return sessions.flatMap(({ tokenHash, expiresAt }) =>
      brought.filter((token) => sha256(token) === tokenHash).map((token) => ({ token, expiresAt })),
    )
  }

  function write(reply: FastifyReply, active: Held | undefined, others: readonly Held[]) {
    const all = active === undefined ? others : [active, ...others]
    const value = writeSessionTokens({
      active: active?.token,
      others: others.map(({ token }) => token),
    })
    if (value === undefined) return void reply.clearCookie(jar.session, jar.options)
    // Each session has an end of its own in the database; the cookie lasts as long as any.
    const expires = new Date(Math.max(...all.map(({ expiresAt }) => expiresAt.getTime())))
    return void reply.setCookie(jar.session, value, { ...jar.options, expires })
  }

  return {
    known,
    bind,
    csrfToken(request, reply) {
      return ring.mac('csrf', csrfInput(bind(request, reply), tokens(request).active))
    },
    csrfTokenMatches(request, token) {
      return matches(request, tokens(request).active, token)
    },
    csrfTokenFromSignedOut(request, token) {
      return matches(request, undefined, token)
    },
    sessionTokenHash(request) {
      const { active } = tokens(request)
      return active === undefined ? undefined : sha256(active)
    },
    sessionTokenHashes(request) {
      return allOf(tokens(request)).map(sha256)
    },
    startSession(request, reply, started) {
      write(reply, started, held(request, started.beside))
    },
    activate(request, reply, chosen, present) {
      if (chosen.id === present.active?.session.id) return
      const others = sessionsOf(present).filter(({ id }) => id !== chosen.id)
      const [active] = held(request, [chosen])
      write(reply, active, held(request, others))
    },
    endSessions(request, reply, ended, { active, others }) {
      const left = (sessions: readonly Session[]) =>
        held(
          request,
          sessions.filter(({ id }) => !ended.some((gone) => gone.id === id)),
        )
      const [first] = active === undefined ? [] : left([active.session])
      write(reply, first, left(others.map(({ session }) => session)))
    },
  }
}

const allOf = ({ active, others }: SessionTokens): readonly string[] =>
  active === undefined ? others : [active, ...others]
