import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CookieJar } from './cookies.ts'
import { createRecent } from './recent.ts'
import { createSeal } from './seal.ts'

/** Everything the backend keeps of a signed-in browser; it lives in a sealed cookie. Times in seconds. */
export interface Session {
  readonly id: string
  readonly sub: string
  /** Claims for display, of the userinfo endpoint or the ID token. */
  readonly user: Readonly<Record<string, unknown>>
  readonly signedInAt: number
  /** When the tokens came from the issuer. */
  readonly tokensAt: number
  readonly accessToken: string
  readonly accessExpiresAt: number
  readonly refreshToken: string | null
  readonly idToken: string
  readonly scopes: readonly string[]
  /** Goes into the forms of the signed-in pages. */
  readonly csrfToken: string
}

export interface SessionStoreOptions {
  readonly secrets: readonly string[]
  readonly jar: CookieJar
  readonly maxSeconds: number
  readonly clock: () => number
}

// Browsers keep 4096 bytes per cookie with name and attributes; Node.js reads 16 KiB of headers in all.
const CHUNK_LENGTH = 3800
const MAX_CHUNKS = 3
const ENDED_MEMORY_MS = 3_600_000

/**
 * Sessions in the browser's own cookies, sealed, split over up to three of them when the tokens are big.
 * A session that ended here is remembered for an hour, so that neither a copied cookie nor an answer that
 * was under way brings it back.
 */
export function createSessionStore({ secrets, jar, maxSeconds, clock }: SessionStoreOptions) {
  const seal = createSeal(secrets, 'session')
  const ended = createRecent<true>(10_000, clock)
  const names = Array.from({ length: MAX_CHUNKS }, (_, index) =>
    jar.name(index === 0 ? '' : `.${index}`),
  )
  const secondsLeft = (session: Session) =>
    session.signedInAt + maxSeconds - Math.floor(clock() / 1000)

  function clear(request: FastifyRequest, reply: FastifyReply, from = 0): void {
    for (const name of names.slice(from)) {
      if (request.cookies[name] !== undefined) jar.clear(reply, name)
    }
  }

  return {
    read(request: FastifyRequest): Session | undefined {
      const first = /^([1-3])\.(.+)$/.exec(request.cookies[names[0] ?? ''] ?? '')
      if (first === null) return undefined
      const rest = names.slice(1, Number(first[1])).map((name) => request.cookies[name])
      if (rest.includes(undefined)) return undefined
      // Only this backend can seal, so what opens has the right shape.
      const session = seal.open([first[2], ...rest].join('')) as Session | undefined
      if (session === undefined || secondsLeft(session) <= 0) return undefined
      return ended.get(session.id) === undefined ? session : undefined
    },

    /** Sets the cookies; false when the session is too big for them, or has ended meanwhile. */
    write(request: FastifyRequest, reply: FastifyReply, session: Session): boolean {
      const text = seal.seal(session)
      const count = Math.ceil(text.length / CHUNK_LENGTH)
      if (count > MAX_CHUNKS || ended.get(session.id) !== undefined) return false
      for (let index = 0; index < count; index += 1) {
        const part = text.slice(index * CHUNK_LENGTH, (index + 1) * CHUNK_LENGTH)
        const value = index === 0 ? `${count}.${part}` : part
        jar.set(reply, names[index] ?? '', value, secondsLeft(session))
      }
      clear(request, reply, count)
      return true
    },

    end(request: FastifyRequest, reply: FastifyReply, session: Session | undefined): void {
      if (session !== undefined) ended.set(session.id, true, ENDED_MEMORY_MS)
      clear(request, reply)
    },
  }
}

export type SessionStore = ReturnType<typeof createSessionStore>
