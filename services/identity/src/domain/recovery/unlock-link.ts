import { addSeconds } from '../../platform/clock.ts'
import { equalInConstantTime, sha256 } from '../../platform/crypto/hash.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { RecoverableAccount } from './store.ts'

/** How long the link of the mail works: as long as strangers have to wait at most. */
export const UNLOCK_LINK_TTL_SECONDS = 3600

interface Sealed {
  readonly u: string
  /** Fingerprint of the mailbox that it was mailed to. */
  readonly f: string
  /** End, in milliseconds since 1970. */
  readonly e: number
}

/** What a link says; whether it still holds is for the account to tell. */
export interface UnlockLink {
  readonly userId: string
  readonly fingerprint: string
}

/** Links that give one browser tries of its own. They prove a mailbox and open nothing. */
export function createUnlockLinks(ring: KeyRing) {
  return {
    seal(account: RecoverableAccount, now: Date): string {
      const content: Sealed = {
        u: account.userId,
        f: fingerprint(account),
        e: addSeconds(now, UNLOCK_LINK_TTL_SECONDS).getTime(),
      }
      return ring.seal('unlock', JSON.stringify(content))
    },

    /** The link behind a token, unless it was not made by us, or longer than an hour ago. */
    open(token: string, now: Date): UnlockLink | undefined {
      const text = ring.open('unlock', token)
      if (text === undefined) return undefined
      const { u, f, e } = JSON.parse(text) as Sealed
      return now.getTime() < e ? { userId: u, fingerprint: f } : undefined
    },
  }
}
export type UnlockLinks = ReturnType<typeof createUnlockLinks>

/** Whether the account still has the mailbox that the link went to, and may still be signed in to. */
export function unlockHoldsFor(link: UnlockLink, account: RecoverableAccount): boolean {
  return !account.disabled && equalInConstantTime(link.fingerprint, fingerprint(account))
}

function fingerprint({ userId, email }: RecoverableAccount): string {
  return sha256(JSON.stringify([userId, email]))
}
