import type { KeyRing } from '../../platform/crypto/key-ring.ts'

/** An account on its way out. The time tells this leaving from one that was called off before. */
export interface Leaving {
  readonly userId: string
  readonly leavesAt: Date
}

/** How long a right password, typed while an account leaves, opens the page that calls it off. */
export const KEEP_PROOF_TTL_SECONDS = 600

interface Sealed {
  readonly u: string
  /** When the account leaves, in milliseconds since 1970. */
  readonly l: number
  /** End, in milliseconds since 1970. */
  readonly e: number
}

/**
 * The ways back to a leaving account, by mail or by password. Nothing is kept of them: keeping the account ends them.
 */
export function createKeepLinks(ring: KeyRing) {
  return {
    /** No link outlives the account that it keeps. */
    seal({ userId, leavesAt }: Leaving, until: Date): string {
      const end = Math.min(until.getTime(), leavesAt.getTime())
      const content: Sealed = { u: userId, l: leavesAt.getTime(), e: end }
      return ring.seal('keep-account', JSON.stringify(content))
    },

    /** The leaving behind a token, unless we did not make it or its time is over. */
    open(token: string, now: Date): Leaving | undefined {
      const text = ring.open('keep-account', token)
      if (text === undefined) return undefined
      const { u, l, e } = JSON.parse(text) as Sealed
      return now.getTime() < e ? { userId: u, leavesAt: new Date(l) } : undefined
    },
  }
}
