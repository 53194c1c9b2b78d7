import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TrustToKeep } from '../../domain/sessions/sign-in.ts'
import type { Settings } from '../../domain/settings/settings.ts'
import { createTrustedDeviceStore } from '../../domain/trusted-devices/store.ts'
import { type Clock, addSeconds } from '../../platform/clock.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { randomToken } from '../../platform/crypto/random.ts'
import type { Database } from '../../platform/db/database.ts'
import type { CookieJar } from '../session/cookies.ts'

export interface TrustedBrowserDeps {
  readonly jar: CookieJar
  readonly database: Database
  readonly settings: () => Settings
  readonly clock: Clock
}

/** Trust in this browser that is to begin with a sign-in. */
export interface NewTrust {
  /** What the sign-in keeps of it. */
  readonly kept: TrustToKeep
  /** Gives the browser its half, once the sign-in has happened. */
  remember(reply: FastifyReply): void
}

/**
 * Browsers that spare their person the second factor at sign-in, for a while. They prove nothing: no step-up counts
 * them.
 */
export interface TrustedBrowsers {
  isTrusted(request: FastifyRequest, userId: string): Promise<boolean>
  /** For how many days a browser can be trusted; undefined where none ever is. */
  days(): number | undefined
  /** Undefined where no browser is ever trusted. */
  begin(request: FastifyRequest): NewTrust | undefined
}

const DAY_SECONDS = 86_400

/** Several people may trust one browser: the cookie holds a value for each, newest first. */
const MAX_PEOPLE = 8
const GRAMMAR = new RegExp(`^[\\w-]{43}(?:\\.[\\w-]{43}){0,${MAX_PEOPLE - 1}}$`)

export function createTrustedBrowsers(deps: TrustedBrowserDeps): TrustedBrowsers {
  const { jar, database, settings, clock } = deps
  const tokensOf = (request: FastifyRequest): readonly string[] => {
    const value = request.cookies[jar.trusted]
    return value !== undefined && GRAMMAR.test(value) ? value.split('.') : []
  }
  return {
    async isTrusted(request, userId) {
      const hashes = tokensOf(request).map(sha256)
      if (hashes.length === 0 || settings().trusted_device_ttl_seconds === 0) return false
      return createTrustedDeviceStore(database.db).use(userId, hashes, clock())
    },
    days() {
      const seconds = settings().trusted_device_ttl_seconds
      return seconds === 0 ? undefined : Math.max(1, Math.floor(seconds / DAY_SECONDS))
    },
    begin(request) {
      const maxAge = settings().trusted_device_ttl_seconds
      if (maxAge === 0) return undefined
      const present = tokensOf(request)
      // Always a new value: whoever had this browser before may know those that are in it.
      const token = randomToken()
      const replaces = present.map(sha256)
      const expiresAt = addSeconds(clock(), maxAge)
      return {
        kept: { tokenHash: sha256(token), replaces, expiresAt },
        remember(reply) {
          const value = [token, ...present].slice(0, MAX_PEOPLE).join('.')
          void reply.setCookie(jar.trusted, value, { ...jar.options, maxAge })
        },
      }
    },
  }
}
