import { boolean, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/columns.ts'
import { users } from '../users/schema.ts'

export const passwords = pgTable('passwords', {
  userId: uuid('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** PHC string of argon2. */
  hash: text('hash').notNull(),
  /** False for a hash brought from elsewhere, until the next sign-in replaces it. */
  peppered: boolean('peppered').notNull(),
  changedAt: instant('changed_at').notNull(),
})

/** Keys that must outlive a change of the key ring; sealed by it. */
export const peppers = pgTable('peppers', {
  id: text('id').primaryKey(),
  sealed: text('sealed').notNull(),
  createdAt: instant('created_at').notNull(),
})
