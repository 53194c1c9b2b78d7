import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm'
import { addSeconds } from '../../platform/clock.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import type { Db, Tx } from '../../platform/db/database.ts'
import { audit } from '../audit/schema.ts'
import type { CodeContent } from '../authorization/code.ts'
import { clients } from '../clients/schema.ts'
import { consents } from '../consents/schema.ts'
import { sessions } from '../sessions/schema.ts'
import { users } from '../users/schema.ts'
import type { Grant, GrantStanding } from './grant.ts'
import { type GrantEnd, grants, revokedAccessTokens } from './schema.ts'

export interface Redemption {
  readonly code: CodeContent
  readonly refreshable: boolean
  readonly salt: string
  readonly issuedAudience: string
  readonly idleExpiresAt: Date
  readonly expiresAt: Date
  readonly now: Date
}

export interface Rotation {
  readonly grantId: string
  readonly clientId: string
  readonly generation: number
  readonly salt: string
  /** Narrower scopes for this access token (RFC 6749 §6); all of the grant's when undefined. */
  readonly scopes: readonly string[] | undefined
  /** Another of the grant's resources (RFC 8707 §2.2); the first when undefined. */
  readonly resource: string | undefined
  /** Audience of a grant that names no resource. */
  readonly defaultAudience: string
  readonly idleExpiresAt: Date
  readonly now: Date
}

export interface GrantStore {
  /** Makes the grant a code stands for, in one statement. Undefined: the code was redeemed before, or its session or user is gone. */
  redeem(redemption: Redemption): Promise<Grant | undefined>
  /** Moves the grant to its next generation, in one statement. Undefined: see refreshVerdict. */
  rotate(rotation: Rotation): Promise<Grant | undefined>
  find(id: string): Promise<GrantStanding | undefined>
  /** Ends the grant; false when it had ended before. */
  end(id: string, because: GrantEnd, now: Date): Promise<boolean>
  revokeAccessToken(jti: string, expiresAt: Date): Promise<void>
  /** The grant behind an access token and whether the token itself was revoked. */
  behindToken(
    grantId: string,
    jti: string,
  ): Promise<(GrantStanding & { tokenRevoked: boolean }) | undefined>
  isAccessTokenRevoked(jti: string): Promise<boolean>
  deleteExpired(now: Date): Promise<number>
}

/** Clocks of nodes differ; what still counts for one is not deleted by another. */
const CLOCK_MARGIN_SECONDS = 300

const user = {
  id: users.id,
  email: users.email,
  emailVerified: users.emailVerified,
  claims: users.claims,
  roles: users.roles,
  updatedAt: users.updatedAt,
}
const grant = {
  id: grants.id,
  clientId: grants.clientId,
  sessionId: grants.sessionId,
  scopes: grants.scopes,
  resources: grants.resources,
  claimsRequest: grants.claims,
  authTime: grants.authTime,
  amr: grants.amr,
  acr: grants.acr,
  refreshable: grants.refreshable,
  salt: grants.salt,
  generation: grants.generation,
  rotatedAt: grants.rotatedAt,
  issuedScopes: grants.issuedScopes,
  issuedAudience: grants.issuedAudience,
  idleExpiresAt: grants.idleExpiresAt,
  expiresAt: grants.expiresAt,
  endedAt: grants.endedAt,
  endedBecause: grants.endedBecause,
}

const p = (name: string) => sql.placeholder(name)

/**
 * The code's grant and its audit row, if and only if its session, user and client stand, and so does the person's yes:
 * that row is held until the grant is there, so that taking the yes back finds it (connected-apps/withdraw.ts).
 */
function prepareRedeem(db: Db | Tx) {
  const made = db.$with('made').as(
    db
      .insert(grants)
      .select(
        sql`select ${p('id')}::uuid, ${clients.id}, ${users.id}, ${sessions.id}, ${p('scopes')}::text[],
          ${p('resources')}::text[], ${p('claims')}::jsonb, ${p('authTime')}::timestamptz, ${p('amr')}::text[],
          ${p('acr')}::text, ${p('refreshable')}::boolean, ${p('salt')}::text, 1, ${p('now')}::timestamptz,
          ${p('scopes')}::text[], ${p('issuedAudience')}::text, ${p('idleExpiresAt')}::timestamptz,
          ${p('expiresAt')}::timestamptz, ${p('now')}::timestamptz, null, null
        from ${sessions}
          join ${users} on ${users.id} = ${sessions.userId}
          join ${clients} on ${clients.id} = ${p('clientId')}::text
        where ${sessions.id} = ${p('sessionId')}::uuid and ${sessions.userId} = ${p('userId')}::uuid
          and ${sessions.endedAt} is null and ${sessions.expiresAt} > ${p('now')}::timestamptz
          and ${users.disabledAt} is null
          and (cardinality(${p('scopes')}::text[]) = 0 or ${clients.metadata} ->> 'consent' = 'implicit' or exists (
            select from ${consents}
            where ${consents.userId} = ${users.id} and ${consents.clientId} = ${clients.id} for share))`,
      )
      .onConflictDoNothing()
      .returning(),
  )
  const noted = db.$with('noted').as(
    db
      .insert(audit)
      .select(
        sql`select ${p('auditId')}::uuid, made.created_at, 'grant_created', made.user_id, made.client_id,
          made.session_id, made.id, null, null from made`,
      )
      .returning({ noted: audit.id }),
  )
  return db
    .with(made, noted)
    .select()
    .from(made)
    .innerJoin(users, eq(users.id, made.userId))
    .prepare('grant_redeem')
}

function prepareRotate(db: Db | Tx) {
  return (
    db
      .update(grants)
      .set({
        generation: sql`${grants.generation} + 1`,
        rotatedAt: sql`${p('now')}::timestamptz`,
        issuedScopes: sql`coalesce(${p('scopes')}::text[], ${grants.scopes})`,
        issuedAudience: sql`coalesce(${p('resource')}::text, ${grants.resources}[1], ${p('defaultAudience')}::text)`,
        // The idle end moves with use, the absolute end set at sign-in never does.
        idleExpiresAt: sql`least(${p('idleExpiresAt')}::timestamptz, ${grants.expiresAt})`,
      })
      .from(users)
      // The join's own condition may not name the updated table, so it stands below.
      .innerJoin(sessions, sql`true`)
      .where(
        and(
          eq(grants.id, p('grantId')),
          eq(grants.salt, p('salt')),
          eq(grants.clientId, p('clientId')),
          eq(grants.generation, p('generation')),
          eq(grants.refreshable, true),
          isNull(grants.endedAt),
          gt(grants.idleExpiresAt, sql`${p('now')}::timestamptz`),
          gt(grants.expiresAt, sql`${p('now')}::timestamptz`),
          sql`(${p('scopes')}::text[] is null or ${grants.scopes} @> ${p('scopes')}::text[])`,
          sql`(${p('resource')}::text is null or ${p('resource')}::text = any(${grants.resources}))`,
          eq(users.id, grants.userId),
          isNull(users.disabledAt),
          eq(sessions.id, grants.sessionId),
          isNull(sessions.endedAt),
        ),
      )
      .returning({ ...grant, user })
      .prepare('grant_rotate')
  )
}

function prepareBehindToken(db: Db | Tx) {
  return db
    .select({
      ...grant,
      user,
      sessionEndedAt: sessions.endedAt,
      userDisabledAt: users.disabledAt,
      tokenRevoked: sql<boolean>`exists (select 1 from ${revokedAccessTokens} where ${revokedAccessTokens.jti} = ${p('jti')})`,
    })
    .from(grants)
    .innerJoin(users, eq(users.id, grants.userId))
    .innerJoin(sessions, eq(sessions.id, grants.sessionId))
    .where(eq(grants.id, p('grantId')))
    .prepare('grant_behind_token')
}

export function createGrantStore(db: Db | Tx): GrantStore {
  const redeem = prepareRedeem(db)
  const rotate = prepareRotate(db)
  const behindToken = prepareBehindToken(db)

  return {
    async redeem({ code, ...redemption }) {
      const [made] = await redeem.execute({
        id: code.grantId,
        auditId: uuidv7(redemption.now),
        clientId: code.clientId,
        userId: code.userId,
        sessionId: code.sessionId,
        scopes: code.scopes,
        resources: code.resources,
        claims: code.claims === undefined ? null : JSON.stringify(code.claims),
        authTime: code.authTime,
        amr: code.amr,
        acr: code.acr,
        ...redemption,
      })
      if (made === undefined) return undefined
      const { claims, ...row } = made.made
      return { ...row, claimsRequest: claims, user: made.users }
    },
    async rotate({ scopes, resource, ...rotation }) {
      const [rotated] = await rotate.execute({
        ...rotation,
        scopes: scopes ?? null,
        resource: resource ?? null,
      })
      return rotated
    },
    async find(id) {
      const [found] = await behindToken.execute({ grantId: id, jti: '' })
      return found
    },
    async end(id, because, now) {
      const ended = await db
        .update(grants)
        .set({ endedAt: now, endedBecause: because })
        .where(and(eq(grants.id, id), isNull(grants.endedAt)))
        .returning({ id: grants.id })
      return ended.length > 0
    },
    async revokeAccessToken(jti, expiresAt) {
      await db.insert(revokedAccessTokens).values({ jti, expiresAt }).onConflictDoNothing()
    },
    async behindToken(grantId, jti) {
      const [found] = await behindToken.execute({ grantId, jti })
      return found
    },
    async isAccessTokenRevoked(jti) {
      const rows = await db
        .select({ jti: revokedAccessTokens.jti })
        .from(revokedAccessTokens)
        .where(eq(revokedAccessTokens.jti, jti))
      return rows.length > 0
    },
    async deleteExpired(now) {
      await db.delete(revokedAccessTokens).where(lt(revokedAccessTokens.expiresAt, now))
      const gone = await db
        .delete(grants)
        .where(lt(grants.expiresAt, addSeconds(now, -CLOCK_MARGIN_SECONDS)))
        .returning({ id: grants.id })
      return gone.length
    },
  }
}
