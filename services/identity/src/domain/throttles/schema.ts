import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/columns.ts'

/** Budgets of tries, counted before the try, so that parallel ones do not widen them. */
export const throttles = pgTable('throttles', {
  key: text('key').primaryKey(),
  used: integer('used').notNull(),
  windowEndsAt: instant('window_ends_at').notNull(),
})
