import { integer, jsonb, pgTable } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/columns.ts'

/** One row: what the configuration file says under `settings`, defaults left out. */
export const settings = pgTable('settings', {
  id: integer('id').primaryKey(),
  values: jsonb('values').$type<Record<string, unknown>>().notNull(),
  updatedAt: instant('updated_at').notNull(),
})
