import type { ThrottleStore } from '../throttles/store.ts'

/**
 * One budget for all second factors of an account, apart from that of its password. Whoever uses it up every day stays
 * below the limit of a hundred tries (NIST SP 800-63B-4 §3.2.2) for days, and each day the person is told by mail.
 */
const BUDGETS = [
  { what: 'second-factor', tries: 10, windowSeconds: 900 },
  { what: 'second-factor-day', tries: 50, windowSeconds: 86_400 },
] as const

/**
 * Takes one try before it is made: however many come at once, no more are granted. Seconds to wait when none is left.
 */
export async function takeFactorTry(
  throttles: ThrottleStore,
  userId: string,
  now: Date,
): Promise<{ retryAfterSeconds: number } | undefined> {
  for (const { what, ...budget } of BUDGETS) {
    const take = await throttles.take(what, userId, budget, now)
    if (take.kind === 'exhausted') return { retryAfterSeconds: take.retryAfterSeconds }
  }
  return undefined
}

/** Gives the tries back after a right one. */
export async function resetFactorTries(throttles: ThrottleStore, userId: string): Promise<void> {
  for (const { what } of BUDGETS) await throttles.reset(what, userId)
}
