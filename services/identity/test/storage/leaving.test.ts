// Leaving and coming back, as the database decides it: races, and what is left of a person.
import { sql } from 'drizzle-orm'
import t from 'tap'
import { createAuditStore } from '../../src/domain/audit/store.ts'
import { createCredentialStore } from '../../src/domain/credentials/store.ts'
import { accountToKeep, keepAccount } from '../../src/domain/leaving/keep.ts'
import { leave } from '../../src/domain/leaving/leave.ts'
import { createKeepLinks } from '../../src/domain/leaving/link.ts'
import { removeDeparted } from '../../src/domain/leaving/remove.ts'
import { createOutbox } from '../../src/domain/mail/store.ts'
import { signIn } from '../../src/domain/sessions/sign-in.ts'
import { Settings } from '../../src/domain/settings/settings.ts'
import { createUserStore } from '../../src/domain/users/store.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { type Database, openDatabase } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { kinds, postgresUrl, testDatabase, withoutPostgres } from '../helpers/database.ts'
import { after, contentOf, email, makeClient, makeGrant, makeUser, now } from './rows.ts'

const ring = createKeyRing(new Map([['k1', Buffer.alloc(32, 1)]]))
const links = createKeepLinks(ring)
const grace = 1000
const settings = () => Settings.parse({ account_deletion_grace_seconds: grace })
const letter = (to: string, ...more: unknown[]) => ({
  to: { name: '', address: to },
  subject: String(more.at(-1)),
  text: '',
  html: '',
})
const depsAt = (database: Database, at: Date) => ({ database, ring, settings, clock: () => at })
const leaver = (userId: string) => ({ userId, ip: '192.0.2.7', language: 'ar' })
const leavesAt = after(grace)

async function member(database: Database, address: string): Promise<string> {
  const id = await makeUser(database, address)
  await createUserStore(database.db).update(id, { roles: [] }, now)
  return id
}

const ids = async ({ db }: Database) => (await createUserStore(db).all()).map(({ id }) => id)
const skipOf = { pglite: false, postgres: await withoutPostgres() } as const

for (const kind of kinds)
  void t.test(kind, { skip: skipOf[kind] }, async (t) => {
    const database = await testDatabase(t, kind)
    await makeClient(database, 'app')
    const stay = await makeUser(database, 'stays@example.test')

    await t.test('all of it or nothing', async (t) => {
      const id = await member(database, 'whole@example.test')
      await makeGrant(database, id)
      const before = await contentOf(database)
      const broken = () => {
        throw new Error('the letter cannot be written')
      }
      await t.rejects(leave(depsAt(database, now), leaver(id), broken), /cannot be written/)
      t.strictSame(await contentOf(database), before)
    })

    await t.test('twice, disabled or made up: gone, and nothing happens', async (t) => {
      const [twice, off] = [
        await member(database, 'twice@example.test'),
        await member(database, 'off@example.test'),
      ]
      await createUserStore(database.db).update(off, { disabledAt: now }, now)
      t.match(await leave(depsAt(database, now), leaver(twice), letter), {
        kind: 'leaving',
        leavesAt,
      })
      const before = await contentOf(database)
      const later = depsAt(database, after(5))
      for (const id of [twice, off, '019a0000-0000-7000-8000-000000000000'])
        t.same(await leave(later, leaver(id), letter), { kind: 'gone' })
      t.strictSame(await contentOf(database), before, 'nor does the end move')
    })

    await t.test('looking keeps nothing', async (t) => {
      const id = await member(database, 'looked@example.test')
      await leave(depsAt(database, now), leaver(id), letter)
      const token = links.seal({ userId: id, leavesAt }, leavesAt)
      const before = await contentOf(database)
      for (let look = 0; look < 3; look += 1)
        t.match(await accountToKeep(depsAt(database, after(1)), token), { userId: id })
      t.strictSame(await contentOf(database), before)
      t.equal(await accountToKeep(depsAt(database, leavesAt), token), undefined)
    })

    await t.test('deleted: nothing of the person is left but what happened', async (t) => {
      const address = 'departed@example.test'
      const id = await member(database, address)
      const password = { hash: '$argon2id$departed', peppered: true }
      await createCredentialStore(database.db).setPassword(id, password, now)
      await makeGrant(database, id)
      const note = createAuditStore(database.db, () => now)
      const detail = { userAgent: 'Departed/1.0', email: address }
      await note.record({ event: 'sign_in_succeeded', userId: id, ip: '192.0.2.99', detail })
      await note.record({ event: 'sign_in_succeeded', userId: stay, ip: '192.0.2.1', detail: {} })
      await leave(depsAt(database, now), leaver(id), letter)

      const early = depsAt(database, after(grace - 1))
      await removeDeparted(early, letter)
      t.ok((await ids(database)).includes(id), 'not before its time')
      await removeDeparted(depsAt(database, leavesAt), letter)
      t.notOk((await ids(database)).includes(id))
      const { outbox = [], audit = [], ...rest } = await contentOf(database)
      t.notMatch(JSON.stringify(rest), new RegExp(`${id}|${address}`))
      t.notMatch(JSON.stringify(outbox), address, 'letters are sealed')
      const own = audit.filter((row) => row.includes(id))
      t.ok(own.length >= 4, 'what happened stays')
      t.notMatch(JSON.stringify(own), /192\.0\.2|Departed|departed@/)
      t.equal(own.filter((row) => row.includes('account_deleted')).length, 1)
      t.match(JSON.stringify(audit.filter((row) => row.includes(stay))), /192\.0\.2\.1/)
      const letters = await createOutbox(database.db, ring, () => leavesAt).latest(50)
      const farewell = letters.filter(
        ({ to, subject }) => to.address === address && subject === 'ar',
      )
      t.equal(farewell.length, 1, 'one last letter, in the language of the person')
      t.equal(await removeDeparted(depsAt(database, leavesAt), letter), 0)
    })
  })

void t.test('on two pools', { skip: skipOf.postgres }, async (t) => {
  const url = await postgresUrl(t)
  const [north, south] = await Promise.all([openDatabase(url), openDatabase(url)])
  t.teardown(() => Promise.all([north.close(), south.close()]))
  await makeUser(north, 'stays@example.test')

  await t.test('coming back races the deletion: one of them has it', async (t) => {
    const outcomes = { kept: 0, deleted: 0 }
    for (let round = 0; round < 20; round += 1) {
      const id = await member(north, `racer-${round}@example.test`)
      await leave(depsAt(north, now), leaver(id), letter)
      const account = { userId: id, leavesAt, email: email(`racer-${round}@example.test`) }
      // Clocks of nodes differ: at one it is a moment too early, at the other a moment too late.
      const keep = () => keepAccount(depsAt(north, after(grace - 1)), account, 'ip', letter)
      const remove = () => removeDeparted(depsAt(south, leavesAt), letter)
      const removing = round % 2 === 0 ? remove() : undefined
      const [kept] = await Promise.all([keep(), removing ?? remove()])
      const isThere = (await ids(north)).includes(id)
      t.equal(isThere, kept, `round ${round}`)
      outcomes[isThere ? 'kept' : 'deleted'] += 1
    }
    t.equal(outcomes.kept + outcomes.deleted, 20)
  })

  await t.test('kept twenty times at once, it is kept once', async (t) => {
    const id = await member(north, 'twenty@example.test')
    await leave(depsAt(north, now), leaver(id), letter)
    const account = { userId: id, leavesAt, email: email('twenty@example.test') }
    const kept = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        keepAccount(depsAt(n % 2 === 0 ? north : south, after(1)), account, 'ip', letter),
      ),
    )
    t.equal(kept.filter(Boolean).length, 1)
  })

  await t.test('two administrators leave at once: one stays', async (t) => {
    for (let round = 0; round < 10; round += 1) {
      await north.db.execute(sql`update users set roles = '{}'`)
      const [one, two] = [
        await makeUser(north, `admin-one-${round}@example.test`),
        await makeUser(north, `admin-two-${round}@example.test`),
      ]
      const left = await Promise.all([
        leave(depsAt(north, now), leaver(one), letter),
        leave(depsAt(south, now), leaver(two), letter),
      ])
      t.same(left.map(({ kind }) => kind).toSorted(), ['leaving', 'only_administrator'])
    }
  })

  await t.test('a sign-in races the leaving: afterwards nobody is signed in', async (t) => {
    for (let round = 0; round < 20; round += 1) {
      const id = await member(north, `late-${round}@example.test`)
      const proof = { userId: id, amr: ['pwd'], acr: 'aal1', ip: 'ip', userAgent: undefined }
      const work = [
        () => leave(depsAt(north, now), leaver(id), letter),
        () => signIn(depsAt(south, now), proof, []),
        () => signIn(depsAt(north, now), proof, []),
      ]
      await Promise.all((round % 2 === 0 ? work : work.toReversed()).map((start) => start()))
      const live = await north.db.execute(
        sql`select id from sessions where user_id = ${id} and ended_at is null`,
      )
      t.equal(rowsOf(live).length, 0, `round ${round}`)
    }
  })
})
