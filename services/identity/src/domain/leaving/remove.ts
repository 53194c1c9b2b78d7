import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import type { EmailAddress } from '../users/email.ts'
import { createLeavingStore } from './store.ts'

export interface RemoveDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly clock: Clock
}

/** The last letter, in the language in which the person asked to leave. */
export type FarewellLetter = (to: EmailAddress, language: string | undefined) => LetterContent

/** Accounts deleted in one run; the others come a minute later. */
const MAX_AT_ONCE = 500

/**
 * Deletes the accounts whose days of grace are over, each in a transaction of its own with its record and the last
 * letter. What is kept of a person is the user id with what happened and when (docs/decisions/0020).
 */
export async function removeDeparted(
  { database, ring, clock }: RemoveDeps,
  letter: FarewellLetter,
): Promise<number> {
  const now = clock()
  for (let removed = 0; removed < MAX_AT_ONCE; removed += 1) {
    const more = await database.db.transaction(async (tx) => {
      const store = createLeavingStore(tx)
      const departed = await store.deleteNext(now)
      if (departed === undefined) return false
      const { userId, email, language } = departed
      await store.forget(userId)
      await createAuditStore(tx, clock).record({ event: 'account_deleted', userId })
      await createOutbox(tx, ring, clock).queue(letter(email, language))
      return true
    })
    if (!more) return removed
  }
  return MAX_AT_ONCE
}
