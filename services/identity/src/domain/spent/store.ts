import { eq, lt } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { spent } from './schema.ts'

export interface SpentStore {
  /** Uses a one-time value up. Of however many callers at once, one is told that it was the first. */
  spend(purpose: string, value: string, expiresAt: Date): Promise<boolean>
  /** Whether a value was used up before. Only `spend` decides: another caller may be about to use it up. */
  isSpent(purpose: string, value: string): Promise<boolean>
  deleteExpired(now: Date): Promise<void>
}

const keyOf = (purpose: string, value: string) => `${purpose}:${sha256(value)}`

export function createSpentStore(db: Db | Tx): SpentStore {
  return {
    async spend(purpose, value, expiresAt) {
      const first = await db
        .insert(spent)
        .values({ key: keyOf(purpose, value), expiresAt })
        .onConflictDoNothing()
        .returning({ key: spent.key })
      return first.length > 0
    },
    async isSpent(purpose, value) {
      const found = await db
        .select({ key: spent.key })
        .from(spent)
        .where(eq(spent.key, keyOf(purpose, value)))
      return found.length > 0
    },
    async deleteExpired(now) {
      await db.delete(spent).where(lt(spent.expiresAt, now))
    },
  }
}
