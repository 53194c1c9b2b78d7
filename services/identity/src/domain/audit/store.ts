import type { Clock } from '../../platform/clock.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import type { Db, Tx } from '../../platform/db/database.ts'
import type { AuditEntry } from './event.ts'
import { audit } from './schema.ts'

export interface AuditStore {
  /** Records a decision. Build the store on the transaction of the change it describes. */
  record(entry: AuditEntry): Promise<void>
}

export function createAuditStore(db: Db | Tx, clock: Clock): AuditStore {
  return {
    async record(entry) {
      const at = clock()
      await db.insert(audit).values({ id: uuidv7(at), at, ...entry })
    },
  }
}
