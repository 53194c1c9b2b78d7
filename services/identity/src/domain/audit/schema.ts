import { index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/columns.ts'
import type { AuditEvent } from './event.ts'

/** Append-only. No foreign keys: the record outlives what it speaks of. */
export const audit = pgTable(
  'audit',
  {
    id: uuid('id').primaryKey(),
    at: instant('at').notNull(),
    event: text('event').$type<AuditEvent>().notNull(),
    userId: uuid('user_id'),
    clientId: text('client_id'),
    sessionId: uuid('session_id'),
    grantId: uuid('grant_id'),
    ip: text('ip'),
    detail: jsonb('detail').$type<Record<string, unknown>>(),
  },
  (table) => [index('audit_at').on(table.at), index('audit_user_id_at').on(table.userId, table.at)],
)
