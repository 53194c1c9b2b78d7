import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import { audit } from '../audit/schema.ts'
import { clients } from '../clients/schema.ts'
import { sessions } from '../sessions/schema.ts'
import type { OwnEvent } from './events.ts'

export interface LogRow {
  readonly id: string
  readonly at: Date
  readonly event: string
  readonly ip: string | null
  readonly userAgent: string | null
  readonly clientId: string | null
  readonly clientName: string | null
  readonly detail: Record<string, unknown> | null
}

export interface SecurityLogStore {
  /** A person's events of these names, newest first; of a page after the first, those before the event of that id. */
  eventsOf(
    userId: string,
    names: readonly OwnEvent[],
    limit: number,
    before?: string,
  ): Promise<LogRow[]>
}

export function createSecurityLogStore(db: Db | Tx): SecurityLogStore {
  return {
    async eventsOf(userId, names, limit, before) {
      // By time first, as the index is; the person's own event only, so that the id of another says nothing.
      const older =
        before === undefined
          ? undefined
          : sql`(${audit.at}, ${audit.id}) < (
              select last.at, last.id from ${audit} last where last.id = ${before} and last.user_id = ${userId})`
      return db
        .select({
          id: audit.id,
          at: audit.at,
          event: audit.event,
          ip: audit.ip,
          userAgent: sql<
            string | null
          >`coalesce(${audit.detail} ->> 'userAgent', ${sessions.userAgent})`,
          clientId: audit.clientId,
          clientName: sql<string | null>`${clients.metadata} ->> 'client_name'`,
          detail: audit.detail,
        })
        .from(audit)
        .leftJoin(sessions, and(eq(sessions.id, audit.sessionId), eq(sessions.userId, userId)))
        .leftJoin(clients, eq(clients.id, audit.clientId))
        .where(and(eq(audit.userId, userId), inArray(audit.event, [...names]), older))
        .orderBy(desc(audit.at), desc(audit.id))
        .limit(limit)
    },
  }
}
