import { and, desc, eq, gt, isNull, lt, ne, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import { consents } from '../consents/schema.ts'
import { passwords } from '../credentials/schema.ts'
import { users } from '../users/schema.ts'
import { sessions } from './schema.ts'
import type { SignedIn, SignedInDevice, Standing } from './session.ts'

export interface NewSession {
  readonly id: string
  readonly tokenHash: string
  readonly userId: string
  readonly authTime: Date
  /** Now, where the proof is older. */
  readonly seenAt?: Date | undefined
  readonly amr: readonly string[]
  readonly acr: string
  readonly idleExpiresAt: Date
  readonly expiresAt: Date
  readonly userAgent?: string | undefined
  readonly ip?: string | undefined
}

/** What a further proof makes of a session. */
export interface RaisedSession {
  readonly id: string
  readonly userId: string
  /** The cookie value that it has now, and the one that it gets. */
  readonly from: string
  readonly tokenHash: string
  readonly amr: readonly string[]
  readonly acr: string
  readonly userAgent: string | undefined
  readonly ip: string
}

export interface SessionStore {
  /**
   * Whether a proof still holds, and holds it until the transaction ends: the person may sign in, and the password is
   * still the one it was checked against. Whoever disables, removes or resets waits, and then ends the session as well.
   */
  holdProof(userId: string, passwordHash: string | undefined): Promise<boolean>
  create(session: NewSession): Promise<void>
  /** Renews a session of the same person after a new proof: new cookie value, new times. False when it has ended. */
  renew(session: NewSession): Promise<boolean>
  /**
   * Makes a session worth more after a further proof, under a new cookie value; its times stay. False when it has
   * ended, or is under another value already: of however many at once, one raises it.
   */
  raise(session: RaisedSession, now: Date): Promise<boolean>
  find(tokenHash: string, now: Date): Promise<SignedIn | undefined>
  /** Those of the sessions that live, in no order. */
  findAll(tokenHashes: readonly string[], now: Date): Promise<SignedIn[]>
  standing(tokenHash: string, clientId: string, now: Date): Promise<Standing | undefined>
  touch(id: string, now: Date, idleExpiresAt: Date): Promise<void>
  /** Ends a session for good, and with it every grant made in it. False when it had ended before. */
  end(id: string, now: Date): Promise<boolean>
  /** The same, for a session that must be of this person. */
  endOwn(userId: string, id: string, now: Date): Promise<boolean>
  /** Whether a session is this person's, and nobody has ended it. */
  isOpen(userId: string, id: string): Promise<boolean>
  /** Whether there is such a session of this person, live or not. */
  isOf(userId: string, id: string): Promise<boolean>
  /** Ends all sessions of a person but perhaps one, and with them their grants; returns their ids. */
  endAllOf(userId: string, now: Date, except?: string): Promise<string[]>
  /** The devices on which a person is signed in now, last seen first. */
  devicesOf(userId: string, now: Date): Promise<SignedInDevice[]>
  /** Deletes what expired before a moment: long enough ago that no grant made in it can live. */
  deleteExpired(before: Date): Promise<void>
}

export function createSessionStore(db: Db | Tx): SessionStore {
  const isLive = and(
    isNull(sessions.endedAt),
    gt(sessions.idleExpiresAt, sql`${sql.placeholder('now')}::timestamptz`),
    gt(sessions.expiresAt, sql`${sql.placeholder('now')}::timestamptz`),
    isNull(users.disabledAt),
    isNull(users.leavesAt),
  )
  const live = and(eq(sessions.tokenHash, sql.placeholder('tokenHash')), isLive)
  const session = {
    id: sessions.id,
    tokenHash: sessions.tokenHash,
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
  const byTokens = db
    .select({ session, account })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(sql`${sessions.tokenHash} = any(${sql.placeholder('tokenHashes')}::text[])`, isLive))
    .prepare('sessions_by_tokens')
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
    async holdProof(userId, passwordHash) {
      const mayEnter = and(eq(users.id, userId), isNull(users.disabledAt), isNull(users.leavesAt))
      if (passwordHash === undefined) {
        const held = await db.select({ id: users.id }).from(users).where(mayEnter).for('share')
        return held.length > 0
      }
      // The password first, as a reset does: two that lock in different orders would wait for each other.
      const held = await db
        .select({ id: users.id })
        .from(passwords)
        .innerJoin(users, eq(users.id, passwords.userId))
        .where(and(mayEnter, eq(passwords.hash, passwordHash)))
        .for('share')
      return held.length > 0
    },
    async create({ amr, seenAt, ...row }) {
      const at = seenAt ?? row.authTime
      await db.insert(sessions).values({ ...row, amr: [...amr], createdAt: at, lastSeenAt: at })
    },
    async renew({ id, userId, amr, seenAt, ...row }) {
      const renewed = await db
        .update(sessions)
        .set({ ...row, amr: [...amr], lastSeenAt: seenAt ?? row.authTime })
        .where(and(eq(sessions.id, id), eq(sessions.userId, userId), isNull(sessions.endedAt)))
        .returning({ id: sessions.id })
      return renewed.length > 0
    },
    async raise({ id, userId, from, tokenHash, amr, acr, userAgent, ip }, now) {
      const raised = await db
        .update(sessions)
        .set({ tokenHash, amr: [...amr], acr, userAgent, ip, lastSeenAt: now })
        .where(
          and(
            eq(sessions.id, id),
            eq(sessions.userId, userId),
            eq(sessions.tokenHash, from),
            isNull(sessions.endedAt),
            gt(sessions.idleExpiresAt, now),
            gt(sessions.expiresAt, now),
          ),
        )
        .returning({ id: sessions.id })
      return raised.length > 0
    },
    async find(tokenHash, now) {
      const [row] = await byToken.execute({ tokenHash, now })
      return row
    },
    async findAll(tokenHashes, now) {
      return byTokens.execute({ tokenHashes, now })
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
    async endOwn(userId, id, now) {
      const own = and(eq(sessions.id, id), eq(sessions.userId, userId), isNull(sessions.endedAt))
      const ended = await db
        .update(sessions)
        .set({ endedAt: now })
        .where(own)
        .returning({ id: sessions.id })
      return ended.length > 0
    },
    async isOf(userId, id) {
      const own = and(eq(sessions.id, id), eq(sessions.userId, userId))
      return (await db.select({ id: sessions.id }).from(sessions).where(own)).length > 0
    },
    async isOpen(userId, id) {
      const open = and(eq(sessions.id, id), eq(sessions.userId, userId), isNull(sessions.endedAt))
      return (await db.select({ id: sessions.id }).from(sessions).where(open)).length > 0
    },
    async endAllOf(userId, now, except) {
      const others = except === undefined ? undefined : ne(sessions.id, except)
      const ended = await db
        .update(sessions)
        .set({ endedAt: now })
        .where(and(eq(sessions.userId, userId), isNull(sessions.endedAt), others))
        .returning({ id: sessions.id })
      return ended.map(({ id }) => id)
    },
    async devicesOf(userId, now) {
      const { id, createdAt, lastSeenAt, authTime, ip, userAgent } = sessions
      return db
        .select({ id, createdAt, lastSeenAt, authTime, ip, userAgent })
        .from(sessions)
        .where(
          and(
            eq(sessions.userId, userId),
            isNull(sessions.endedAt),
            gt(sessions.idleExpiresAt, now),
            gt(sessions.expiresAt, now),
          ),
        )
        .orderBy(desc(lastSeenAt), desc(id))
    },
    async deleteExpired(before) {
      await db.delete(sessions).where(lt(sessions.expiresAt, before))
    },
  }
}
