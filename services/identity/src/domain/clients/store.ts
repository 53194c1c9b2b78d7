import { asc, eq, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import { createTimedCache, type TimedCache } from '../../platform/timed-cache.ts'
import { CLIENT_ID, type Client, type ClientMetadata } from './client.ts'
import { clients } from './schema.ts'

export interface ClientStore {
  find(id: string): Promise<Client | undefined>
  all(): Promise<Client[]>
  save(client: Client, at: Date): Promise<void>
}

interface ClientRow {
  readonly id: string
  readonly secretHash: string | null
  readonly metadata: ClientMetadata
}

const toClient = (row: ClientRow): Client => ({
  id: row.id,
  secretHash: row.secretHash ?? undefined,
  metadata: row.metadata,
})

export function createClientStore(db: Db | Tx): ClientStore {
  const columns = { id: clients.id, secretHash: clients.secretHash, metadata: clients.metadata }
  const byId = db
    .select(columns)
    .from(clients)
    .where(eq(clients.id, sql.placeholder('id')))
    .prepare('client_by_id')
  return {
    async find(id) {
      // What no client can be called never reaches the database: PostgreSQL refuses text with NUL.
      if (!CLIENT_ID.test(id)) return undefined
      const [row] = await byId.execute({ id })
      return row === undefined ? undefined : toClient(row)
    },
    async all() {
      return (await db.select(columns).from(clients).orderBy(asc(clients.id))).map(toClient)
    },
    async save({ id, secretHash, metadata }, at) {
      await db
        .insert(clients)
        .values({ id, secretHash: secretHash ?? null, metadata, createdAt: at, updatedAt: at })
        .onConflictDoUpdate({
          target: clients.id,
          set: {
            secretHash: sql`excluded.secret_hash`,
            metadata: sql`excluded.metadata`,
            updatedAt: sql`excluded.updated_at`,
          },
        })
    },
  }
}

/** Clients as every request needs them: from memory for a few seconds. Grants check the row itself. */
export function createClientDirectory(
  store: ClientStore,
  ttlMs = 5000,
): TimedCache<Client | undefined> {
  const cache = createTimedCache((id) => store.find(id), { ttlMs, max: 1000 })
  return {
    // Whatever strangers call a client_id must not become a key of the cache.
    get: async (id) => (CLIENT_ID.test(id) ? cache.get(id) : undefined),
    clear: () => cache.clear(),
  }
}
