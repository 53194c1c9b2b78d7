import { jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { JWK } from 'jose'
import { instant } from '../../platform/db/columns.ts'

/** Signing keys; their state follows from the times, see key-state.ts. */
export const signingKeys = pgTable('signing_keys', {
  /** The `kid`: JWK thumbprint (RFC 7638). */
  id: text('id').primaryKey(),
  alg: text('alg').notNull(),
  publicJwk: jsonb('public_jwk').$type<JWK>().notNull(),
  /** Private JWK, sealed by the key ring with the kid as context. */
  sealed: text('sealed').notNull(),
  publishedAt: instant('published_at').notNull(),
  signsFrom: instant('signs_from').notNull(),
  /** From when on its successor signs; unset for the newest key. */
  retiredAt: instant('retired_at'),
  /** From when on it is no longer in the JWKS. */
  withdrawnAt: instant('withdrawn_at'),
  /** Set in an emergency: nothing signed by it is believed any more. */
  revokedAt: instant('revoked_at'),
})
