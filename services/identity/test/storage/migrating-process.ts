// Migrates the database of its first argument as soon as it is told to.
import { openDatabase } from '../../src/platform/db/database.ts'
import { thingMigrations } from './things.ts'

const database = await openDatabase(process.argv[2] ?? '', { migrationsFolder: thingMigrations })
process.once('message', () => {
  void database
    .migrate()
    .then(() => database.close())
    .then(() => process.disconnect())
})
process.send?.('ready')
