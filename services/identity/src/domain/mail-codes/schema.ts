import { index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/columns.ts'

/** Six-digit codes that were mailed to prove a mailbox in the middle of a sign-in. */
export const mailCodes = pgTable(
  'mail_codes',
  {
    id: uuid('id').primaryKey(),
    /** What a right code is good for; one of another purpose is no code. */
    purpose: text('purpose').notNull(),
    /** Whom or what it is about: with the purpose and the browser it names the one code that counts, the newest. */
    subject: text('subject').notNull(),
    /** SHA-256 of the cookie of the browser it was asked in. */
    browserHash: text('browser_hash').notNull(),
    codeMac: text('code_mac').notNull(),
    codeExpiresAt: instant('code_expires_at').notNull(),
    /** Tries made at the present code. */
    tries: integer('tries').notNull(),
    lastAskedAt: instant('last_asked_at').notNull(),
    usedAt: instant('used_at'),
  },
  (table) => [
    uniqueIndex('mail_codes_subject').on(table.purpose, table.subject, table.browserHash),
    index('mail_codes_expires_at').on(table.codeExpiresAt),
  ],
)
