import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { SealBrokenError } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/db/database.ts'
import { createThrottleStore } from '../throttles/store.ts'
import { resetFactorTries, takeFactorTry } from './budget.ts'
import { openSecret, recoveryCodeMatches } from './secrets.ts'
import { parseRecoveryCode } from './recovery-code.ts'
import { createFactorStore } from './store.ts'
import { totpStep } from './totp.ts'

export interface CodeCheckDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly clock: Clock
}

export type CodeCheck =
  | { readonly kind: 'right'; readonly by: 'totp' }
  | { readonly kind: 'right'; readonly by: 'recovery-code'; readonly left: number }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }

/** Decides a six-digit code against every authenticator of a person. Wrong, old, used: one answer. */
export async function checkTotp(
  deps: CodeCheckDeps,
  userId: string,
  code: string,
): Promise<CodeCheck> {
  return spendTry(deps, userId, async (now) => {
    const store = createFactorStore(deps.database.db)
    for (const { id, sealed, lastStep } of await store.authenticatorsOf(userId)) {
      const secret = openSecret(deps.ring, userId, id, sealed)
      if (secret === undefined) throw new SealBrokenError('an authenticator', sealed)
      const step = totpStep(secret, code, lastStep, now)
      if (step !== undefined && (await store.acceptStep(userId, id, step, now)))
        return { kind: 'right', by: 'totp' }
    }
    return { kind: 'wrong' }
  })
}

/** Decides a recovery code; a right one is used up. */
export async function checkRecoveryCode(
  deps: CodeCheckDeps,
  userId: string,
  typed: string,
): Promise<CodeCheck> {
  return spendTry(deps, userId, async (now) => {
    const store = createFactorStore(deps.database.db)
    const code = parseRecoveryCode(typed) ?? ''
    const macs = await store.unusedRecoveryCodes(userId)
    // All of them, so that the time tells nothing of which.
    const [mac] = macs.filter((known) => recoveryCodeMatches(deps.ring, userId, code, known))
    if (mac === undefined || !(await store.useRecoveryCode(userId, mac, now)))
      return { kind: 'wrong' }
    return { kind: 'right', by: 'recovery-code', left: macs.length - 1 }
  })
}

async function spendTry(
  { database, clock }: CodeCheckDeps,
  userId: string,
  check: (now: Date) => Promise<CodeCheck>,
): Promise<CodeCheck> {
  const now = clock()
  const throttles = createThrottleStore(database.db)
  const wait = await takeFactorTry(throttles, userId, now)
  if (wait !== undefined) return { kind: 'throttled', ...wait }
  const checked = await check(now)
  if (checked.kind === 'right') await resetFactorTries(throttles, userId)
  return checked
}
