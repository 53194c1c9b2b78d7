import { isUuid } from '../../platform/crypto/uuid.ts'
import type { Database } from '../../platform/db/database.ts'
import { type LogKind, OWN_EVENTS, type OwnEvent, eventsOf } from './events.ts'
import { type LogRow, createSecurityLogStore } from './store.ts'

export interface OwnLogDeps {
  readonly database: Database
}

export interface LogQuery {
  /** How many events; more than 200 are not given at once. */
  readonly limit: number
  /** The id of an event of this person: only what was before it. */
  readonly before?: string | undefined
  readonly kind?: LogKind | undefined
}

/** An event of the own account. */
export interface LogEntry {
  readonly id: string
  readonly at: Date
  readonly event: OwnEvent
  readonly kind: LogKind
  readonly ip: string | undefined
  readonly userAgent: string | undefined
  readonly app: { readonly clientId: string; readonly name: string } | undefined
  /** Names of the fields that were changed. */
  readonly fields: readonly string[]
}

export interface OwnLog {
  readonly entries: readonly LogEntry[]
  /** The `before` of the next page; undefined when this is the last one. */
  readonly older: string | undefined
}

const MAX_ENTRIES = 200

/** What happened to a person's account, newest first. */
export async function ownLog(
  { database }: OwnLogDeps,
  userId: string,
  { limit, before, kind }: LogQuery,
): Promise<OwnLog> {
  if (before !== undefined && !isUuid(before)) return { entries: [], older: undefined }
  const count = Math.max(1, Math.min(limit, MAX_ENTRIES))
  const store = createSecurityLogStore(database.db)
  // One more than shown tells whether there is another page.
  const rows = await store.eventsOf(userId, eventsOf(kind), count + 1, before)
  const entries = rows.slice(0, count).flatMap(entryOf)
  return { entries, older: rows.length > count ? entries.at(-1)?.id : undefined }
}

function entryOf({ event, clientId, clientName, detail, ...row }: LogRow): LogEntry[] {
  if (!isOwn(event)) return []
  return [
    {
      id: row.id,
      at: row.at,
      event,
      kind: OWN_EVENTS[event],
      ip: row.ip ?? undefined,
      userAgent: row.userAgent ?? undefined,
      app: clientId === null ? undefined : { clientId, name: clientName ?? clientId },
      fields: fieldsOf(detail),
    },
  ]
}

function isOwn(event: string): event is OwnEvent {
  return Object.hasOwn(OWN_EVENTS, event)
}

function fieldsOf(detail: Record<string, unknown> | null): string[] {
  const fields = detail?.['fields']
  return Array.isArray(fields) ? fields.filter((name) => typeof name === 'string') : []
}
