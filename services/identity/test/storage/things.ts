// A schema that has nothing to do with identity, for tests of the platform alone.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import type { Test } from 'tap'

import {
  type Database,
  type DatabaseOptions,
  openDatabase,
} from '../../src/platform/db/database.ts'
import { emptyPostgresUrl, type Kind } from '../helpers/database.ts'

export const things = pgTable('things', {
  id: integer('id').primaryKey(),
  name: text('name').notNull().unique(),
})

export const parts = pgTable('parts', {
  id: integer('id').primaryKey(),
  thingId: integer('thing_id').notNull(),
})

export const thingMigrations = fileURLToPath(
  new URL('../../../test/storage/fixtures/migrations', import.meta.url),
)

/** An empty database with these migrations pending. */
export async function openThings(
  t: Test,
  kind: Kind,
  url?: string,
  options: DatabaseOptions = {},
): Promise<Database> {
  const database = await openDatabase(
    url ?? (kind === 'pglite' ? 'pglite:memory' : await emptyPostgresUrl(t)),
    { migrationsFolder: thingMigrations, ...options },
  )
  t.teardown(() => database.close())
  return database
}

/** Another process with the same storage code. */
export function startProcess(script: string, ...args: string[]) {
  return fork(fileURLToPath(new URL(script, import.meta.url)), args, { execArgv: [], silent: true })
}

/** Waits until the condition holds; throws after ten seconds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** What the work threw; throws when it did not. */
export async function failure(work: PromiseLike<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('did not fail')
}
