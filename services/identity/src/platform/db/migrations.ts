import { fileURLToPath } from 'node:url'

import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'

import type { Db } from './contract.ts'
import { rowsOf } from './rows.ts'

/** The generated SQL beside the sources: five levels above the compiled file. */
export const migrationsFolder = fileURLToPath(new URL('../../../../migrations', import.meta.url))

/** Counts the migrations of the folder that the database lacks, by the migrator's own rule. */
export async function countPending(db: Db, folder: string): Promise<number> {
  const [known] = rowsOf<{ name: string | null }>(
    await db.execute(sql`select to_regclass('drizzle.__drizzle_migrations')::text as name`),
  )
  const all = readMigrationFiles({ migrationsFolder: folder })
  if (known === undefined || known.name === null) return all.length
  const [last] = rowsOf<{ at: string | null }>(
    await db.execute(sql`select max(created_at)::text as at from drizzle.__drizzle_migrations`),
  )
  // The migrator compares times only, so a database ahead of this version has nothing pending.
  const appliedAt = Number(last?.at ?? -1)
  return all.filter(({ folderMillis }) => folderMillis > appliedAt).length
}
