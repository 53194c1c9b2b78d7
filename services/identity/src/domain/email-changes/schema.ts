import { index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/columns.ts'
import { users } from '../users/schema.ts'

/** New addresses that wait for their proof; the old one stays in force until then. One a person: the newest wins. */
export const emailChanges = pgTable(
  'email_changes',
  {
    userId: uuid('user_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Tells this change from one before it, in links and codes. */
    id: uuid('id').notNull().unique(),
    /** Canonical form, see users/email.ts. */
    email: text('email').notNull(),
    /** Keyed hash of the mailed code; none when no code was mailed, and then no code is right. */
    codeMac: text('code_mac'),
    codeExpiresAt: instant('code_expires_at').notNull(),
    /** Tries made at the present code. */
    tries: integer('tries').notNull(),
    lastAskedAt: instant('last_asked_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('email_changes_expires_at').on(table.expiresAt)],
)
