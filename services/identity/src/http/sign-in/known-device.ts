import type { FastifyReply, FastifyRequest } from 'fastify'
import { sha256 } from '../../platform/crypto/hash.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { randomToken } from '../../platform/crypto/random.ts'
import type { CookieJar } from '../session/cookies.ts'

/**
 * Devices on which somebody has signed in before. They have a budget of tries of their own, so that strangers who use
 * up an account's tries keep nobody out of it who has been in. It is no factor and opens nothing.
 */
export interface Devices {
  /** The id of this device, if this account has signed in on it or was unlocked on it. */
  knownFor(request: FastifyRequest, email: string): string | undefined
  /** Whether this account has signed in on this device: unlocking alone makes it no less new. */
  hasSignedIn(request: FastifyRequest, email: string): boolean
  /** Notes that this account signed in here. */
  remember(request: FastifyRequest, reply: FastifyReply, email: string): void
  /** Gives this account tries of its own here, by a link of its mailbox. */
  unlock(request: FastifyRequest, reply: FastifyReply, email: string): void
}

interface Content {
  readonly device: string
  /** Hashes of the last few accounts that signed in. */
  readonly accounts: readonly string[]
  /** Hashes of the last few that were unlocked and have not signed in yet. */
  readonly unlocked?: readonly string[]
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

  function write(reply: FastifyReply, content: Content) {
    const sealed = ring.seal('known-device', JSON.stringify(content))
    void reply.setCookie(jar.device, sealed, { ...jar.options, maxAge: TTL_SECONDS })
  }

  const fresh = (): Content => ({ device: randomToken(16), accounts: [] })

  const hasSignedIn = (request: FastifyRequest, email: string) =>
    read(request)?.accounts.includes(sha256(email)) === true

  return {
    hasSignedIn,
    knownFor(request, email) {
      const content = read(request)
      const isUnlocked = content?.unlocked?.includes(sha256(email)) === true
      return isUnlocked || hasSignedIn(request, email) ? content?.device : undefined
    },
    remember(request, reply, email) {
      const { device, accounts, unlocked } = read(request) ?? fresh()
      const account = sha256(email)
      write(reply, {
        device,
        accounts: first(account, accounts),
        unlocked: without(account, unlocked),
      })
    },
    unlock(request, reply, email) {
      const content = read(request) ?? fresh()
      if (hasSignedIn(request, email)) return
      write(reply, { ...content, unlocked: first(sha256(email), content.unlocked) })
    },
  }
}

const without = (account: string, list: readonly string[] = []) =>
  list.filter((known) => known !== account)

const first = (account: string, list?: readonly string[]) =>
  [account, ...without(account, list)].slice(0, MAX_ACCOUNTS)
