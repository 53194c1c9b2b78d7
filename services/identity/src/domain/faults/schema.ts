import { index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/columns.ts'

/** What `signet why` tells of a refusal: which check failed, what was expected and what came. Kept a few days. */
export const faults = pgTable(
  'faults',
  {
    /** The id that the error page or answer showed. */
    id: text('id').primaryKey(),
    at: instant('at').notNull(),
    /** The error code, as pages and answers spell it. */
    code: text('code').notNull(),
    status: integer('status').notNull(),
    method: text('method').notNull(),
    path: text('path').notNull(),
    clientId: text('client_id'),
    /** Check, expected, received, advice: see fault.ts. */
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull(),
  },
  (table) => [index('faults_at').on(table.at)],
)
