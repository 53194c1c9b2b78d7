import { and, eq, gt, lt, lte, sql } from 'drizzle-orm'
import { addSeconds } from '../../platform/clock.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import type { Db, Tx } from '../../platform/db/database.ts'
import { throttles } from './schema.ts'

export type Take =
  | { readonly kind: 'taken' }
  | {
      readonly kind: 'exhausted'
      readonly retryAfterSeconds: number
      readonly windowEndsAt: Date
    }

export interface Budget {
  readonly tries: number
  readonly windowSeconds: number
}

export interface ThrottleStore {
  /** Takes one try from the budget, before the try is made: however many come at once, the database grants no more. */
  take(what: string, who: string, budget: Budget, now: Date): Promise<Take>
  /** Gives back one try that was taken at a moment: it failed nobody. A window begun since then owes it nothing. */
  giveBack(what: string, who: string, budget: Budget, takenAt: Date): Promise<void>
  /** How many tries of the present window are used. */
  used(what: string, who: string, now: Date): Promise<number>
  /** Gives the whole budget back, after a success. */
  reset(what: string, who: string): Promise<void>
  deleteExpired(now: Date): Promise<void>
}

/** Hashed, so that the table holds no list of addresses that strangers have typed. */
const keyOf = (what: string, who: string) => `${what}:${sha256(who)}`

export function createThrottleStore(db: Db | Tx): ThrottleStore {
  return {
    async take(what, who, { tries, windowSeconds }, now) {
      const key = keyOf(what, who)
      const over = sql`${throttles.windowEndsAt} <= ${now.toISOString()}::timestamptz`
      const taken = await db
        .insert(throttles)
        .values({ key, used: 1, windowEndsAt: addSeconds(now, windowSeconds) })
        .onConflictDoUpdate({
          target: throttles.key,
          set: {
            used: sql`case when ${over} then 1 else ${throttles.used} + 1 end`,
            windowEndsAt: sql`case when ${over} then excluded.window_ends_at else ${throttles.windowEndsAt} end`,
          },
          setWhere: sql`${over} or ${throttles.used} < ${tries}`,
        })
        .returning({ key: throttles.key })
      if (taken.length > 0) return { kind: 'taken' }
      const [row] = await db.select().from(throttles).where(eq(throttles.key, key))
      const windowEndsAt = row?.windowEndsAt ?? now
      const left = (windowEndsAt.getTime() - now.getTime()) / 1000
      return { kind: 'exhausted', retryAfterSeconds: Math.max(1, Math.ceil(left)), windowEndsAt }
    },
    async giveBack(what, who, { windowSeconds }, takenAt) {
      await db
        .update(throttles)
        .set({ used: sql`${throttles.used} - 1` })
        .where(
          and(
            eq(throttles.key, keyOf(what, who)),
            gt(throttles.used, 0),
            lte(throttles.windowEndsAt, addSeconds(takenAt, windowSeconds)),
          ),
        )
    },
    async used(what, who, now) {
      const [row] = await db
        .select({ used: throttles.used })
        .from(throttles)
        .where(and(eq(throttles.key, keyOf(what, who)), gt(throttles.windowEndsAt, now)))
      return row?.used ?? 0
    },
    async reset(what, who) {
      await db.delete(throttles).where(eq(throttles.key, keyOf(what, who)))
    },
    async deleteExpired(now) {
      await db.delete(throttles).where(lt(throttles.windowEndsAt, now))
    },
  }
}
