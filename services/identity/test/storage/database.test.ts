// What holds on both kinds of database.
import { EventEmitter, once } from 'node:events'

import { sql } from 'drizzle-orm'
import t from 'tap'

import { openDatabase } from '../../src/platform/db/database.ts'
import { isUniqueViolation, sqlState } from '../../src/platform/db/sqlstate.ts'
import { kinds, withoutPostgres } from '../helpers/database.ts'
import { failure, openThings, parts, things, until } from './things.ts'

const skipOf = { pglite: false, postgres: await withoutPostgres() } as const

for (const kind of kinds) {
  void t.test(kind, { skip: skipOf[kind] }, async (t) => {
    const database = await openThings(t, kind)
    const { db } = database

    await t.test('counts what is pending, applies it, and applies it once', async (t) => {
      t.equal(await database.pendingMigrations(), 2)
      await database.migrate()
      t.equal(await database.pendingMigrations(), 0)
      await database.migrate()
      t.equal(await database.pendingMigrations(), 0)
    })

    await t.test('a database ahead of this version has nothing pending', async (t) => {
      const later = Date.now()
      await db.execute(
        sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', ${later})`,
      )
      t.equal(await database.pendingMigrations(), 0)
      await db.execute(sql`delete from drizzle.__drizzle_migrations where created_at = ${later}`)
    })

    await t.test('names a unique violation, and only that', async (t) => {
      await db.insert(things).values({ id: 1, name: 'one' })
      const name = await failure(db.insert(things).values({ id: 2, name: 'one' }))
      t.ok(isUniqueViolation(name))
      t.ok(isUniqueViolation(name, 'things_name_unique'))
      t.notOk(isUniqueViolation(name, 'things_pkey'))
      const missing = await failure(db.insert(parts).values({ id: 1, thingId: 99 }))
      t.notOk(isUniqueViolation(missing))
      t.equal(sqlState(missing), '23503')
      const syntax = await failure(db.execute(sql`selec`))
      t.notOk(isUniqueViolation(syntax))
      t.equal(sqlState(syntax), '42601')
      t.equal(sqlState(new Error('no database')), undefined)
    })

    await t.test(
      'a transaction that throws leaves nothing, and throws what was thrown',
      async (t) => {
        const reason = new Error('changed my mind')
        const work = db.transaction(async (tx) => {
          await tx.insert(things).values({ id: 10, name: 'ten' })
          throw reason
        })
        t.equal(await failure(work), reason)
        t.same(
          await db
            .select()
            .from(things)
            .where(sql`id = 10`),
          [],
        )
      },
    )

    await t.test('a failed statement ends its transaction, even when it is caught', async (t) => {
      const work = db.transaction(async (tx) => {
        await tx.insert(things).values({ id: 11, name: 'eleven' })
        await tx
          .insert(things)
          .values({ id: 11, name: 'again' })
          .catch(() => undefined)
        await tx.insert(things).values({ id: 12, name: 'twelve' })
      })
      t.equal(sqlState(await failure(work)), '25P02')
      t.same(
        await db
          .select()
          .from(things)
          .where(sql`id > 10`),
        [],
      )
    })

    await t.test('a lock has one holder, and is free after work that failed', async (t) => {
      const inside = new EventEmitter()
      const begun = once(inside, 'begun')
      const first = database.withLock('cleaning', async () => {
        inside.emit('begun')
        await once(inside, 'finish')
      })
      await begun
      let second = await database.withLock('cleaning', async () => {
        t.fail('two holders')
      })
      t.equal(second, false)
      t.equal(await database.withLock('other', async () => undefined), true, 'names differ')
      inside.emit('finish')
      t.equal(await first, true)

      const reason = new Error('work failed')
      t.equal(await failure(database.withLock('cleaning', () => Promise.reject(reason))), reason)
      second = await database.withLock('cleaning', async () => undefined)
      t.equal(second, true)
    })

    await t.test('a listener hears its own channel until it stops', async (t) => {
      const heard: string[] = []
      const other: string[] = []
      const stop = await database.listen('keys_changed', (payload) => heard.push(payload))
      const stopSecond = await database.listen('keys_changed', (payload) => other.push(payload))
      await database.listen('settings_changed', (payload) => other.push(payload))
      await database.notify('keys_changed', `it's "quoted"`)
      await database.notify('other_channel', 'nobody')
      await until('both hear', () => heard.length === 1 && other.length === 1)
      await stop()
      await database.notify('keys_changed', 'second')
      await until('the second hears', () => other.length === 2)
      await stopSecond()
      await database.notify('keys_changed', 'third')
      await database.notify('settings_changed', 'last')
      await until('the last channel hears', () => other.length === 3)
      t.same(heard, [`it's "quoted"`])
      t.same(other, [`it's "quoted"`, 'second', 'last'])
    })

    await t.test('a notification in a transaction is sent by its commit only', async (t) => {
      const heard: string[] = []
      await database.listen('things_changed', (payload) => heard.push(payload))
      await failure(
        db.transaction(async (tx) => {
          await tx.execute(sql`select pg_notify('things_changed', 'undone')`)
          throw new Error('undo')
        }),
      )
      await db.transaction(async (tx) => {
        await tx.execute(sql`select pg_notify('things_changed', 'done')`)
      })
      await until('heard', () => heard.length > 0)
      t.same(heard, ['done'])
    })

    for (const channel of ['Keys', 'a b', 'x"; drop table things; --', '', '1st', 'ä']) {
      await t.test(`refuses the channel name ${JSON.stringify(channel)}`, async (t) => {
        await t.rejects(async () => database.listen(channel, () => undefined), /bad channel name/)
        await t.rejects(async () => database.notify(channel, ''), /bad channel name/)
      })
    }

    await t.test('answers a ping, and vacuums', async (t) => {
      await t.resolves(database.ping())
      await t.resolves(database.vacuum())
    })

    await t.test('closes, twice if asked to, and then refuses', async (t) => {
      await database.close()
      await t.resolves(database.close())
      await t.rejects(database.ping())
      await t.rejects(async () => db.select().from(things))
    })
  })
}

void t.test('refuses other URLs without repeating them', async (t) => {
  for (const url of ['', 'mysql://u:secret@h/d', 'pglite:', 'postgres', 'pglite', 'file:secret']) {
    const error = await failure(openDatabase(url))
    t.match(error, { message: /must start with postgres:\/\/ or pglite:/ }, url)
    t.notMatch(error, { message: /secret/ })
  }
})

void t.test('throws when the migrations are not there', async (t) => {
  const database = await openDatabase('pglite:memory', { migrationsFolder: '/nowhere' })
  t.teardown(() => database.close())
  await t.rejects(database.migrate())
  await t.rejects(database.pendingMigrations())
})
