import type { FastifyReply, FastifyRequest } from 'fastify'
import { createAuditStore } from '../domain/audit/store.ts'
import type { Settings } from '../domain/settings/settings.ts'
import { createTrustedDeviceStore } from '../domain/trusted-devices/store.ts'
import { type Clock, addSeconds } from '../platform/clock.ts'
import { sha256 } from '../platform/crypto/hash.ts'
import { randomToken } from '../platform/crypto/random.ts'
import { uuidv7 } from '../platform/crypto/uuid.ts'
import type { Database } from '../platform/db/database.ts'
import type { CookieJar } from './cookies.ts'

export interface TrustedBrowserDeps {
  readonly jar: CookieJar
  readonly database: Database
  readonly settings: () => Settings
  readonly clock: Clock
}

/** Browsers that spare their person the second factor at sign-in, for a while. They prove nothing: no step-up counts them. */
export interface TrustedBrowsers {
  isTrusted(request: FastifyRequest, userId: string): Promise<boolean>
  trust(request: FastifyRequest, reply: FastifyReply, userId: string): Promise<void>
}

const TOKEN = /^[A-Za-z0-9_-]{43}$/

// One cookie for all people of a browser; each has a row of their own, and none speaks for another.
const rowHash = (userId: string, token: string) => sha256(`${userId} ${token}`)

export function createTrustedBrowsers(deps: TrustedBrowserDeps): TrustedBrowsers {
  const { jar, database, settings, clock } = deps
  const tokenOf = (request: FastifyRequest) => {
    const value = request.cookies[jar.trusted]
    return value !== undefined && TOKEN.test(value) ? value : undefined
  }
  return {
    async isTrusted(request, userId) {
      const token = tokenOf(request)
      if (token === undefined || settings().trusted_device_ttl_seconds === 0) return false
      return createTrustedDeviceStore(database.db).use(userId, rowHash(userId, token), clock())
    },
    async trust(request, reply, userId) {
      const maxAge = settings().trusted_device_ttl_seconds
      if (maxAge === 0) return
      const now = clock()
      const token = tokenOf(request) ?? randomToken()
      const id = uuidv7(now)
      const userAgent = request.headers['user-agent']?.slice(0, 400)
      const { ip } = request
      await database.db.transaction(async (tx) => {
        await createTrustedDeviceStore(tx).add({
          id,
          userId,
          tokenHash: rowHash(userId, token),
          userAgent,
          ip,
          createdAt: now,
          expiresAt: addSeconds(now, maxAge),
        })
        const detail = { userAgent }
        await createAuditStore(tx, clock).record({ event: 'device_trusted', userId, ip, detail })
      })
      void reply.setCookie(jar.trusted, token, { ...jar.options, maxAge })
    },
  }
}
