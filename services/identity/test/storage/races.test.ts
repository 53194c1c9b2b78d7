// What must happen once, asked for twenty times at the same moment. PostgreSQL only: the embedded database has one connection.
import { sql } from 'drizzle-orm'
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { apply } from '../../src/domain/configuration/apply.ts'
import { parseConfigurationFile } from '../../src/domain/configuration/file.ts'
import { createPasswordHasher } from '../../src/domain/credentials/password-hasher.ts'
import { loadPepper } from '../../src/domain/credentials/pepper.ts'
import { createCredentialStore } from '../../src/domain/credentials/store.ts'
import { createGrantRevocation } from '../../src/domain/grants/revocation.ts'
import { createGrantStore } from '../../src/domain/grants/store.ts'
import { ensureKeys, rotateKeys } from '../../src/domain/keys/rotation.ts'
import { keyState } from '../../src/domain/keys/key-state.ts'
import { createKeyStore } from '../../src/domain/keys/store.ts'
import { createSessionStore } from '../../src/domain/sessions/store.ts'
import { createAdministrator } from '../../src/domain/setup/administrator.ts'
import { createSetupStore } from '../../src/domain/setup/store.ts'
import { createThrottleStore } from '../../src/domain/throttles/store.ts'
import { startService } from '../../src/service.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { openDatabase } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { emptyPostgresUrl, postgresUrl, withoutPostgres } from '../helpers/database.ts'
import { freePort } from '../helpers/identity.ts'
import {
  after,
  auditOf,
  codeFor,
  contentOf,
  email,
  makeClient,
  makeGrant,
  makeSession,
  makeUser,
  now,
  redemption,
  rotation,
} from './rows.ts'

const skip = await withoutPostgres()
const twenty = <T>(work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: 20 }, (_, index) => work(index)))
const given = <T>(results: readonly (T | undefined)[]) =>
  results.filter((result) => result !== undefined)

void t.test('on two pools of one database', { skip }, async (t) => {
  const url = await postgresUrl(t)
  const [north, south] = await Promise.all([openDatabase(url), openDatabase(url)])
  t.teardown(() => Promise.all([north.close(), south.close()]))
  const side = (index: number) => (index % 2 === 0 ? north : south)
  const ada = await makeUser(north, 'ada@example.test')
  for (const id of ['app', 'rival']) await makeClient(north, id)
  const grants = [createGrantStore(north.db), createGrantStore(south.db)]
  const grantsOf = (index: number) => grants[index % 2] ?? createGrantStore(north.db)

  await t.test('a code redeemed twenty times makes one grant', async (t) => {
    const { id: sessionId } = await makeSession(north, ada)
    for (let round = 0; round < 5; round += 1) {
      const code = codeFor(ada, sessionId)
      const before = await auditOf(north, 'grant_created')
      const made = await twenty((i) =>
        grantsOf(i).redeem(redemption(i % 3 === 0 ? { ...code, clientId: 'rival' } : code)),
      )
      t.equal(given(made).length, 1)
      t.equal(await auditOf(north, 'grant_created'), before + 1)
    }
  })

  await t.test('a refresh token used twenty times rotates once', async (t) => {
    const { grant } = await makeGrant(north, ada)
    for (let generation = 1; generation <= 5; generation += 1) {
      const rotated = await twenty((i) => grantsOf(i).rotate(rotation(grant.id, { generation })))
      t.same(
        given(rotated).map((row) => row.generation),
        [generation + 1],
      )
    }
    t.match(await grantsOf(0).find(grant.id), { generation: 6, endedAt: null })
  })

  await t.test('nothing rotates after an end that was acknowledged', async (t) => {
    const sessions = createSessionStore(south.db)
    for (let round = 0; round < 5; round += 1) {
      const { grant, session } = await makeGrant(north, ada)
      let ended = false
      const late: number[] = []
      await Promise.all([
        sessions.end(session.id, now).then(() => {
          ended = true
        }),
        twenty(async (i) => {
          const tooLate = ended
          const row = await grantsOf(i).rotate(rotation(grant.id, { generation: 1 }))
          if (tooLate && row !== undefined) late.push(i)
        }),
      ])
      t.same(late, [])
      t.equal(await grantsOf(0).rotate(rotation(grant.id, { generation: 1 })), undefined)
      t.equal(await grantsOf(0).rotate(rotation(grant.id, { generation: 2 })), undefined)
    }
  })

  await t.test('a grant ended twenty times ends once, with one audit row', async (t) => {
    const { grant } = await makeGrant(north, ada)
    const ended = await twenty((i) =>
      createGrantRevocation(side(i), () => now).end(
        grant.id,
        'refresh_token_replayed',
        'refresh_token_replayed',
      ),
    )
    t.equal(ended.filter(Boolean).length, 1)
    t.equal(await auditOf(north, 'refresh_token_replayed'), 1)
  })

  await t.test('a budget is never exceeded, not even at its beginning or renewal', async (t) => {
    const take = (i: number, at: Date) =>
      createThrottleStore(side(i).db).take('sign-in', 'ada', { tries: 7, windowSeconds: 60 }, at)
    for (const at of [now, after(60), after(120)]) {
      const takes = await twenty((i) => take(i, at))
      t.equal(takes.filter(({ kind }) => kind === 'taken').length, 7)
      for (const one of takes)
        if (one.kind === 'exhausted') t.equal(one.retryAfterSeconds, 60, 'and says how long')
    }
  })

  await t.test('a set-up link makes one administrator', async (t) => {
    const token = await createSetupStore(north.db).create(now)
    const outcomes = await twenty((i) =>
      createAdministrator({ database: side(i), clock: () => now }, token, {
        name: '',
        email: email(`root${i}@example.test`),
        password: { hash: 'x', peppered: true },
      }),
    )
    t.equal(outcomes.filter((outcome) => outcome === 'created').length, 1)
    t.equal(outcomes.filter((outcome) => outcome === 'link_used').length, 19)
    const { users = [], passwords = [] } = await contentOf(north)
    t.equal(users.filter((row) => row.includes('root')).length, 1)
    t.equal(passwords.length, 1)
  })

  await t.test('the pepper and the first key are made once', async (t) => {
    const ring = createKeyRing(new Map([['k1', Buffer.alloc(32, 1)]]))
    const peppers = await twenty((i) =>
      loadPepper(createCredentialStore(side(i).db), ring, now).then((pepper) =>
        pepper.toString('hex'),
      ),
    )
    t.equal(new Set(peppers).size, 1)

    const deps = (i: number) => ({
      database: side(i),
      ring,
      clock: () => now,
      announce: async () => undefined,
    })
    await twenty((i) => ensureKeys(deps(i), 3600))
    t.equal((await createKeyStore(north.db).all()).length, 1)
    const kids = await Promise.all(Array.from({ length: 5 }, (_, i) => rotateKeys(deps(i), 3600)))
    const keys = await createKeyStore(north.db).all()
    t.equal(keys.filter((key) => keyState(key, now) === 'next').length, 1, 'one key waits')
    t.equal(new Set(kids).size, 1, 'and everybody is told of the same one')
  })

  await t.test('one file applied from everywhere at once is applied once', async (t) => {
    const parsed = parseConfigurationFile(
      'roles: [{ name: a }]\nusers: [{ email: zoe@example.test, password: a long password }]',
    )
    if (parsed.kind === 'faulty') throw new Error('faulty')
    const hasher = await createPasswordHasher({ pepper: Buffer.alloc(32), lanes: 1, maxWaiting: 9 })
    const done = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        apply({ database: side(i), hasher, clock: () => now }, parsed),
      ),
    )
    t.same(
      done.map((changes) => changes.length).toSorted((a, b) => b - a),
      [2, 0, 0, 0, 0, 0],
    )
    t.equal(await auditOf(north, 'configuration_applied'), 1)
  })
})

void t.test('two services start at once on one empty database', { skip }, async (t) => {
  const url = await emptyPostgresUrl(t)
  const environment = async () => ({
    ISSUER: 'http://localhost:4000',
    PORT: String(await freePort()),
    DATABASE_URL: url,
    SECRET_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    LOG_LEVEL: 'fatal',
  })
  const start = async () => {
    const config = readConfig(await environment())
    if ('faults' in config) throw new Error(config.faults.join())
    const service = await startService(config)
    await service.listen()
    return { service, origin: `http://localhost:${config.port}` }
  }
  const both = await Promise.all([start(), start()])
  t.teardown(() => Promise.all(both.map(({ service }) => service.close())))
  const metadata = await Promise.all(
    both.map(async ({ origin }) => {
      const answer = await fetch(`${origin}/.well-known/openid-configuration`)
      return (await answer.json()) as { issuer: string; jwks_uri: string }
    }),
  )
  t.equal(new Set(metadata.map(({ issuer }) => issuer)).size, 1)
  const path = new URL(metadata[0]?.jwks_uri ?? '').pathname
  const jwks = await Promise.all(
    both.map(async ({ origin }) => (await fetch(origin + path)).text()),
  )
  t.equal(jwks[0], jwks[1], 'the same keys, byte by byte')
  const { keys } = JSON.parse(jwks[0] ?? '{}') as { keys: unknown[] }
  t.equal(keys.length, 1)

  const database = await openDatabase(url)
  const count = sql`select (select count(*) from signing_keys)::int as keys,
    (select count(*) from peppers)::int as peppers, (select count(*) from setup_links)::int as links`
  t.match(rowsOf(await database.db.execute(count)), [{ keys: 1, peppers: 1, links: 1 }])
  await database.close()
  const links = both.map(({ service }) => service.setupLink).filter((link) => link !== undefined)
  t.equal(links.length, 1, 'one of them has the link')
})
