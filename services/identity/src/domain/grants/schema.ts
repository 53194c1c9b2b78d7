import { boolean, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/columns.ts'
import type { ClaimsRequest } from '../authorization/claims-request.ts'
import { clients } from '../clients/schema.ts'
import { sessions } from '../sessions/schema.ts'
import { users } from '../users/schema.ts'

/** One redeemed authorization code and all tokens that descend from it. */
export const grants = pgTable(
  'grants',
  {
    /** Made with the code, so that redeeming it twice meets this key. */
    id: uuid('id').primaryKey(),
    clientId: text('client_id')
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    scopes: text('scopes').array().notNull(),
    resources: text('resources').array().notNull(),
    claims: jsonb('claims').$type<ClaimsRequest>(),
    authTime: instant('auth_time').notNull(),
    amr: text('amr').array().notNull(),
    acr: text('acr').notNull(),
    /** Whether refresh tokens exist at all for this grant. */
    refreshable: boolean('refreshable').notNull(),
    /** Random part of the refresh token's MAC input: a leaked key ring alone forges nothing. */
    salt: text('salt').notNull(),
    /** Refresh tokens issued so far, counted from 1; only the newest rotates. */
    generation: integer('generation').notNull(),
    /** When the newest generation was issued; its access token's `iat`. */
    rotatedAt: instant('rotated_at').notNull(),
    /** What the newest generation's access token was issued for, so that a repeated answer is the same answer. */
    issuedScopes: text('issued_scopes').array().notNull(),
    issuedAudience: text('issued_audience').notNull(),
    idleExpiresAt: instant('idle_expires_at').notNull(),
    /** Set at sign-in, never moved by rotation (RFC 10017: a rotated token does not outlive the first). */
    expiresAt: instant('expires_at').notNull(),
    createdAt: instant('created_at').notNull(),
    endedAt: instant('ended_at'),
    endedBecause: text('ended_because').$type<GrantEnd>(),
  },
  (table) => [
    index('grants_user_id').on(table.userId),
    index('grants_session_id').on(table.sessionId),
    index('grants_expires_at').on(table.expiresAt),
  ],
)

export type GrantEnd =
  | 'code_replayed'
  | 'refresh_token_replayed'
  | 'revoked_by_client'
  | 'session_ended'
  | 'consent_withdrawn'

/** Access tokens revoked by themselves (RFC 7009) before they expire. */
export const revokedAccessTokens = pgTable('revoked_access_tokens', {
  jti: text('jti').primaryKey(),
  expiresAt: instant('expires_at').notNull(),
})
