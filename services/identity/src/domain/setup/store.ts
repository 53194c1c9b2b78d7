import { and, eq, gt, isNull } from 'drizzle-orm'
import { addSeconds } from '../../platform/clock.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { randomToken } from '../../platform/crypto/random.ts'
import type { Db, Tx } from '../../platform/db/database.ts'
import { setupLinks } from './schema.ts'

const TTL_SECONDS = 3600

export interface SetupStore {
  /** A new link's token; only its hash is kept. */
  create(now: Date): Promise<string>
  isUsable(token: string, now: Date): Promise<boolean>
  /** Uses the link up; false when it was used, is unknown or too old. */
  use(token: string, now: Date): Promise<boolean>
  /** Whether a link was ever made: the first start makes one by itself. */
  wasEverCreated(): Promise<boolean>
}

export function createSetupStore(db: Db | Tx): SetupStore {
  const usable = (token: string, now: Date) =>
    and(
      eq(setupLinks.tokenHash, sha256(token)),
      isNull(setupLinks.usedAt),
      gt(setupLinks.expiresAt, now),
    )
  return {
    async create(now) {
      const token = randomToken()
      const expiresAt = addSeconds(now, TTL_SECONDS)
      await db.insert(setupLinks).values({ tokenHash: sha256(token), createdAt: now, expiresAt })
      return token
    },
    async isUsable(token, now) {
      const rows = await db.select().from(setupLinks).where(usable(token, now))
      return rows.length > 0
    },
    async use(token, now) {
      const used = await db
        .update(setupLinks)
        .set({ usedAt: now })
        .where(usable(token, now))
        .returning({ tokenHash: setupLinks.tokenHash })
      return used.length > 0
    },
    async wasEverCreated() {
      const rows = await db.select({ at: setupLinks.createdAt }).from(setupLinks).limit(1)
      return rows.length > 0
    },
  }
}
