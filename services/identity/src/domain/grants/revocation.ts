import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { AuditEvent } from '../audit/event.ts'
import { createAuditStore } from '../audit/store.ts'
import type { GrantEnd } from './schema.ts'
import { createGrantStore } from './store.ts'

export interface GrantRevocation {
  /** Ends a grant and records why, together; false when there was nothing left to end. */
  end(grantId: string, because: GrantEnd, event: AuditEvent): Promise<boolean>
  /** Ends one access token before its time and records it, together. */
  endAccessToken(token: {
    readonly jti: string
    readonly grantId: string | undefined
    readonly clientId: string
    readonly expiresAt: Date
  }): Promise<void>
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
    async endAccessToken({ jti, grantId, clientId, expiresAt }) {
      await database.db.transaction(async (tx) => {
        await createGrantStore(tx).revokeAccessToken(jti, expiresAt)
        const event = 'access_token_revoked'
        await createAuditStore(tx, clock).record({ event, clientId, grantId, detail: { jti } })
      })
    },
  }
}
