import { randomUUID } from 'node:crypto'

import { PGlite } from '@electric-sql/pglite'
import type { Test } from 'tap'

import { type Database, openDatabase } from '../../src/platform/db/database.ts'
import { embeddedDatabase } from '../../src/platform/db/embedded.ts'
import { startParams } from '../../src/platform/db/embedded-settings.ts'
import { migrationsFolder } from '../../src/platform/db/migrations.ts'
import { databaseUrl, migratedSnapshot, migratedTemplate, onServer } from './migrated-template.ts'
import { postgresServer } from './postgres-server.ts'

export type Kind = Database['kind']

/** What storage tests run over; races mean something on PostgreSQL only. */
export const kinds: readonly Kind[] = ['pglite', 'postgres']

/** A migrated database of the test's own, closed and gone at its end. Throws without PostgreSQL. */
export async function testDatabase(t: Test, kind: Kind): Promise<Database> {
  if (kind === 'postgres') {
    const database = await openDatabase(await postgresUrl(t))
    // Before the database is dropped: tap runs the last teardown first.
    t.teardown(() => database.close())
    return database
  }
  const client = new PGlite({ startParams, loadDataDir: await migratedSnapshot() })
  await client.waitReady
  const database = embeddedDatabase(client, { migrationsFolder, release: () => undefined })
  t.teardown(() => database.close())
  return database
}

/** The URL of a migrated PostgreSQL database of the test's own, for processes that it starts. */
export async function postgresUrl(t: Test): Promise<string> {
  return copyOf(t, await migratedTemplate())
}

/** The same without any table, for tests of the migrations themselves. */
export async function emptyPostgresUrl(t: Test): Promise<string> {
  return copyOf(t, 'template1')
}

async function copyOf(t: Test, template: string): Promise<string> {
  const name = `signet_test_${randomUUID().replaceAll('-', '')}`
  await onServer((client) => client.query(`create database ${name} template ${template}`))
  t.teardown(() => onServer((client) => client.query(`drop database ${name} with (force)`)))
  return databaseUrl(name)
}

/**
 * For the `skip` option of tests on PostgreSQL: false where there is one, else the reason.
 * Throws instead of skipping where CI=true, so that a green run there has tested all.
 */
export async function withoutPostgres(): Promise<string | false> {
  try {
    await postgresServer()
    return false
  } catch (error) {
    if (process.env['CI'] === 'true') throw error
    return error instanceof Error ? error.message : String(error)
  }
}

/** Skips a whole test file where there is no PostgreSQL. */
export async function needsPostgres(t: Pick<Test, 'plan'>): Promise<void> {
  const skip = await withoutPostgres()
  if (skip === false) return
  t.plan(0, skip)
  process.exit(0)
}
