import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import { createThrottleStore } from '../throttles/store.ts'
import { resetFactorTries, takeFactorTry } from './budget.ts'

export interface FactorTryDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly clock: Clock
}

/** One try at a second factor of a person who has shown the first. */
export interface FactorTry {
  readonly userId: string
  readonly by: 'totp' | 'recovery-code' | 'passkey'
  readonly ip: string
  /** To the person, when the tries are used up: somebody who guesses here has come past the first factor. */
  readonly guessed: (at: Date) => LetterContent
}

export type FactorTried<Right> =
  | { readonly kind: 'right'; readonly shown: Right }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }

const LETTER = 'second-factor-letter'
/** One letter tells as much as many. */
const LETTERS = { tries: 1, windowSeconds: 86_400 } as const

/** Makes one try out of the budget that all second factors of an account share, and records what came of it. */
export async function tryFactor<Right>(
  { database, ring, clock }: FactorTryDeps,
  { userId, by, ip, guessed }: FactorTry,
  check: (now: Date) => Promise<Right | undefined>,
): Promise<FactorTried<Right>> {
  const now = clock()
  const throttles = createThrottleStore(database.db)
  const wait = await takeFactorTry(throttles, userId, now)
  if (wait !== undefined) {
    await database.db.transaction(async (tx) => {
      const audit = createAuditStore(tx, clock)
      await audit.record({ event: 'second_factor_throttled', userId, ip, detail: { by } })
      const first = await createThrottleStore(tx).take(LETTER, userId, LETTERS, now)
      if (first.kind === 'taken') await createOutbox(tx, ring, clock).queue(guessed(now))
    })
    return { kind: 'throttled', ...wait }
  }
  const shown = await check(now)
  if (shown === undefined) {
    const audit = createAuditStore(database.db, clock)
    await audit.record({ event: 'second_factor_failed', userId, ip, detail: { by } })
    return { kind: 'wrong' }
  }
  await resetFactorTries(throttles, userId)
  return { kind: 'right', shown }
}
