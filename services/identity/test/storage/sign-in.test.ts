// Sessions that a proof starts: what is kept of them, and that none starts once the proof is worth nothing.
import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { createAuditStore } from '../../src/domain/audit/store.ts'
import { checkPassword } from '../../src/domain/credentials/check-password.ts'
import { createPasswordHasher } from '../../src/domain/credentials/password-hasher.ts'
import { createCredentialStore } from '../../src/domain/credentials/store.ts'
import type { Session } from '../../src/domain/sessions/session.ts'
import { type ProvenPerson, signIn, signOut } from '../../src/domain/sessions/sign-in.ts'
import { createSessionStore } from '../../src/domain/sessions/store.ts'
import { DEFAULT_SETTINGS } from '../../src/domain/settings/settings.ts'
import { createThrottleStore } from '../../src/domain/throttles/store.ts'
import { createUserStore } from '../../src/domain/users/store.ts'
import { sha256 } from '../../src/platform/crypto/hash.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { type Database, openDatabase } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { kinds, postgresUrl, testDatabase, withoutPostgres } from '../helpers/database.ts'
import { after, auditOf, contentOf, email, makeUser, now } from './rows.ts'

t.setTimeout(120_000)

const skip = await withoutPostgres()
const ring = createKeyRing(new Map([['k1', Buffer.alloc(32, 1)]]))
const ip = '192.0.2.7'
const device = { ip, userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Firefox/142.0' }
const letter = {
  to: { name: 'Ada', address: 'ada@example.test' },
  subject: 's',
  text: 't',
  html: '',
}
const stored = (hash: string) => ({ hash, peppered: true })

/** One database, signing people in and out on a clock of its own. */
function desk(database: Database) {
  let at = now
  const deps = { database, ring, settings: () => DEFAULT_SETTINGS, clock: () => at }
  const sessions = createSessionStore(database.db)
  return {
    deps,
    sessions,
    advance(seconds: number) {
      at = new Date(at.getTime() + seconds * 1000)
    },
    async person(address: string, hash?: string) {
      const id = await makeUser(database, address)
      if (hash !== undefined)
        await createCredentialStore(database.db).setPassword(id, stored(hash), now)
      return id
    },
    prove: async (
      userId: string,
      given: Partial<ProvenPerson> = {},
      present: readonly Session[] = [],
    ) => signIn(deps, { userId, amr: ['pwd'], acr: 'aal1', ...device, ...given }, present),
    /** Signs in, or throws; gives the session as its browser holds it. */
    async enter(userId: string, present: readonly Session[] = []) {
      const outcome = await signIn(deps, { userId, amr: ['pwd'], acr: 'aal1', ...device }, present)
      if (outcome.kind === 'refused') throw new Error('refused')
      const found = await sessions.find(sha256(outcome.token), at)
      if (found === undefined) throw new Error('no session')
      return { ...outcome, session: found.session }
    },
    live: async (...tokens: string[]) =>
      (await sessions.findAll(tokens.map(sha256), at)).map(({ account }) => account.email),
    rowOf: async (id: string) =>
      rowsOf<{ user_agent: string | null; ip: string | null; ended_at: Date | null }>(
        await database.db.execute(sql`select * from sessions where id = ${id}`),
      )[0],
  }
}

for (const kind of kinds)
  void t.test(`on ${kind}`, { skip: kind === 'postgres' && skip }, async (t) => {
    const database = await testDatabase(t, kind)
    const { person, prove, enter, live, rowOf, deps, sessions, advance } = desk(database)
    const ada = await person('ada@example.test', 'hash of ada')
    const bob = await person('bob@example.test')

    await t.test('where and with what is kept, of the last proof', async (t) => {
      const first = await enter(ada)
      t.match(await rowOf(first.sessionId), { user_agent: device.userAgent, ip })
      const outcome = await prove(ada, { ip: '2001:db8::1', userAgent: 'x'.repeat(5000) }, [
        first.session,
      ])
      t.match(outcome, { kind: 'started', sessionId: first.sessionId }, 'the session goes on')
      const row = await rowOf(first.sessionId)
      t.equal(row?.ip, '2001:db8::1')
      t.equal(row?.user_agent?.length, 400, 'a header of any length is cut')
      const bare = await prove(bob, { userAgent: undefined })
      t.equal(bare.kind, 'started')
      if (bare.kind === 'started') t.equal((await rowOf(bare.sessionId))?.user_agent, null)
    })

    await t.test('the same person goes on under a new value, the old one is dead', async (t) => {
      const first = await enter(ada)
      advance(60)
      const second = await enter(ada, [first.session])
      t.equal(second.sessionId, first.sessionId)
      t.not(second.token, first.token)
      t.same(await live(first.token), [])
      t.same(await live(second.token), ['ada@example.test'])
      t.same(second.beside, [])
    })

    await t.test('another person comes beside the first, whose session stays', async (t) => {
      const hers = await enter(ada)
      const his = await enter(bob, [hers.session])
      t.same(his.beside, [hers.session])
      t.same((await live(hers.token, his.token)).toSorted(), [
        'ada@example.test',
        'bob@example.test',
      ])
      const again = await enter(ada, [his.session, hers.session])
      t.equal(again.sessionId, hers.sessionId, 'renewed, wherever in the cookie it was')
      t.same(again.beside, [his.session])
    })

    await t.test('a session that has ended meanwhile is not revived', async (t) => {
      const hers = await enter(ada)
      await sessions.end(hers.sessionId, now)
      const next = await enter(ada, [hers.session])
      t.not(next.sessionId, hers.sessionId)
      t.same(await live(hers.token), [])
    })

    await t.test('the sixth: the one at the end of the cookie is signed out', async (t) => {
      let present: Session[] = []
      const tokens: string[] = []
      for (let i = 1; i <= 6; i += 1) {
        const next = await enter(await person(`n${i}-${kind}@example.test`), present)
        present = [next.session, ...next.beside]
        tokens.push(next.token)
      }
      t.equal(present.length, 5)
      const left = [2, 3, 4, 5, 6].map((i) => `n${i}-${kind}@example.test`)
      t.same((await live(...tokens)).toSorted(), left)
      const first = await enter(ada, present)
      t.equal(first.beside.length, 4)
      const again = await enter(ada, [first.session, ...first.beside])
      t.equal(again.beside.length, 4, 'signing in again drops nobody')
    })

    await t.test('a proof that is worth nothing starts nothing, writes nothing', async (t) => {
      const users = createUserStore(database.db)
      const gone = await person(`gone-${kind}@example.test`, 'its hash')
      const before = await contentOf(database)
      const refused = async (userId: string, given: Partial<ProvenPerson>, name: string) => {
        t.same(await prove(userId, { notice: letter, ...given }), { kind: 'refused' }, name)
        const { sessions, audit, outbox } = await contentOf(database)
        t.same([sessions, audit, outbox], [before['sessions'], before['audit'], before['outbox']])
      }
      await refused(ada, { password: 'hash of before' }, 'another password by now')
      await refused(ada, { password: 'its hash' }, "another person's password")
      await refused(bob, { password: 'hash of ada' }, 'no password at all by now')
      await refused(gone, { password: '' }, 'an empty hash is a hash')
      await refused('01890000-0000-7000-8000-000000000000', {}, 'nobody')
      await users.update(gone, { disabledAt: now }, now)
      await refused(gone, { password: 'its hash' }, 'disabled')
      await refused(gone, {}, 'disabled, by a proof without a password')
      await users.update(gone, { disabledAt: null }, now)
      await database.db.execute(
        sql`update users set leaves_at = ${now.toISOString()} where id = ${gone}`,
      )
      await refused(gone, { password: 'its hash' }, 'leaving')
      await refused(gone, {}, 'leaving, by a proof without a password')
    })

    await t.test('the letter goes with the session', async (t) => {
      const count = async () => (await contentOf(database))['outbox']?.length ?? 0
      const before = await count()
      const outcome = await prove(ada, { password: 'hash of ada', notice: letter })
      t.equal(outcome.kind, 'started')
      t.equal(await count(), before + 1)
    })

    await t.test('signing out ends these sessions, each with one row of the record', async (t) => {
      const [hers, his] = [await enter(ada), await enter(bob)]
      const before = await auditOf(database, 'session_ended')
      await signOut(deps, [hers.session, his.session], ip)
      t.same(await live(hers.token, his.token), [])
      await signOut(deps, [hers.session], ip)
      await signOut(deps, [], ip)
      t.equal(await auditOf(database, 'session_ended'), before + 2)
    })

    await t.test('sessions are found by the values one has, and no others', async (t) => {
      const [hers, his] = [await enter(ada), await enter(bob)]
      t.same(await live(), [])
      t.same(await live('x', '', "';--", '{}', his.token), ['bob@example.test'])
      t.same(await live(his.token, his.token), ['bob@example.test'])
      advance(DEFAULT_SETTINGS.session_idle_seconds)
      t.same(await live(hers.token, his.token), [], 'idle')
    })
  })

/** Waits until some connection waits for a lock; throws when none does. */
async function somebodyWaits({ db }: Database): Promise<void> {
  const waiting = sql`select count(*)::int as n from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`
  for (let tries = 0; tries < 500; tries += 1) {
    if ((rowsOf<{ n: number }>(await db.execute(waiting))[0]?.n ?? 0) > 0) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('nobody waits')
}

void t.test('two connections of one database', { skip }, async (t) => {
  const url = await postgresUrl(t)
  const [north, south] = await Promise.all([openDatabase(url), openDatabase(url)])
  t.teardown(() => Promise.all([north.close(), south.close()]))
  const { person, prove, deps } = desk(south)
  const liveOf = async (userId: string) =>
    rowsOf<{ n: number }>(
      await north.db.execute(
        sql`select count(*)::int as n from sessions where user_id = ${userId} and ended_at is null`,
      ),
    )[0]?.n

  /** A change that has been made and not yet committed, while the person signs in with the proof of before. */
  async function overtaken(
    t: Test,
    userId: string,
    change: (tx: Parameters<Parameters<Database['db']['transaction']>[0]>[0]) => Promise<unknown>,
  ) {
    let late: ReturnType<typeof prove> | undefined
    await north.db.transaction(async (tx) => {
      await change(tx)
      await createSessionStore(tx).endAllOf(userId, now)
      late = prove(userId, { password: 'hash of before' })
      await somebodyWaits(south)
    })
    t.same(await late, { kind: 'refused' })
    t.equal(await liveOf(userId), 0)
  }

  await t.test('a sign-in that began before a reset commits is refused after it', async (t) => {
    const userId = await person('reset@example.test', 'hash of before')
    await overtaken(t, userId, async (tx) =>
      createCredentialStore(tx).setPassword(userId, stored('hash of after'), now),
    )
  })

  await t.test('before the person is disabled', async (t) => {
    const userId = await person('disabled@example.test', 'hash of before')
    await overtaken(t, userId, async (tx) =>
      createUserStore(tx).update(userId, { disabledAt: now }, now),
    )
  })

  await t.test('before the person leaves', async (t) => {
    const userId = await person('leaving@example.test', 'hash of before')
    await overtaken(t, userId, async (tx) =>
      tx.execute(sql`update users set leaves_at = ${now.toISOString()} where id = ${userId}`),
    )
  })

  await t.test('before the password is taken away', async (t) => {
    const userId = await person('secured@example.test', 'hash of before')
    await overtaken(t, userId, async (tx) =>
      tx.execute(sql`delete from passwords where user_id = ${userId}`),
    )
  })

  await t.test('a change that comes while a sign-in commits ends its session', async (t) => {
    const userId = await person('first@example.test', 'hash of before')
    let reset: Promise<unknown> | undefined
    await south.db.transaction(async (tx) => {
      const sessions = createSessionStore(tx)
      t.equal(await sessions.holdProof(userId, 'hash of before'), true)
      reset = north.db.transaction(async (other) => {
        await createCredentialStore(other).setPassword(userId, stored('hash of after'), now)
        await createSessionStore(other).endAllOf(userId, now)
      })
      await somebodyWaits(north)
      await sessions.create({
        id: '01890000-0000-7000-8000-000000000009',
        tokenHash: 'hash',
        userId,
        authTime: now,
        amr: ['pwd'],
        acr: 'aal1',
        idleExpiresAt: after(3600),
        expiresAt: after(3600),
      })
      await createAuditStore(tx, deps.clock).record({ event: 'sign_in_succeeded', userId })
    })
    await reset
    t.equal(await liveOf(userId), 0)
  })

  await t.test('twenty sign-ins and a reset at once: nobody is in afterwards', async (t) => {
    for (let round = 0; round < 5; round += 1) {
      const userId = await person(`round-${round}@example.test`, 'hash of before')
      const proof = { password: 'hash of before' }
      const outcomes = await Promise.all([
        ...Array.from({ length: 10 }, async () => prove(userId, proof)),
        north.db.transaction(async (tx) => {
          await createCredentialStore(tx).setPassword(userId, stored('hash of after'), now)
          await createSessionStore(tx).endAllOf(userId, now)
        }),
        ...Array.from({ length: 10 }, async () => prove(userId, proof)),
      ])
      t.equal(outcomes.length, 21)
      t.equal(await liveOf(userId), 0, `round ${round}`)
      t.equal((await prove(userId, { password: 'hash of after' })).kind, 'started')
    }
  })

  await t.test('sign-ins that upgrade a hash at once all get in', async (t) => {
    const pepper = Buffer.alloc(32, 5)
    const hasher = await createPasswordHasher({ pepper, lanes: 2, maxWaiting: 50 })
    const plain = await createPasswordHasher({ pepper: Buffer.alloc(0), lanes: 1, maxWaiting: 9 })
    const made = await plain.hash('correct horse battery staple')
    if (made === 'busy') throw new Error('busy')
    const userId = await person('imported@example.test')
    const credentials = createCredentialStore(north.db)
    await credentials.setPassword(userId, { ...made, peppered: false }, now)
    const checks = await Promise.all(
      [north, south, north, south].map(async ({ db }) =>
        checkPassword(
          { credentials: createCredentialStore(db), throttles: createThrottleStore(db), hasher },
          {
            email: 'imported@example.test',
            password: 'correct horse battery staple',
            knownDevice: undefined,
            network: ip,
            limits: { perAccount: 100, perNetwork: 100 },
          },
          now,
        ),
      ),
    )
    const inForce = (await credentials.findByEmail(email('imported@example.test')))?.password?.hash
    for (const check of checks) t.match(check, { kind: 'right', userId, hash: inForce })
    t.equal(checks.filter((check) => check.kind === 'right' && check.rehashed).length, 1)
  })
})
