import { index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/columns.ts'

/** Mail waiting to be sent: written with the change it tells of, so that neither is ever without the other. */
export const outbox = pgTable(
  'outbox',
  {
    id: uuid('id').primaryKey(),
    /** The letter, sealed: it holds links and codes that open accounts. */
    sealed: text('sealed').notNull(),
    attempts: integer('attempts').notNull(),
    /** Not before; moved into the future by whoever is sending it now. */
    dueAt: instant('due_at').notNull(),
    createdAt: instant('created_at').notNull(),
    sentAt: instant('sent_at'),
    lastFault: text('last_fault'),
  },
  (table) => [index('outbox_due_at').on(table.dueAt)],
)
