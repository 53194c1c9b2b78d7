import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { AuditEvent } from '../audit/event.ts'
import { createAuditStore } from '../audit/store.ts'
import type { GrantEnd } from './schema.ts'
import { createGrantStore } from './store.ts'

export interface GrantRevocation {
  /** Ends a grant and records why, together; false when there was nothing left to end. */
  end(grantId: string, because: GrantEnd, event: AuditEvent): Promise<boolean>
}

export function createGrantRevocation(database: Database, clock: Clock): GrantRevocation {
  return {
    async end(grantId, because, event) {
      return database.db.transaction(async (tx) => {
        const ended = await createGrantStore(tx).end(grantId, because, clock())
        if (ended) await createAuditStore(tx, clock).record({ event, grantId, detail: { because } })
        return ended
      })
    },
  }
}
