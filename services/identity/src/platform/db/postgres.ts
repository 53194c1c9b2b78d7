import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'

import { channelName } from './channel.ts'
import type { Database } from './contract.ts'
import { countPending } from './migrations.ts'
import { createListener } from './postgres-listener.ts'
import { createTransaction } from './postgres-transaction.ts'
import { withTimeLimit } from './time-limit.ts'

const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 10_000
// The server's own limit never arrives over a connection that a firewall dropped in silence.
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 2_000
const PING_TIMEOUT_MS = 2_000
const MIGRATION_LOCK = 'signet:migrate'

export interface PostgresSettings {
  readonly onError: (error: Error) => void
  readonly migrationsFolder: string
  readonly poolSize: number
}

/** Opens a pool; throws when the server cannot be reached or refuses. */
export async function openPostgres(url: string, settings: PostgresSettings): Promise<Database> {
  const { onError, migrationsFolder } = settings
  const connection: pg.ClientConfig = {
    connectionString: url,
    application_name: 'signet',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  }
  const pool = new pg.Pool({
    ...connection,
    max: settings.poolSize,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    // A process that stops in the middle of a transaction must not keep its row locks.
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
  })
  pool.on('error', onError)
  // The pool hears an idle connection only; one lost while checked out would end the process.
  pool.on('connect', (client) => client.on('error', onError))
  const db = drizzle({ client: pool })
  db.transaction = createTransaction(pool)
  const listener = createListener(() => new pg.Client(connection), onError)

  /** A connection of its own: locks of the session die with it, and no pool setting applies. */
  async function withSession<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client(connection)
    client.on('error', onError)
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }

  let closing: Promise<void> | undefined
  const database: Database = {
    kind: 'postgres',
    db,
    async ping() {
      await withTimeLimit('the database', PING_TIMEOUT_MS, pool.query('select 1'))
    },
    async migrate() {
      await withSession(async (client) => {
        // The migrator takes no lock: without this all but one of several nodes fail at a first start.
        await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [MIGRATION_LOCK])
        // A change that waits for a table lock makes all traffic queue behind it: rather fail.
        await client.query(`set lock_timeout = '30s'`)
        await migrate(drizzle({ client }), { migrationsFolder })
      })
    },
    pendingMigrations: () => countPending(db, migrationsFolder),
    async vacuum() {
      // Autovacuum does it.
    },
    withLock: (name, work) =>
      // Not from the pool: holders that wait for a second connection would starve each other.
      withSession(async (client) => {
        const { rows } = await client.query<{ won: boolean }>(
          'select pg_try_advisory_lock(hashtextextended($1, 0)) as won',
          [`signet:lock:${name}`],
        )
        if (rows[0]?.won !== true) return false
        await work()
        return true
      }),
    listen: (channel, heard) => listener.listen(channelName(channel), heard),
    async notify(channel, payload) {
      await pool.query('select pg_notify($1, $2)', [channelName(channel), payload])
    },
    close: () => (closing ??= Promise.all([listener.close(), pool.end()]).then(() => undefined)),
  }
  try {
    // No limit of two seconds here: a cold server may need the whole connection time.
    await pool.query('select 1')
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}
