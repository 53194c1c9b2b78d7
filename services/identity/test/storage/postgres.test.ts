// What only a server with many sessions, at the far end of a network, can show.
import { once } from 'node:events'

import { eq, sql } from 'drizzle-orm'
import t, { type Test } from 'tap'

import { openDatabase } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { isUniqueViolation, sqlState } from '../../src/platform/db/sqlstate.ts'
import { emptyPostgresUrl, withoutPostgres } from '../helpers/database.ts'
import { onServer } from '../helpers/migrated-template.ts'
import { failure, openThings, startProcess, thingMigrations, things, until } from './things.ts'

const skip = await withoutPostgres()

void t.test('four processes migrate at once', { skip }, async (t) => {
  const url = await emptyPostgresUrl(t)
  const processes = Array.from({ length: 4 }, () => startProcess('./migrating-process.js', url))
  const exits = processes.map((child) => once(child, 'exit'))
  await Promise.all(processes.map((child) => once(child, 'message')))
  for (const child of processes) child.send('go')
  t.same(await Promise.all(exits), Array(4).fill([0, null]))
  const database = await openThings(t, 'postgres', url)
  t.equal(await database.pendingMigrations(), 0)
  const applied = await database.db.execute(sql`select id from drizzle.__drizzle_migrations`)
  t.equal(rowsOf(applied).length, 2)
})

void t.test('of many that insert one key, one succeeds', { skip }, async (t) => {
  const { database } = await migrated(t)
  const inserts = Array.from({ length: 20 }, () =>
    database.db.insert(things).values({ id: 1, name: 'one' }),
  )
  const results = await Promise.allSettled(inserts)
  const refused = results.filter((result) => result.status === 'rejected')
  t.equal(refused.length, 19)
  t.ok(refused.every(({ reason }) => isUniqueViolation(reason, 'things_pkey')))
})

void t.test('a lock excludes other processes, and dies with its holder', { skip }, async (t) => {
  const { database, url } = await migrated(t)
  const other = await openThings(t, 'postgres', url)
  let losses = 0
  const holder = other.withLock('rotate', async () => {
    t.equal(await database.withLock('rotate', async () => undefined), false)
    await terminateAll(url)
    await until('the lock is free', () => database.withLock('rotate', async () => undefined))
    losses += 1
  })
  await holder.catch(() => undefined)
  t.equal(losses, 1)
})

void t.test('twelve holders of locks do not starve a pool of two', { skip }, async (t) => {
  const { url } = await migrated(t)
  const database = await openThings(t, 'postgres', url, { poolSize: 2 })
  const all = Array.from({ length: 12 }, (_, n) =>
    database.withLock(`lock ${n}`, () => database.ping()),
  )
  t.same(await Promise.all(all), Array(12).fill(true))
})

void t.test('lost connections', { skip }, async (t) => {
  const { url } = await migrated(t)
  const heardErrors: string[] = []
  const database = await openDatabase(url, {
    migrationsFolder: thingMigrations,
    poolSize: 2,
    onError: ({ message }) => heardErrors.push(message),
  })
  t.teardown(() => database.close())
  /** More at once than there are connections: with one lost to the pool for good they all fail. */
  const untilItAnswers = () =>
    until('the whole pool answers', async () => {
      const pings = await Promise.allSettled([database.ping(), database.ping(), database.ping()])
      return pings.every(({ status }) => status === 'fulfilled')
    })

  await t.test('while idle: reported, and the pool recovers by itself', async (t) => {
    await Promise.all([database.ping(), database.ping()])
    await terminateAll(url)
    await until('reported', () => heardErrors.length >= 1)
    await untilItAnswers()
    await t.resolves(database.ping())
  })

  await t.test('in a transaction: it fails, and no connection is lost to the pool', async (t) => {
    for (let round = 0; round < 4; round += 1) {
      const error = await failure(
        database.db.transaction(async (tx) => {
          await tx.insert(things).values({ id: 100 + round, name: `lost ${round}` })
          await terminateAll(url)
          await tx.insert(things).values({ id: 200 + round, name: `never ${round}` })
        }),
      )
      t.ok(error instanceof Error)
    }
    await untilItAnswers()
    t.same(await database.db.select().from(things), [])
  })

  await t.test('before BEGIN: no connection is lost to the pool', async (t) => {
    for (let round = 0; round < 4; round += 1) {
      const isolationLevel = 'no such level' as 'serializable'
      const error = await failure(
        database.db.transaction(async () => t.fail('began'), { isolationLevel }),
      )
      t.equal(sqlState(error), '42601')
    }
    await untilItAnswers()
  })

  await t.test(
    'of a listener: it listens again, and is told that it may have missed',
    async (t) => {
      const heard: string[] = []
      const stop = await database.listen('keys_changed', (payload) => heard.push(payload))
      await database.notify('keys_changed', 'before')
      await until('heard', () => heard.length === 1)
      await terminateAll(url)
      await until('told', () => heard.length === 2)
      await database.notify('keys_changed', 'after')
      await until('heard again', () => heard.length === 3)
      t.same(heard, ['before', '', 'after'])
      await stop()
    },
  )

  await t.test('a listener that throws is reported, and the others hear', async (t) => {
    const heard: string[] = []
    heardErrors.length = 0
    await database.listen('loud', () => {
      throw new Error('the listener is broken')
    })
    await database.listen('loud', (payload) => heard.push(payload))
    await database.notify('loud', 'one')
    await until('heard', () => heard.length === 1)
    t.same(heardErrors, ['the listener is broken'])
  })
})

void t.test('nodes hear each other', { skip }, async (t) => {
  const { database, url } = await migrated(t)
  const other = await openThings(t, 'postgres', url)
  const heard: string[] = []
  await database.listen('keys_changed', (payload) => heard.push(payload))
  await other.notify('keys_changed', 'from the other')
  await until('heard', () => heard.length === 1)
  t.same(heard, ['from the other'])
})

void t.test('a ping does not wait for an exhausted pool', { skip }, async (t) => {
  const { url } = await migrated(t)
  const database = await openThings(t, 'postgres', url, { poolSize: 1 })
  await database.db.transaction(async () => {
    const start = Date.now()
    await t.rejects(database.ping(), /took longer than 2000 ms/)
    t.ok(Date.now() - start < 4_000)
  })
  await until('the pool answers again', async () => {
    await database.ping()
    return true
  })
})

void t.test('connections say who they are and carry a time limit', { skip }, async (t) => {
  const { database } = await migrated(t)
  const settings = await database.db.execute(sql`
    select current_setting('application_name') as name, current_setting('statement_timeout') as lim,
      current_setting('idle_in_transaction_session_timeout') as idle`)
  t.same(rowsOf(settings), [{ name: 'signet', lim: '10s', idle: '10s' }])
})

void t.test('row locks make racers of a conditional update wait: one wins', { skip }, async (t) => {
  const { database } = await migrated(t)
  await database.db.insert(things).values({ id: 1, name: 'free' })
  const take = (name: string) =>
    database.db
      .update(things)
      .set({ name })
      .where(sql`${eq(things.id, 1)} and ${eq(things.name, 'free')}`)
      .returning({ id: things.id })
  const taken = await Promise.all(Array.from({ length: 20 }, (_, n) => take(`taker ${n}`)))
  t.equal(taken.flat().length, 1)
})

void t.test('a server that is not there is a fault at the start', { skip }, async (t) => {
  const url = 'postgres://u:very-secret@localhost:1/none'
  const error = await failure(openDatabase(url))
  t.ok(error instanceof Error)
  t.notMatch(String(error), /very-secret/)
})

async function migrated(t: Test) {
  const url = await emptyPostgresUrl(t)
  const database = await openThings(t, 'postgres', url)
  await database.migrate()
  return { database, url }
}

/** Ends every session of the database but the one that asks. */
async function terminateAll(url: string): Promise<void> {
  const name = /\/([a-z0-9_]+)(\?|$)/.exec(url)?.[1]
  await onServer((client) =>
    client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = $1 and pid <> pg_backend_pid()`,
      [name],
    ),
  )
}
