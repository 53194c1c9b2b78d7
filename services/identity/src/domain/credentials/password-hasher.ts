import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import argon2 from 'argon2'
import { createBoundedQueue } from '../../platform/bounded-queue.ts'

/** OWASP Password Storage, ASVS 5.0 appendix C: argon2id with at least 19 MiB, two passes, one lane. */
const PARAMETERS = {
  type: argon2.argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
} as const

/** Longer input is refused before it is hashed; NIST SP 800-63B-4 asks for 64 at least. */
export const MAX_PASSWORD_CHARACTERS = 1024

export interface StoredPassword {
  readonly hash: string
  readonly peppered: boolean
}

export type Verification =
  | { readonly kind: 'right'; readonly outdated: boolean }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'busy' }

export interface PasswordHasher {
  /** Whether the next verification would be turned away. */
  readonly full: boolean
  /** A peppered hash, or `busy`. */
  hash(password: string): Promise<StoredPassword | 'busy'>
  /** Checks a password; without a stored one it does the same work and says `wrong`. */
  verify(password: string, stored: StoredPassword | undefined): Promise<Verification>
}

export interface HasherOptions {
  /** Keyed input to every hash that is not in the database's tables in clear. */
  readonly pepper: Buffer
  /** Hashes at a time. Each owns a thread of the pool that also signs tokens, so few. */
  readonly lanes: number
  /** Sign-ins that may wait for a lane; more are told to come back. */
  readonly maxWaiting: number
}

/**
 * argon2id in a bounded queue of its own: four unbounded hashes would own the thread pool, and token signing
 * with it. Throws never for a wrong or malformed stored hash.
 */
export async function createPasswordHasher({
  pepper,
  lanes,
  maxWaiting,
}: HasherOptions): Promise<PasswordHasher> {
  const queue = createBoundedQueue(lanes, maxWaiting, restWhileOthersWork())
  const make = async (password: string) =>
    argon2.hash(normalised(password), { ...PARAMETERS, secret: pepper })
  // What unknown accounts are checked against, so that they cost what known ones do.
  const decoy: StoredPassword = { hash: await make('nobody has this password'), peppered: true }

  async function matches(password: string, { hash, peppered }: StoredPassword): Promise<boolean> {
    try {
      return await argon2.verify(hash, normalised(password), peppered ? { secret: pepper } : {})
    } catch {
      // argon2 throws on a hash it cannot read.
      return false
    }
  }

  return {
    get full() {
      return queue.full
    },
    async hash(password) {
      const hash = await queue.run(() => make(password))
      return hash === undefined ? 'busy' : { hash, peppered: true }
    },
    async verify(password, stored) {
      if (passwordLength(password) > MAX_PASSWORD_CHARACTERS) return { kind: 'wrong' }
      const right = await queue.run(() => matches(password, stored ?? decoy))
      if (right === undefined) return { kind: 'busy' }
      if (!right || stored === undefined) return { kind: 'wrong' }
      const outdated = !stored.peppered || argon2.needsRehash(stored.hash, PARAMETERS)
      return { kind: 'right', outdated }
    },
  }
}

/** Above this share of its time the event loop has other work, most likely tokens to sign. */
const BUSY = 0.25

/**
 * While the process has other work, a lane rests as long as its hash took: sign-ins come slower then, and tokens keep
 * the better part of the machine. Alone, sign-ins have all of it.
 */
function restWhileOthersWork(): (tookMs: number) => Promise<void> {
  let last = performance.eventLoopUtilization()
  return async (tookMs) => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    if (utilization > BUSY) await wait(tookMs)
  }
}

/** Characters as NIST SP 800-63B-4 §3.1.1.2 counts them: one outside the basic plane is one, not two. */
export function passwordLength(password: string): number {
  return Array.from(normalised(password)).length
}

/** NIST SP 800-63B-4 §3.1.1.2: the same password typed on another keyboard must be the same bytes. */
function normalised(password: string): string {
  return password.normalize('NFC')
}
