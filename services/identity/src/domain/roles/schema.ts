import { pgTable, text } from 'drizzle-orm/pg-core'

export const roles = pgTable('roles', {
  name: text('name').primaryKey(),
  description: text('description').notNull(),
})
