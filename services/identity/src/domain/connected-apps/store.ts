import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import { audit } from '../audit/schema.ts'
import type { ClientMetadata } from '../clients/client.ts'
import { clients } from '../clients/schema.ts'
import { consents } from '../consents/schema.ts'
import { grants } from '../grants/schema.ts'
import { sessions } from '../sessions/schema.ts'

/** What a person allowed one application. */
export interface ConsentRow {
  readonly clientId: string
  readonly metadata: ClientMetadata
  readonly permissions: readonly string[]
  readonly grantedAt: Date
  /** The first yes since the last time access was removed, where the log still knows it. */
  readonly firstGrantedAt: Date | null
}

/** A grant that an application can use now. */
export interface LiveGrantRow {
  readonly clientId: string
  readonly metadata: ClientMetadata
  readonly scopes: readonly string[]
  readonly resources: readonly string[]
  readonly refreshable: boolean
  readonly createdAt: Date
  readonly rotatedAt: Date
}

export interface ConnectedAppStore {
  consentsOf(userId: string): Promise<ConsentRow[]>
  liveGrantsOf(userId: string, now: Date): Promise<LiveGrantRow[]>
  /** Forgets what the person allowed; false when there was nothing. */
  deleteConsent(userId: string, clientId: string): Promise<boolean>
  /** Whether the person has removed this application's access before. */
  wasWithdrawn(userId: string, clientId: string): Promise<boolean>
  /** Ends every grant of the application for this person; returns how many could still be used. */
  endGrants(userId: string, clientId: string, now: Date): Promise<number>
}

export function createConnectedAppStore(db: Db | Tx): ConnectedAppStore {
  const ofUser = (userId: string) => ({
    firstGrantedAt: sql<Date | null>`(
      select min(yes.at) from ${audit} yes
      where yes.user_id = ${userId} and yes.client_id = ${consents.clientId} and yes.event = 'consent_granted'
        and yes.at > coalesce((
          select max(no.at) from ${audit} no
          where no.user_id = ${userId} and no.client_id = ${consents.clientId} and no.event = 'consent_withdrawn'
        ), '-infinity')
    )`.mapWith(consents.grantedAt),
  })

  return {
    async consentsOf(userId) {
      const { clientId, permissions, grantedAt } = consents
      return db
        .select({ clientId, metadata: clients.metadata, permissions, grantedAt, ...ofUser(userId) })
        .from(consents)
        .innerJoin(clients, eq(clients.id, clientId))
        .where(eq(consents.userId, userId))
    },
    async liveGrantsOf(userId, now) {
      const { clientId, scopes, resources, refreshable, createdAt, rotatedAt } = grants
      return db
        .select({
          clientId,
          metadata: clients.metadata,
          scopes,
          resources,
          refreshable,
          createdAt,
          rotatedAt,
        })
        .from(grants)
        .innerJoin(clients, eq(clients.id, clientId))
        .innerJoin(sessions, eq(sessions.id, grants.sessionId))
        .where(
          and(
            eq(grants.userId, userId),
            isNull(grants.endedAt),
            isNull(sessions.endedAt),
            gt(grants.expiresAt, now),
            gt(grants.idleExpiresAt, now),
          ),
        )
    },
    async deleteConsent(userId, clientId) {
      const gone = await db
        .delete(consents)
        .where(and(eq(consents.userId, userId), eq(consents.clientId, clientId)))
        .returning({ clientId: consents.clientId })
      return gone.length > 0
    },
    async wasWithdrawn(userId, clientId) {
      const noted = await db
        .select({ id: audit.id })
        .from(audit)
        .where(
          and(
            eq(audit.userId, userId),
            eq(audit.clientId, clientId),
            eq(audit.event, 'consent_withdrawn'),
          ),
        )
        .limit(1)
      return noted.length > 0
    },
    async endGrants(userId, clientId, now) {
      const ended = await db
        .update(grants)
        .set({ endedAt: now, endedBecause: 'consent_withdrawn' })
        .where(
          and(eq(grants.userId, userId), eq(grants.clientId, clientId), isNull(grants.endedAt)),
        )
        .returning({ expiresAt: grants.expiresAt })
      return ended.filter(({ expiresAt }) => expiresAt > now).length
    },
  }
}
