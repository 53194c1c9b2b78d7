import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import { consents } from '../consents/schema.ts'
import { users } from '../users/schema.ts'
import { sessions } from './schema.ts'
import type { SignedIn, Standing } from './session.ts'

export interface NewSession {
  readonly id: string
  readonly tokenHash: string
  readonly userId: string
  readonly authTime: Date
  readonly amr: readonly string[]
  readonly acr: string
  readonly idleExpiresAt: Date
  readonly expiresAt: Date
}

export interface SessionStore {
  create(session: NewSession): Promise<void>
  /** Renews a session of the same person after a new proof: new cookie value, new times. False when it has ended. */
  renew(session: NewSession): Promise<boolean>
  find(tokenHash: string, now: Date): Promise<SignedIn | undefined>
  standing(tokenHash: string, clientId: string, now: Date): Promise<Standing | undefined>
  touch(id: string, now: Date, idleExpiresAt: Date): Promise<void>
  /** Ends a session for good, and with it every grant made in it. False when it had ended before. */
  end(id: string, now: Date): Promise<boolean>
  /** Ends all sessions of a person, and with them every grant; returns their ids. */
  endAllOf(userId: string, now: Date): Promise<string[]>
  /** Deletes what expired before a moment: long enough ago that no grant made in it can live. */
  deleteExpired(before: Date): Promise<void>
}

export function createSessionStore(db: Db | Tx): SessionStore {
  const live = and(
    eq(sessions.tokenHash, sql.placeholder('tokenHash')),
    isNull(sessions.endedAt),
    gt(sessions.idleExpiresAt, sql`${sql.placeholder('now')}::timestamptz`),
    gt(sessions.expiresAt, sql`${sql.placeholder('now')}::timestamptz`),
    isNull(users.disabledAt),
  )
  const session = {
    id: sessions.id,
    userId: sessions.userId,
    authTime: sessions.authTime,
    amr: sessions.amr,
    acr: sessions.acr,
    lastSeenAt: sessions.lastSeenAt,
    expiresAt: sessions.expiresAt,
  }
  const account = {
    id: users.id,
    email: users.email,
    emailVerified: users.emailVerified,
    claims: users.claims,
    roles: users.roles,
    updatedAt: users.updatedAt,
  }
  const byToken = db
    .select({ session, account })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(live)
    .prepare('session_by_token')
  const standing = db
    .select({
      session,
      account,
      permissions: consents.permissions,
      consentedAt: consents.grantedAt,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .leftJoin(
      consents,
      and(eq(consents.userId, sessions.userId), eq(consents.clientId, sql.placeholder('clientId'))),
    )
    .where(live)
    .prepare('session_standing')

  return {
    async create({ amr, ...row }) {
      const at = row.authTime
      await db.insert(sessions).values({ ...row, amr: [...amr], createdAt: at, lastSeenAt: at })
    },
    async renew({ id, userId, tokenHash, authTime, amr, acr, idleExpiresAt, expiresAt }) {
      const renewed = await db
        .update(sessions)
        .set({
          tokenHash,
          authTime,
          amr: [...amr],
          acr,
          lastSeenAt: authTime,
          idleExpiresAt,
          expiresAt,
        })
        .where(and(eq(sessions.id, id), eq(sessions.userId, userId), isNull(sessions.endedAt)))
        .returning({ id: sessions.id })
      return renewed.length > 0
    },
    async find(tokenHash, now) {
      const [row] = await byToken.execute({ tokenHash, now })
      return row
    },
    async standing(tokenHash, clientId, now) {
      const [row] = await standing.execute({ tokenHash, clientId, now })
      if (row === undefined) return undefined
      return {
        ...row,
        permissions: row.permissions ?? [],
        consentedAt: row.consentedAt ?? undefined,
      }
    },
    async touch(id, now, idleExpiresAt) {
      await db.update(sessions).set({ lastSeenAt: now, idleExpiresAt }).where(eq(sessions.id, id))
    },
    async end(id, now) {
      const ended = await db
        .update(sessions)
        .set({ endedAt: now })
        .where(and(eq(sessions.id, id), isNull(sessions.endedAt)))
        .returning({ id: sessions.id })
      return ended.length > 0
    },
    async endAllOf(userId, now) {
      const ended = await db
        .update(sessions)
        .set({ endedAt: now })
        .where(and(eq(sessions.userId, userId), isNull(sessions.endedAt)))
        .returning({ id: sessions.id })
      return ended.map(({ id }) => id)
    },
    async deleteExpired(before) {
      await db.delete(sessions).where(lt(sessions.expiresAt, before))
    },
  }
}
