import { index, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/columns.ts'

/** One-time values that were kept nowhere else and have been used: challenges, upstream transactions, event ids. */
export const spent = pgTable(
  'spent',
  {
    /** Purpose and SHA-256 of the value. */
    key: text('key').primaryKey(),
    /** When the value would be refused for its age alone. */
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('spent_expires_at').on(table.expiresAt)],
)
