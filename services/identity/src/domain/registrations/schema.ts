import { boolean, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/columns.ts'

/** Accounts that somebody asked for. None of them exists before its mailbox is proved. */
export const registrations = pgTable(
  'registrations',
  {
    id: uuid('id').primaryKey(),
    /** Canonical form, see users/email.ts. */
    email: text('email').notNull(),
    name: text('name').notNull(),
    passwordHash: text('password_hash').notNull(),
    peppered: boolean('peppered').notNull(),
    /** SHA-256 of the cookie of the browser it began in. */
    browserHash: text('browser_hash').notNull(),
    /** The authorization request to go on with, then the invitation that it began with; both sealed. */
    tx: text('tx'),
    /** Keyed hash of the mailed code; none when no code was mailed, and then no code is right. */
    codeMac: text('code_mac'),
    codeExpiresAt: instant('code_expires_at').notNull(),
    /** Tries made at the present code. */
    tries: integer('tries').notNull(),
    lastAskedAt: instant('last_asked_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    uniqueIndex('registrations_email_browser').on(table.email, table.browserHash),
    index('registrations_expires_at').on(table.expiresAt),
  ],
)
