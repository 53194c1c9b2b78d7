import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import { audit } from '../audit/schema.ts'
import { clients } from '../clients/schema.ts'
import { consents } from '../consents/schema.ts'
import { passwords } from '../credentials/schema.ts'
import { emailChanges } from '../email-changes/schema.ts'
import { authenticators, recoveryCodes } from '../factors/schema.ts'
import { grants } from '../grants/schema.ts'
import { identities } from '../identities/schema.ts'
import { passkeys } from '../passkeys/schema.ts'
import { sessions } from '../sessions/schema.ts'
import { trustedDevices } from '../trusted-devices/schema.ts'
import type { ProfileClaims } from '../users/claims.ts'
import { users } from '../users/schema.ts'

export interface OwnAccount {
  readonly id: string
  readonly email: string
  readonly emailVerified: boolean
  readonly claims: ProfileClaims
  readonly roles: readonly string[]
  readonly createdAt: Date
  readonly updatedAt: Date
  /** None for a person who signs in by other means only. */
  readonly passwordChangedAt: Date | null
  readonly pendingEmail: string | null
  readonly pendingEmailAskedAt: Date | null
}

/** Where a page of rows begins: after this one. */
export interface Mark {
  readonly id: string
}
export interface TimedMark extends Mark {
  readonly at: Date
}

/** What is kept about one person: columns are named one by one, so that a secret added to a table stays out. */
export function createOwnDataStore(db: Db | Tx, rowsAtOnce: number) {
  const clientName = sql<string | null>`${clients.metadata} ->> 'client_name'`
  return {
    async account(userId: string): Promise<OwnAccount | undefined> {
      const [row] = await db
        .select({
          id: users.id,
          email: users.email,
          emailVerified: users.emailVerified,
          claims: users.claims,
          roles: users.roles,
          createdAt: users.createdAt,
          updatedAt: users.updatedAt,
          passwordChangedAt: passwords.changedAt,
          pendingEmail: emailChanges.email,
          pendingEmailAskedAt: emailChanges.lastAskedAt,
        })
        .from(users)
        .leftJoin(passwords, eq(passwords.userId, users.id))
        .leftJoin(emailChanges, eq(emailChanges.userId, users.id))
        .where(eq(users.id, userId))
      return row
    },

    async permissions(userId: string) {
      return db
        .select({
          clientId: consents.clientId,
          clientName,
          permissions: consents.permissions,
          grantedAt: consents.grantedAt,
        })
        .from(consents)
        .innerJoin(clients, eq(clients.id, consents.clientId))
        .where(eq(consents.userId, userId))
        .orderBy(asc(consents.clientId))
    },

    /** What a person signs in with besides a password: what it is called, never what it holds. */
    async factors(userId: string) {
      const { name, createdAt, lastUsedAt } = authenticators
      return {
        authenticators: await db
          .select({ name, createdAt, lastUsedAt })
          .from(authenticators)
          .where(eq(authenticators.userId, userId))
          .orderBy(asc(createdAt)),
        passkeys: await db
          .select({
            name: passkeys.name,
            createdAt: passkeys.createdAt,
            lastUsedAt: passkeys.lastUsedAt,
          })
          .from(passkeys)
          .where(eq(passkeys.userId, userId))
          .orderBy(asc(passkeys.createdAt)),
        recoveryCodes: await db
          .select({ createdAt: recoveryCodes.createdAt, usedAt: recoveryCodes.usedAt })
          .from(recoveryCodes)
          .where(eq(recoveryCodes.userId, userId)),
      }
    },

    /** Browsers that spare the person the second factor. */
    async trustedDevices(userId: string) {
      const { userAgent, ip, createdAt, lastUsedAt, expiresAt } = trustedDevices
      return db
        .select({ userAgent, ip, createdAt, lastUsedAt, expiresAt })
        .from(trustedDevices)
        .where(eq(trustedDevices.userId, userId))
        .orderBy(asc(createdAt))
    },

    /** Who the person is at other providers. */
    async identities(userId: string) {
      const { provider, issuer, subject, email, createdAt, lastUsedAt } = identities
      return db
        .select({ provider, issuer, subject, email, createdAt, lastUsedAt })
        .from(identities)
        .where(eq(identities.userId, userId))
        .orderBy(asc(createdAt))
    },

    /** Signed-in devices of now and of lately, oldest first. */
    async devices(userId: string, after: Mark | undefined) {
      return db
        .select({
          id: sessions.id,
          createdAt: sessions.createdAt,
          authTime: sessions.authTime,
          lastSeenAt: sessions.lastSeenAt,
          expiresAt: sessions.expiresAt,
          endedAt: sessions.endedAt,
          amr: sessions.amr,
          ip: sessions.ip,
          userAgent: sessions.userAgent,
        })
        .from(sessions)
        .where(and(eq(sessions.userId, userId), after && gt(sessions.id, after.id)))
        .orderBy(asc(sessions.id))
        .limit(rowsAtOnce)
    },

    /** Sign-ins to applications, oldest first. */
    async grants(userId: string, after: Mark | undefined) {
      return db
        .select({
          id: grants.id,
          clientId: grants.clientId,
          clientName,
          sessionId: grants.sessionId,
          scopes: grants.scopes,
          resources: grants.resources,
          createdAt: grants.createdAt,
          rotatedAt: grants.rotatedAt,
          expiresAt: grants.expiresAt,
          endedAt: grants.endedAt,
          endedBecause: grants.endedBecause,
        })
        .from(grants)
        .innerJoin(clients, eq(clients.id, grants.clientId))
        .where(and(eq(grants.userId, userId), after && gt(grants.id, after.id)))
        .orderBy(asc(grants.id))
        .limit(rowsAtOnce)
    },

    /** The security log, oldest first, by the order of its index. */
    async log(userId: string, after: TimedMark | undefined) {
      const later =
        after &&
        sql`(${audit.at}, ${audit.id}) > (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`
      return db
        .select({
          id: audit.id,
          at: audit.at,
          event: audit.event,
          clientId: audit.clientId,
          sessionId: audit.sessionId,
          ip: audit.ip,
          detail: audit.detail,
        })
        .from(audit)
        .where(and(eq(audit.userId, userId), later))
        .orderBy(asc(audit.at), asc(audit.id))
        .limit(rowsAtOnce)
    },
  }
}
export type OwnDataStore = ReturnType<typeof createOwnDataStore>
