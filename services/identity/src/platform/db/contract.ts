// One type over PostgreSQL and the embedded database; nothing here knows what is stored in it.
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'

/**
 * The query builders, over either driver; there is no schema object, so never `db.query.*`.
 *
 * Inside `db.transaction(async (tx) => …)` use `tx` and nothing else. On the embedded database there
 * is one connection: a query on `db` waits for the transaction, and the transaction for the query,
 * for ever. On PostgreSQL the same mistake runs outside the transaction and takes a second connection.
 *
 * Count changed rows by `.returning({ id })`: the drivers disagree on everything else.
 */
export type Db = PgDatabase<PgQueryResultHKT>

export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]

export interface Database {
  readonly kind: 'postgres' | 'pglite'
  readonly db: Db
  /** Proves within two seconds that the database answers; throws when it does not. */
  ping(): Promise<void>
  /** Applies what is pending; any number of processes may call it at once. */
  migrate(): Promise<void>
  /** Migrations of this version that the database lacks; 0 when the database is ahead of it. */
  pendingMigrations(): Promise<number>
  /** Gives back the space of deleted rows; nothing to do on PostgreSQL, which does so by itself. */
  vacuum(): Promise<void>
  /**
   * Runs work when this process wins the named lock; returns false when another holder has it.
   * A lost connection frees the lock while work still runs, so work must bear being run twice.
   */
  withLock(name: string, work: () => Promise<void>): Promise<boolean>
  /**
   * Calls back on every notification, from any node, until the returned function is called.
   * After a lost connection it listens again and calls back once with '': something may have been missed.
   */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>
  /** Notifies every listener of every node; the payload stays under 8000 bytes. */
  notify(channel: string, payload: string): Promise<void>
  /** Waits for running queries and lets go of everything; may be called twice. */
  close(): Promise<void>
}
