import { sql } from 'drizzle-orm'
import { boolean, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/columns.ts'
import type { ProfileClaims } from './claims.ts'

export const users = pgTable('users', {
  /** The subject of tokens: stable for life, never an e-mail address. */
  id: uuid('id').primaryKey(),
  /** Canonical form, see email.ts. */
  email: text('email').notNull().unique(),
  emailVerified: boolean('email_verified').notNull().default(false),
  claims: jsonb('claims').$type<ProfileClaims>().notNull().default({}),
  roles: text('roles')
    .array()
    .notNull()
    .default(sql`'{}'`),
  disabledAt: instant('disabled_at'),
  /** Set when the person asked to leave: the account is gone after this, and nobody signs in to it meanwhile. */
  leavesAt: instant('leaves_at'),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
})
