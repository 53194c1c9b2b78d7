import { eq, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import { consents } from './schema.ts'

export interface ConsentStore {
  /** Adds permissions to what the person allowed before and notes the time of this yes. */
  grant(userId: string, clientId: string, permissions: readonly string[], at: Date): Promise<void>
  /** Forgets everything that was allowed in a person's name. */
  removeAllOf(userId: string): Promise<void>
}

export function createConsentStore(db: Db | Tx): ConsentStore {
  return {
    async grant(userId, clientId, permissions, at) {
      await db
        .insert(consents)
        .values({ userId, clientId, permissions: [...permissions], grantedAt: at })
        .onConflictDoUpdate({
          target: [consents.userId, consents.clientId],
          set: {
            permissions: sql`array(select distinct unnest(${consents.permissions} || excluded.permissions))`,
            grantedAt: sql`excluded.granted_at`,
          },
        })
    },
    async removeAllOf(userId) {
      await db.delete(consents).where(eq(consents.userId, userId))
    },
  }
}
