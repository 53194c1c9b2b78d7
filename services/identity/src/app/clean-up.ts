import { createAuditStore } from '../domain/audit/store.ts'
import { createEmailChangeStore } from '../domain/email-changes/store.ts'
import { createFaultStore } from '../domain/faults/store.ts'
import { createGrantStore } from '../domain/grants/store.ts'
import { type FarewellLetter, removeDeparted } from '../domain/leaving/remove.ts'
import { createMailCodeStore } from '../domain/mail-codes/store.ts'
import { createOutbox } from '../domain/mail/store.ts'
import { createRegistrationStore } from '../domain/registrations/store.ts'
import { createSessionStore } from '../domain/sessions/store.ts'
import type { Settings } from '../domain/settings/settings.ts'
import { createSpentStore } from '../domain/spent/store.ts'
import { createThrottleStore } from '../domain/throttles/store.ts'
import { createTrustedDeviceStore } from '../domain/trusted-devices/store.ts'
import { letterLanguage } from '../http/language/letter-language.ts'
import { leavingLetters } from '../http/mails/leaving.ts'
import { type Clock, addSeconds } from '../platform/clock.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Database } from '../platform/db/database.ts'

export interface CleanUpDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly clock: Clock
  readonly issuer: string
}

/** Deletes what has expired, and the accounts whose time of grace is over; one process at a time. */
export async function cleanUp(
  { database, ring, clock, issuer }: CleanUpDeps,
  { refresh_max_seconds, audit_retention_seconds, brand }: Settings,
): Promise<void> {
  const { db } = database
  const farewell: FarewellLetter = (to, language) =>
    leavingLetters(letterLanguage(language, brand), issuer).deleted(to)
  await database.withLock('clean-up', async () => {
    const now = clock()
    await createGrantStore(db).deleteExpired(now)
    // A grant outlives its session's time, though not its end: it has to find it.
    await createSessionStore(db).deleteExpired(addSeconds(now, -refresh_max_seconds))
    await createThrottleStore(db).deleteExpired(now)
    await createRegistrationStore(db).deleteExpired(now)
    await createEmailChangeStore(db).deleteExpired(now)
    await createSpentStore(db).deleteExpired(now)
    await createMailCodeStore(db).deleteExpired(now)
    await createTrustedDeviceStore(db).deleteExpired(now)
    await removeDeparted({ database, ring, clock }, farewell)
    await createFaultStore(db).deleteOld(now)
    await createAuditStore(db, clock).deleteOld(audit_retention_seconds)
    await createOutbox(db, ring, clock).deleteOld(now)
    await database.vacuum()
  })
}
