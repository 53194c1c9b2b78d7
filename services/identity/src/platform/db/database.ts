import type { Database } from './contract.ts'
import { embeddedFolder } from './embedded-url.ts'
import { migrationsFolder } from './migrations.ts'

export type { Database, Db, Tx } from './contract.ts'

export interface DatabaseOptions {
  /** Hears of faults that belong to no query, such as a connection lost while idle. */
  readonly onError?: (error: Error) => void
  readonly migrationsFolder?: string
  /** Connections to PostgreSQL at most, beside one that listens. */
  readonly poolSize?: number
}

/**
 * Opens `postgres://…`, `pglite:<folder>` or `pglite:memory`.
 * Throws when the database does not answer, or when another process holds the folder.
 */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const settings = {
    onError: options.onError ?? (() => undefined),
    migrationsFolder: options.migrationsFolder ?? migrationsFolder,
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    // Only the driver in use is loaded: each costs 10 MB and more.
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres(url, { ...settings, poolSize: options.poolSize ?? 10 })
  }
  if (url === 'pglite:memory' || embeddedFolder(url) !== undefined) {
    const { openEmbedded } = await import('./embedded.ts')
    return openEmbedded(embeddedFolder(url), settings)
  }
  // The value itself stays out of the message: it may be a connection string with a password.
  throw new Error('the database URL must start with postgres:// or pglite:')
}
