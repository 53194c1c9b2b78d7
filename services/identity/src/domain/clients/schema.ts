import { jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/columns.ts'
import type { ClientMetadata } from './client.ts'

export const clients = pgTable('clients', {
  id: text('id').primaryKey(),
  /** SHA-256: secrets are random, so a slow hash would only slow every token request. */
  secretHash: text('secret_hash'),
  metadata: jsonb('metadata').$type<ClientMetadata>().notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
})
