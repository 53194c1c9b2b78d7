import { and, eq, lt } from 'drizzle-orm'
import { type Clock, addSeconds } from '../../platform/clock.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import type { Db, Tx } from '../../platform/db/database.ts'
import type { AuditEntry, AuditEvent } from './event.ts'
import { audit } from './schema.ts'

export interface AuditStore {
  /** Records a decision. Build the store on the transaction of the change it describes. */
  record(entry: AuditEntry): Promise<void>
  /** Whether something has ever happened to a person. */
  happened(userId: string, event: AuditEvent): Promise<boolean>
  /** Forgets what is older than `retentionSeconds`; nothing when that is 0. */
  deleteOld(retentionSeconds: number): Promise<void>
}

export function createAuditStore(db: Db | Tx, clock: Clock): AuditStore {
  return {
    async record(entry) {
      const at = clock()
      await db.insert(audit).values({ id: uuidv7(at), at, ...entry })
    },
    async happened(userId, event) {
      const found = await db
        .select({ id: audit.id })
        .from(audit)
        .where(and(eq(audit.userId, userId), eq(audit.event, event)))
        .limit(1)
      return found.length > 0
    },
    async deleteOld(retentionSeconds) {
      if (retentionSeconds === 0) return
      await db.delete(audit).where(lt(audit.at, addSeconds(clock(), -retentionSeconds)))
    },
  }
}
