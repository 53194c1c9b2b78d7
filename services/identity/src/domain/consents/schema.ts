import { pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/columns.ts'
import { clients } from '../clients/schema.ts'
import { users } from '../users/schema.ts'

/** What a user allowed a client, lasting until withdrawn. */
export const consents = pgTable(
  'consents',
  {
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    clientId: text('client_id')
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    /** Permissions as oauth/scope.ts spells them, so that one scope name of two APIs stays two permissions. */
    permissions: text('permissions').array().notNull(),
    /** When the person last said yes: what `prompt=consent` is measured by. */
    grantedAt: instant('granted_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.clientId] })],
)
