import { SealBrokenError } from '../../platform/crypto/key-ring.ts'
import { createAuditStore } from '../audit/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import { parseRecoveryCode } from './recovery-code.ts'
import { openSecret, recoveryCodeMatches } from './secrets.ts'
import { createFactorStore } from './store.ts'
import { totpStep } from './totp.ts'
import { type FactorTried, type FactorTry, type FactorTryDeps, tryFactor } from './try-factor.ts'

/** Whose code, where from. */
export type CodeTry = Omit<FactorTry, 'by'>

/** Decides a six-digit code against every authenticator of a person. Wrong, old, used, no code at all: one answer. */
export async function checkTotp(
  deps: FactorTryDeps,
  attempt: CodeTry,
  code: string,
): Promise<FactorTried<true>> {
  const { userId } = attempt
  return tryFactor(deps, { ...attempt, by: 'totp' }, async (now) => {
    const store = createFactorStore(deps.database.db)
    for (const { id, sealed, lastStep } of await store.authenticatorsOf(userId)) {
      const secret = openSecret(deps.ring, userId, id, sealed)
      if (secret === undefined) throw new SealBrokenError('an authenticator', sealed)
      const step = totpStep(secret, code, lastStep, now)
      if (step !== undefined && (await store.acceptStep(userId, id, step, now))) return true
    }
    return undefined
  })
}

/** Decides a recovery code. A right one is used up, recorded and told of in one transaction. */
export async function checkRecoveryCode(
  deps: FactorTryDeps,
  attempt: CodeTry,
  typed: string,
  letter: (left: number, at: Date) => LetterContent,
): Promise<FactorTried<{ readonly left: number }>> {
  const { database, ring, clock } = deps
  const { userId, ip } = attempt
  return tryFactor(deps, { ...attempt, by: 'recovery-code' }, async (now) => {
    const code = parseRecoveryCode(typed) ?? ''
    return database.db.transaction(async (tx) => {
      const store = createFactorStore(tx)
      const macs = await store.unusedRecoveryCodes(userId)
      // All of them, so that the time tells nothing of which.
      const mac = macs.reduce<string | undefined>(
        (found, known) => (recoveryCodeMatches(ring, userId, code, known) ? known : found),
        undefined,
      )
      if (mac === undefined || !(await store.useRecoveryCode(userId, mac, now))) return undefined
      const left = (await store.unusedRecoveryCodes(userId)).length
      const audit = createAuditStore(tx, clock)
      await audit.record({ event: 'recovery_code_used', userId, ip, detail: { left } })
      await createOutbox(tx, ring, clock).queue(letter(left, now))
      return { left }
    })
  })
}
