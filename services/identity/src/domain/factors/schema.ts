import { bigint, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/columns.ts'
import { users } from '../users/schema.ts'

/** Authenticator apps that a person has proved. None is here before its first right code. */
export const authenticators = pgTable(
  'authenticators',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** The secret, sealed with the ids of person and factor as associated data. */
    sealed: text('sealed').notNull(),
    /** The last time step that was accepted; only later ones are (RFC 6238 §5.2). */
    lastStep: bigint('last_step', { mode: 'number' }).notNull(),
    createdAt: instant('created_at').notNull(),
    lastUsedAt: instant('last_used_at').notNull(),
  },
  (table) => [index('authenticators_user_id').on(table.userId)],
)

/** The present set of a person: a new set takes the place of all of these. */
export const recoveryCodes = pgTable(
  'recovery_codes',
  {
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Keyed hash: fifty bits are enough against guessing online, not against a copy of the table. */
    mac: text('mac').notNull(),
    createdAt: instant('created_at').notNull(),
    usedAt: instant('used_at'),
  },
  (table) => [primaryKey({ columns: [table.userId, table.mac] })],
)
