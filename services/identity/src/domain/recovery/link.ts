import { addSeconds } from '../../platform/clock.ts'
import { equalInConstantTime, sha256 } from '../../platform/crypto/hash.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { RecoverableAccount } from './store.ts'

/** How long the link of the mail works. */
export const RECOVERY_LINK_TTL_SECONDS = 1800

interface Sealed {
  readonly u: string
  /** Fingerprint of the account as it was when the link was mailed. */
  readonly f: string
  /** End, in milliseconds since 1970. */
  readonly e: number
}

/** What a link says; whether it still holds is for the account to tell. */
export interface RecoveryLink {
  readonly userId: string
  readonly fingerprint: string
}

/** Links that let a person choose a new password. Nothing is kept of them: what they would change is part of them. */
export function createRecoveryLinks(ring: KeyRing) {
  return {
    seal(account: RecoverableAccount, now: Date): string {
      const content: Sealed = {
        u: account.userId,
        f: fingerprint(account),
        e: addSeconds(now, RECOVERY_LINK_TTL_SECONDS).getTime(),
      }
      return ring.seal('password-reset', JSON.stringify(content))
    },

    /** The link behind a token, unless it was not made by us, or longer than half an hour ago. */
    open(token: string, now: Date): RecoveryLink | undefined {
      const text = ring.open('password-reset', token)
      if (text === undefined) return undefined
      const { u, f, e } = JSON.parse(text) as Sealed
      return now.getTime() < e ? { userId: u, fingerprint: f } : undefined
    },
  }
}
export type RecoveryLinks = ReturnType<typeof createRecoveryLinks>

/** Whether the account is still as it was when the link was mailed: same mailbox, same password, still allowed in. */
export function holdsFor(link: RecoveryLink, account: RecoverableAccount): boolean {
  return !account.disabled && equalInConstantTime(link.fingerprint, fingerprint(account))
}

// Every hash has a salt of its own, so that even the same password set again is another state.
function fingerprint({ userId, email, password }: RecoverableAccount): string {
  return sha256(JSON.stringify([userId, email, password?.hash ?? null]))
}
