import { jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/columns.ts'

/** APIs that trust our access tokens. */
export const resources = pgTable('resources', {
  /** The audience of its access tokens, RFC 8707. */
  identifier: text('identifier').primaryKey(),
  name: text('name').notNull(),
  /** Scope name to the words a person reads on the consent page. */
  scopes: jsonb('scopes').$type<Record<string, string>>().notNull(),
  updatedAt: instant('updated_at').notNull(),
})
