import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import type { EmailAddress } from '../users/email.ts'
import { type Leaving, createKeepLinks } from './link.ts'
import { createLeavingStore } from './store.ts'

export interface KeepDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly clock: Clock
}

export interface LeavingAccount extends Leaving {
  readonly email: EmailAddress
}

/** The account that a link may keep. Looking uses nothing up: mail scanners look, too. */
export async function accountToKeep(
  { database, ring, clock }: KeepDeps,
  token: string,
): Promise<LeavingAccount | undefined> {
  const leaving = createKeepLinks(ring).open(token, clock())
  if (leaving === undefined) return undefined
  const email = await createLeavingStore(database.db).find(leaving)
  return email === undefined ? undefined : { ...leaving, email }
}

/**
 * Keeps an account as `accountToKeep` found it, and mails the news. False when it was kept or deleted meanwhile. It
 * signs nobody in: the person goes on as ever, with every factor.
 */
export async function keepAccount(
  { database, ring, clock }: KeepDeps,
  account: LeavingAccount,
  ip: string,
  notice: (to: EmailAddress) => LetterContent,
): Promise<boolean> {
  return database.db.transaction(async (tx) => {
    const email = await createLeavingStore(tx).keep(account)
    if (email === undefined) return false
    const { userId } = account
    await createAuditStore(tx, clock).record({ event: 'account_kept', userId, ip })
    await createOutbox(tx, ring, clock).queue(notice(email))
    return true
  })
}
