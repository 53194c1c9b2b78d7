import { type Clock, addSeconds } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database, Db, Tx } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import { endSessions } from '../sessions/end.ts'
import type { Settings } from '../settings/settings.ts'
import { ADMIN_ROLE } from '../setup/administrator.ts'
import { endTrust } from '../trusted-devices/end.ts'
import type { EmailAddress } from '../users/email.ts'
import { createUserStore } from '../users/store.ts'
import { type Leaving, createKeepLinks } from './link.ts'
import { createLeavingStore } from './store.ts'

export interface LeaveDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly settings: () => Settings
  readonly clock: Clock
}

/** Who leaves, and from where. */
export interface Leaver {
  readonly userId: string
  readonly ip: string
  /** The language to write to the person in when the account is gone. */
  readonly language: string
}

/** The letter with the way back. */
export type LeavingLetter = (to: EmailAddress, leavesAt: Date, keepToken: string) => LetterContent

export type LeaveOutcome =
  | (Leaving & {
      readonly kind: 'leaving'
      /** Whether there is any time to change one's mind in. */
      readonly canBeKept: boolean
    })
  /** Somebody has to run the service: the last administrator makes another one first. */
  | { readonly kind: 'only_administrator' }
  /** Leaving already, disabled meanwhile, or deleted. */
  | { readonly kind: 'gone' }

/**
 * Lets a person go: nobody is signed in to the account from now on, and after the days of grace it is deleted
 * (docs/decisions/0020). The record, the end of all sessions and the letter are of one transaction.
 */
export async function leave(
  { database, ring, settings, clock }: LeaveDeps,
  { userId, ip, language }: Leaver,
  letter: LeavingLetter,
): Promise<LeaveOutcome> {
  const now = clock()
  const graceSeconds = settings().account_deletion_grace_seconds
  const leaving: Leaving = { userId, leavesAt: addSeconds(now, graceSeconds) }
  const canBeKept = graceSeconds > 0
  const links = createKeepLinks(ring)
  return database.db.transaction(async (tx): Promise<LeaveOutcome> => {
    const store = createLeavingStore(tx)
    if (await isOnlyAdministrator(tx, userId)) return { kind: 'only_administrator' }
    // Before the sessions: a sign-in that came first has its session seen below, one that comes later is refused.
    const email = await store.begin(leaving)
    if (email === undefined) return { kind: 'gone' }
    const audit = createAuditStore(tx, clock)
    await audit.record({ event: 'account_leaving', userId, ip, detail: { language } })
    await endSessions(tx, clock, { userId, ip, because: 'account deletion asked for' })
    await endTrust(tx, clock, { userId, ip, because: 'account deletion asked for' })
    if (canBeKept) {
      const token = links.seal(leaving, leaving.leavesAt)
      await createOutbox(tx, ring, clock).queue(letter(email, leaving.leavesAt, token))
    }
    return { kind: 'leaving', ...leaving, canBeKept }
  })
}

/** Whether nobody else could run the service after this person has left. */
export async function isOnlyAdministrator(db: Db | Tx, userId: string): Promise<boolean> {
  const user = await createUserStore(db).find(userId)
  if (user === undefined || !user.roles.includes(ADMIN_ROLE.name)) return false
  const staying = await createLeavingStore(db).holdStaying(ADMIN_ROLE.name)
  return staying.every((id) => id === userId)
}
