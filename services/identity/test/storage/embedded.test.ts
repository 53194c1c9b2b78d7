// What only the embedded database needs: one process, one folder, no other user.
import { once } from 'node:events'
import { openAsBlob } from 'node:fs'
import { chmod, mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'

import { openDatabase } from '../../src/platform/db/database.ts'
import { keepFirst } from '../../src/platform/db/embedded-snapshot.ts'
import { embeddedFolder } from '../../src/platform/db/embedded-url.ts'
import { holdFolder } from '../../src/platform/db/folder-lock.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { failure, startProcess, thingMigrations, things, until } from './things.ts'

const options = { migrationsFolder: thingMigrations }

void t.test('two processes that start an empty installation at once', async (t) => {
  const folder = t.testdir({ one: 'first', two: 'second' })
  const cached = join(folder, 'cached')
  await keepFirst(join(folder, 'one'), cached)
  const opened = await openAsBlob(cached)
  // The slower of two has made its own while the faster one is about to read.
  await keepFirst(join(folder, 'two'), cached)
  t.equal(await opened.text(), 'first')
  await t.rejects(keepFirst(join(folder, 'three'), join(folder, 'other')), { code: 'ENOENT' })
})

void t.test('a folder of its own', async (t) => {
  const folder = join(t.testdir(), 'data/identity')
  const url = `pglite:${folder}`

  await t.test('is closed to other users', async (t) => {
    const database = await openDatabase(url, options)
    await database.migrate()
    await database.db.insert(things).values({ id: 1, name: 'one' })
    await database.close()
    t.equal((await stat(folder)).mode & 0o777, 0o700)
    t.same((await readdir(folder)).toSorted(), ['database'], 'no lock and no half-made database')
  })

  await t.test('keeps its rows, and clears up after a killed start', async (t) => {
    await mkdir(join(folder, 'making-1-1'))
    const database = await openDatabase(url, options)
    t.teardown(() => database.close())
    t.equal(await database.pendingMigrations(), 0)
    t.same(await database.db.select().from(things), [{ id: 1, name: 'one' }])
  })

  await t.test('has one holder', async (t) => {
    const database = await openDatabase(url, options)
    const inUse = new RegExp(`${folder} is in use by process ${process.pid};`)
    await t.rejects(openDatabase(url, options), inUse, 'in the same process')

    const other = startProcess('./inserting-process.js', url, '1000')
    const output: string[] = []
    other.stderr?.on('data', (chunk: Buffer) => output.push(chunk.toString()))
    const [code] = (await once(other, 'exit')) as [number | null]
    t.equal(code, 1, 'in another process')
    t.match(output.join(''), inUse)

    t.same(await database.db.select().from(things), [{ id: 1, name: 'one' }], 'undisturbed')
    await database.close()
    const next = await openDatabase(url, options)
    await next.close()
    t.pass('free for the next once closed')
  })

  await t.test('keeps every acknowledged row through kill -9, and nothing by halves', async (t) => {
    for (let round = 0; round < 2; round += 1) {
      const acknowledged: number[] = []
      const child = startProcess('./inserting-process.js', url, String(10_000 * (round + 1)))
      child.on('message', (id: number) => acknowledged.push(id))
      await until('it inserts', () => acknowledged.length > 20 + 15 * round)
      child.kill('SIGKILL')
      await once(child, 'exit')
      t.ok((await readdir(folder)).includes('lock'), 'left its lock behind')

      const database = await openDatabase(url, options)
      const rows = await database.db.select({ id: things.id }).from(things)
      await database.close()
      const ids = new Set(rows.map(({ id }) => id))
      t.same(
        acknowledged.filter((id) => !ids.has(id) || !ids.has(id + 1)),
        [],
      )
      t.same(
        [...ids].filter((id) => id > 1 && !ids.has(id % 2 === 0 ? id + 1 : id - 1)),
        [],
      )
    }
  })

  await t.test('does not grow with rows that come and go', async (t) => {
    const database = await openDatabase(url, options)
    t.teardown(() => database.close())
    const sizeAfterRound = async () => {
      await database.db.execute(
        sql`insert into things select 100000 + g, repeat('x', 400) || g from generate_series(1, 5000) g`,
      )
      await database.db.execute(sql`delete from things where id > 100000`)
      await database.vacuum()
      const [size] = rowsOf<{ bytes: number }>(
        await database.db.execute(sql`select pg_total_relation_size('things')::int as bytes`),
      )
      return size?.bytes ?? 0
    }
    const sizes: number[] = []
    for (let round = 0; round < 6; round += 1) sizes.push(await sizeAfterRound())
    // The first round finds room at the end, the second the rows of the first: then it is steady.
    t.equal(sizes.at(-1), sizes[2], sizes.join(' '))
  })
})

void t.test('the lock of a folder', async (t) => {
  const times = { beatMs: 50, silentAfterMs: 400 }
  const unexpected = (error: Error) => t.fail(error.message)
  const lockOf = (folder: string) => join(folder, 'lock')
  const left = async (t: Test, content: string) => {
    const folder = t.testdir({ lock: content })
    return { folder, hold: () => holdFolder(folder, unexpected, times) }
  }

  await t.test('of a process that is gone is taken over', async (t) => {
    const child = startProcess('./migrating-process.js', 'nowhere')
    await once(child, 'exit')
    const host = (await import('node:os')).hostname()
    const { hold } = await left(t, JSON.stringify({ pid: child.pid, host, id: 'dead' }))
    const release = await hold()
    await release()
  })

  await t.test('of a pid that was used again is taken over', async (t) => {
    const own = JSON.parse(await ownLock(t)) as object
    const { hold } = await left(
      t,
      JSON.stringify({ ...own, startedAt: 'another boot', id: 'dead' }),
    )
    await (
      await hold()
    )()
  })

  await t.test('of another host that still touches it is respected', async (t) => {
    const { folder, hold } = await left(
      t,
      JSON.stringify({ pid: 1, host: 'elsewhere', id: 'alive' }),
    )
    const beat = setInterval(() => void utimes(lockOf(folder), new Date(), new Date()), 50)
    t.teardown(() => {
      clearInterval(beat)
    })
    await t.rejects(hold(), /in use by process 1 on elsewhere/)
    t.match(await readFile(lockOf(folder), 'utf8'), /alive/)
  })

  await t.test('of another host that keeps still is taken over, not before its time', async (t) => {
    const { hold } = await left(t, JSON.stringify({ pid: 1, host: 'elsewhere', id: 'dead' }))
    const start = Date.now()
    const release = await hold()
    t.ok(Date.now() - start >= times.silentAfterMs)
    await release()
  })

  await t.test('that says nothing of use is taken over once it keeps still', async (t) => {
    const contents = ['', '{', 'null', '[]', '12', '"text"', '{"pid":"x"}']
    const folders = Object.fromEntries(contents.map((lock, n) => [`folder-${n}`, { lock }]))
    const base = t.testdir(folders)
    const start = Date.now()
    const claims = Object.keys(folders).map((name) =>
      holdFolder(join(base, name), unexpected, times),
    )
    const releases = await Promise.all(claims)
    t.ok(Date.now() - start >= times.silentAfterMs)
    for (const release of releases) await release()
  })

  await t.test('has one winner when many take over a dead one', async (t) => {
    const { hold } = await left(t, JSON.stringify({ pid: 1, host: 'elsewhere', id: 'dead' }))
    const results = await Promise.allSettled(Array.from({ length: 8 }, hold))
    const won = results.filter((result) => result.status === 'fulfilled')
    t.equal(won.length, 1)
    await won[0]?.value()
  })

  await t.test('reports when it is taken away, and leaves the new holder alone', async (t) => {
    const folder = t.testdir()
    const errors: string[] = []
    const release = await holdFolder(folder, ({ message }) => errors.push(message), times)
    await writeFile(lockOf(folder), JSON.stringify({ pid: 1, host: 'elsewhere', id: 'thief' }))
    await until('reported', () => errors.length > 0)
    t.match(errors, [/was taken/])
    await release()
    t.match(await readFile(lockOf(folder), 'utf8'), /thief/)
  })
})

void t.test('reads the folder of a URL', async (t) => {
  t.equal(embeddedFolder('pglite:.data/identity'), '.data/identity')
  t.equal(embeddedFolder('pglite:/var/lib/signet'), '/var/lib/signet')
  t.equal(embeddedFolder('pglite:///var/lib/signet'), '/var/lib/signet')
  t.equal(embeddedFolder('pglite:./memory'), './memory')
  for (const url of ['pglite:memory', 'pglite:', 'postgres://h/d', '', 'xpglite:folder']) {
    t.equal(embeddedFolder(url), undefined, url)
  }
})

void t.test('throws when the folder cannot be a folder', async (t) => {
  const folder = t.testdir({ file: 'not a folder' })
  t.ok((await failure(openDatabase(`pglite:${folder}/file`))) instanceof Error)
})

void t.test('leaves a folder alone that holds something else', async (t) => {
  const folder = t.testdir({ precious: 'text' })
  await chmod(folder, 0o755)
  await t.rejects(openDatabase(`pglite:${folder}`), /holds something else/)
  t.equal((await stat(folder)).mode & 0o777, 0o755)
  t.same(await readdir(folder), ['precious'])
})

async function ownLock(t: Test): Promise<string> {
  const folder = join(t.testdir(), 'own')
  await mkdir(folder)
  const release = await holdFolder(folder, () => undefined)
  const content = await readFile(join(folder, 'lock'), 'utf8')
  await release()
  return content
}
