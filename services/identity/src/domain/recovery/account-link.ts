import { addSeconds } from '../../platform/clock.ts'
import { equalInConstantTime, sha256 } from '../../platform/crypto/hash.ts'
import type { KeyRing, Purpose } from '../../platform/crypto/key-ring.ts'
import type { RecoverableAccount } from './store.ts'

interface Sealed {
  readonly u: string
  /** Fingerprint of the account as it was when the link was mailed. */
  readonly f: string
  /** End, in milliseconds since 1970. */
  readonly e: number
}

/** What a link says; whether it still holds is for the account to tell. */
export interface AccountLink {
  readonly userId: string
  readonly fingerprint: string
}

export interface AccountLinkKind {
  readonly purpose: Purpose
  readonly ttlSeconds: number
  /** What of an account must still be as it was, for the link to hold. */
  readonly stateOf: (account: RecoverableAccount) => readonly unknown[]
}

/** Links of one kind to an account. Nothing is kept of them: the state that they hold for is part of them. */
export function createAccountLinks(
  ring: KeyRing,
  { purpose, ttlSeconds, stateOf }: AccountLinkKind,
) {
  const fingerprint = (account: RecoverableAccount) => sha256(JSON.stringify(stateOf(account)))
  return {
    seal(account: RecoverableAccount, now: Date): string {
      const content: Sealed = {
        u: account.userId,
        f: fingerprint(account),
        e: addSeconds(now, ttlSeconds).getTime(),
      }
      return ring.seal(purpose, JSON.stringify(content))
    },
    /** The link behind a token, unless it was not made by us for this purpose, or too long ago. */
    open(token: string, now: Date): AccountLink | undefined {
      const text = ring.open(purpose, token)
      if (text === undefined) return undefined
      const { u, f, e } = JSON.parse(text) as Sealed
      return now.getTime() < e ? { userId: u, fingerprint: f } : undefined
    },
    /** Whether the account is still as it was when the link was mailed, and may still be signed in to. */
    holdsFor(link: AccountLink, account: RecoverableAccount): boolean {
      return !account.disabled && equalInConstantTime(link.fingerprint, fingerprint(account))
    },
  }
}
