// Databases that are migrated already: made once per set of migrations, then copied.
import { createHash, randomUUID } from 'node:crypto'
import { openAsBlob, readdirSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'

import { openDatabase } from '../../src/platform/db/database.ts'
import { embeddedDatabase } from '../../src/platform/db/embedded.ts'
import { startParams } from '../../src/platform/db/embedded-settings.ts'
import { emptySnapshot, keepFirst, serverVersion } from '../../src/platform/db/embedded-snapshot.ts'
import { migrationsFolder } from '../../src/platform/db/migrations.ts'
import { postgresServer } from './postgres-server.ts'

const cacheFolder = fileURLToPath(new URL('../../../node_modules/.cache/signet', import.meta.url))

/** A name that changes with any migration. */
function migrationsHash(): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(migrationsFolder).toSorted()) {
    if (name.endsWith('.sql')) hash.update(name).update(readFileSync(join(migrationsFolder, name)))
  }
  return hash.digest('hex').slice(0, 12)
}

/** A migrated embedded database as a file to load: seconds the first time, then none. */
export async function migratedSnapshot(): Promise<Blob> {
  const cached = join(cacheFolder, `migrated-${await serverVersion()}-${migrationsHash()}.tar`)
  try {
    return await openAsBlob(cached)
  } catch {
    const client = new PGlite({ startParams, loadDataDir: await emptySnapshot() })
    await client.waitReady
    const database = embeddedDatabase(client, { migrationsFolder, release: () => undefined })
    await database.migrate()
    const dump = await client.dumpDataDir('none')
    await database.close()
    await mkdir(cacheFolder, { recursive: true })
    const making = join(cacheFolder, `making-${randomUUID()}`)
    await writeFile(making, Buffer.from(await dump.arrayBuffer()))
    await keepFirst(making, cached)
    await rm(making, { force: true })
    return await openAsBlob(cached)
  }
}

let template: Promise<string> | undefined

/** The name of a migrated database on the server, to be copied; nobody may be connected to it. */
export function migratedTemplate(): Promise<string> {
  return (template ??= makeTemplate())
}

async function makeTemplate(): Promise<string> {
  const name = `signet_template_${migrationsHash()}`
  await onServer(async (client) => {
    // A server given by TEST_DATABASE_URL is shared with the files that run beside this one.
    await client.query('select pg_advisory_lock(730012)')
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name])
    if (rowCount === 1) return
    const making = `signet_making_${randomUUID().replaceAll('-', '')}`
    await client.query(`create database ${making}`)
    const database = await openDatabase(await databaseUrl(making), { poolSize: 1 })
    try {
      await database.migrate()
    } finally {
      await database.close()
    }
    await client.query(`alter database ${making} rename to ${name}`)
  })
  return name
}

/** Runs work on a connection to the server's own database. */
export async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: await postgresServer() })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** The URL of another database on the same server. */
export async function databaseUrl(name: string): Promise<string> {
  return (await postgresServer()).replace(/^(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${name}`)
}
