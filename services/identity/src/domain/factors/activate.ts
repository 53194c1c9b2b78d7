import { type Clock, addSeconds } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database, Tx } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import { createSpentStore } from '../spent/store.ts'
import { endTrust } from '../trusted-devices/end.ts'
import { createUserStore } from '../users/store.ts'
import type { FactorBasis } from './basis.ts'
import { hasSecondFactor } from './policy.ts'
import { recoveryCodeMac, sealSecret } from './secrets.ts'
import { type NewAuthenticator, SETUP_TTL_SECONDS, type Setup, setupKey } from './setup.ts'
import { createFactorStore } from './store.ts'

export interface ActivateDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly clock: Clock
}

/** Enough for everybody's phones; each one more is another code that a guess could meet. */
export const MAX_AUTHENTICATORS = 5

/** What the person is told of. */
export type FactorChange = 'added' | 'replaced' | 'codes'

export interface Activation {
  readonly setup: Setup
  readonly ip: string
  /** The session it is done in, if there is one yet. */
  readonly sessionId?: string | undefined
  readonly basis: FactorBasis
}

export type ActivationOutcome =
  | 'activated'
  /** This very set-up was made to count before. */
  | 'done_before'
  /** Overtaken: the person has a second factor by now, another password, or is signed out. */
  | 'refused'
  /** The person has as many as anybody may. */
  | 'too_many'

/** The purpose under which set-ups are used up. */
export const FACTOR_SETUP = 'factor-setup'

/**
 * Makes what a set-up prepared count: authenticator, recovery codes, the records and the letter, all of it or nothing.
 * What was trusted before the change is not trusted after it.
 */
export async function activate(
  { database, ring, clock }: ActivateDeps,
  { setup, ip, sessionId, basis }: Activation,
  notice: (change: FactorChange, email: string, at: Date) => LetterContent,
): Promise<ActivationOutcome> {
  const { userId, authenticator, recoveryCodes } = setup
  return database.db.transaction(async (tx): Promise<ActivationOutcome> => {
    if (!(await basis.holds(tx))) return 'refused'
    const person = await createUserStore(tx).lock(userId)
    if (person === undefined || person.disabledAt !== null || person.leavesAt !== null)
      return 'refused'
    // Asked before the factors are looked at: they include what the first of two presses has just added, and the second
    // press would be told that it came too late.
    const spent = createSpentStore(tx)
    if (await spent.isSpent(FACTOR_SETUP, setupKey(setup))) return 'done_before'
    const factors = await createFactorStore(tx).factorsOf(userId)
    if (basis.onlyAsFirst && hasSecondFactor(factors)) return 'refused'
    // A set-up without an authenticator renews recovery codes only: they lead back to a factor, which must still be
    // there.
    if (authenticator === undefined && !hasSecondFactor(factors)) return 'refused'
    const isOneMore = authenticator !== undefined && authenticator.replaces === undefined
    if (isOneMore && factors.authenticators >= MAX_AUTHENTICATORS) return 'too_many'
    // Sent again, the same set-up would bring back what was removed, or codes that were used. It is remembered for
    // longer than it lives, since a copy whose code was proved later expires later.
    const until = addSeconds(setup.expiresAt, SETUP_TTL_SECONDS)
    if (!(await spent.spend(FACTOR_SETUP, setupKey(setup), until))) return 'done_before'

    const now = clock()
    const audit = createAuditStore(tx, clock)
    const change = await addAuthenticator(tx, ring, userId, authenticator, now)
    if (change !== 'codes') {
      const event = change === 'added' ? 'authenticator_added' : 'authenticator_replaced'
      const detail = { name: authenticator?.name }
      await audit.record({ event, userId, sessionId, ip, detail })
    }
    if (recoveryCodes !== undefined) {
      const macs = recoveryCodes.map((code) => recoveryCodeMac(ring, userId, code))
      await createFactorStore(tx).replaceRecoveryCodes(userId, macs, now)
      await audit.record({ event: 'recovery_codes_made', userId, sessionId, ip })
    }
    if (change !== 'codes')
      await endTrust(tx, clock, { userId, ip, because: `authenticator ${change}` })
    await createOutbox(tx, ring, clock).queue(notice(change, person.email, now))
    return 'activated'
  })
}

async function addAuthenticator(
  tx: Tx,
  ring: KeyRing,
  userId: string,
  authenticator: NewAuthenticator | undefined,
  now: Date,
): Promise<FactorChange> {
  if (authenticator === undefined) return 'codes'
  const { id, secret, provenStep, name, replaces } = authenticator
  if (provenStep === undefined || name === undefined)
    throw new Error('a set-up is activated before its first code')
  const store = createFactorStore(tx)
  const sealed = sealSecret(ring, userId, id, secret)
  await store.addAuthenticator(userId, { id, name, sealed, lastStep: provenStep, createdAt: now })
  const replaced = replaces !== undefined && (await store.remove(userId, replaces))
  return replaced ? 'replaced' : 'added'
}
