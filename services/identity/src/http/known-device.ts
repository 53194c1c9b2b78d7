import type { FastifyReply, FastifyRequest } from 'fastify'
import { sha256 } from '../platform/crypto/hash.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import { randomToken } from '../platform/crypto/random.ts'
import type { CookieJar } from './cookies.ts'

/**
 * Devices on which somebody has signed in before. They have a budget of tries of their own, so that strangers who use
 * up an account's tries keep nobody out of it who has been in. It is no factor and opens nothing.
 */
export interface Devices {
  /** The id of this device, if this account has signed in on it. */
  knownFor(request: FastifyRequest, email: string): string | undefined
  remember(request: FastifyRequest, reply: FastifyReply, email: string): void
}

interface Content {
  readonly device: string
  /** Hashes of the last few accounts. */
  readonly accounts: readonly string[]
}

const MAX_ACCOUNTS = 8
const TTL_SECONDS = 365 * 86_400

export function createDevices(jar: CookieJar, ring: KeyRing): Devices {
  function read(request: FastifyRequest): Content | undefined {
    const value = request.cookies[jar.device]
    if (value === undefined || value.length > 2048) return undefined
    const text = ring.open('known-device', value)
    return text === undefined ? undefined : (JSON.parse(text) as Content)
  }
  return {
    knownFor(request, email) {
      const content = read(request)
      return content?.accounts.includes(sha256(email)) === true ? content.device : undefined
    },
    remember(request, reply, email) {
      const { device, accounts } = read(request) ?? { device: randomToken(16), accounts: [] }
      const account = sha256(email)
      const others = accounts.filter((known) => known !== account)
      const content: Content = { device, accounts: [account, ...others].slice(0, MAX_ACCOUNTS) }
      const sealed = ring.seal('known-device', JSON.stringify(content))
      void reply.setCookie(jar.device, sealed, { ...jar.options, maxAge: TTL_SECONDS })
    },
  }
}
