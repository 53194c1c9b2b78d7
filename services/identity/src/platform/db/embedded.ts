import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'

import { channelName } from './channel.ts'
import type { Database } from './contract.ts'
import { openFolder } from './embedded-folder.ts'
import { compileOnce, startParams } from './embedded-settings.ts'
import { emptySnapshot } from './embedded-snapshot.ts'
import { countPending } from './migrations.ts'
import { withTimeLimit } from './time-limit.ts'

const PING_TIMEOUT_MS = 2_000

export interface EmbeddedSettings {
  readonly onError: (error: Error) => void
  readonly migrationsFolder: string
}

/**
 * Opens the embedded database in a folder, or in memory when none is given.
 *
 * What is acknowledged survives the death of the process, not of the machine: nothing is ever
 * fsynced. One connection serves everything, on this thread, and `statement_timeout` has no effect.
 * Throws when another process holds the folder, naming it.
 */
export async function openEmbedded(
  folder: string | undefined,
  { onError, migrationsFolder }: EmbeddedSettings,
): Promise<Database> {
  const held = folder === undefined ? undefined : await openFolder(folder, onError)
  compileOnce()
  const client = new PGlite(
    held === undefined
      ? { startParams, loadDataDir: await emptySnapshot() }
      : { startParams, dataDir: held.dataFolder },
  )
  try {
    await client.waitReady
  } catch (error) {
    await held?.release()
    throw error
  }
  return embeddedDatabase(client, { migrationsFolder, release: () => held?.release() })
}

interface Parts {
  readonly migrationsFolder: string
  readonly release: () => Promise<void> | undefined
}

/** Makes a Database of a running embedded server. */
export function embeddedDatabase(client: PGlite, { migrationsFolder, release }: Parts): Database {
  const db = drizzle({ client })
  const locks = new Set<string>()
  let closing: Promise<void> | undefined

  return {
    kind: 'pglite',
    db,
    async ping() {
      await withTimeLimit('the database', PING_TIMEOUT_MS, client.query('select 1'))
    },
    migrate: () => migrate(db, { migrationsFolder }),
    pendingMigrations: () => countPending(db, migrationsFolder),
    async vacuum() {
      // A single-user server has neither autovacuum nor a checkpointer: without these two its
      // tables and its log grow for ever, and a restart after a kill replays the whole log.
      await client.exec('vacuum')
      await client.exec('checkpoint')
    },
    async withLock(name, work) {
      // Advisory locks exclude nobody here: there is one session, and they are re-entrant.
      if (locks.has(name)) return false
      locks.add(name)
      try {
        await work()
        return true
      } finally {
        locks.delete(name)
      }
    },
    async listen(channel, heard) {
      const unlisten = await client.listen(channelName(channel), heard)
      return () => unlisten()
    },
    async notify(channel, payload) {
      await db.execute(sql`select pg_notify(${channelName(channel)}, ${payload})`)
    },
    close: () =>
      (closing ??= (async () => {
        try {
          await client.close()
        } finally {
          await release()
        }
      })()),
  }
}
