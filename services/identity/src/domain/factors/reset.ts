import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import { endSessions } from '../sessions/end.ts'
import { createThrottleStore } from '../throttles/store.ts'
import { createTrustedDeviceStore } from '../trusted-devices/store.ts'
import { createUserStore } from '../users/store.ts'
import { resetFactorTries } from './budget.ts'
import { type Factors, createFactorStore } from './store.ts'

export interface ResetFactorsDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly clock: Clock
}

export interface FactorReset {
  readonly userId: string
  /** For a person who lost the phone with the codes, but not the key in the drawer. */
  readonly keepPasskeys: boolean
  /** Who decided it, for the record: an operator always, no page leads here. */
  readonly by: string
  readonly ip?: string | undefined
}

export type FactorResetOutcome =
  | { readonly kind: 'reset'; readonly removed: Factors; readonly sessionsEnded: number }
  /** Nothing that could be removed: nothing was done. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unknown' }

/**
 * Takes a person's second factors away, all of them or all but the passkeys, with the trust in browsers, and signs
 * the person out everywhere: whoever holds the lost phone keeps nothing. The person is told, in the same transaction.
 */
export async function resetFactors(
  { database, ring, clock }: ResetFactorsDeps,
  { userId, keepPasskeys, by, ip }: FactorReset,
  notice: (email: string, at: Date) => LetterContent,
): Promise<FactorResetOutcome> {
  const now = clock()
  return database.db.transaction(async (tx): Promise<FactorResetOutcome> => {
    // A sign-in under way ends before this and loses its session here, or begins after it.
    const person = await createUserStore(tx).lock(userId)
    if (person === undefined) return { kind: 'unknown' }
    const store = createFactorStore(tx)
    const found = await store.factorsOf(userId)
    const removed = keepPasskeys ? { ...found, passkeys: 0 } : found
    const trusted = await createTrustedDeviceStore(tx).endAllOf(userId)
    const { authenticators, passkeys, recoveryCodes } = removed
    if (authenticators + passkeys + recoveryCodes + trusted === 0) return { kind: 'nothing' }
    await (keepPasskeys ? store.removeCodesOf(userId) : store.removeAllOf(userId))
    await resetFactorTries(createThrottleStore(tx), userId)
    const audit = createAuditStore(tx, clock)
    const detail = { ...removed, keepPasskeys, trustedDevices: trusted, by }
    await audit.record({ event: 'factors_reset', userId, ip, detail })
    const because = 'second factors reset'
    const ended = await endSessions(tx, clock, { userId, ip, because })
    await createOutbox(tx, ring, clock).queue(notice(person.email, now))
    return { kind: 'reset', removed, sessionsEnded: ended.length }
  })
}
