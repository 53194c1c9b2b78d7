// Inserts things for ever, two in a transaction, and tells of each one that was acknowledged.
import { openDatabase } from '../../src/platform/db/database.ts'
import { thingMigrations, things } from './things.ts'

const database = await openDatabase(process.argv[2] ?? '', { migrationsFolder: thingMigrations })
await database.migrate()
for (let id = Number(process.argv[3]); ; id += 2) {
  await database.db.transaction(async (tx) => {
    await tx.insert(things).values({ id, name: `thing ${id}` })
    await tx.insert(things).values({ id: id + 1, name: `thing ${id + 1}` })
  })
  process.send?.(id)
}
