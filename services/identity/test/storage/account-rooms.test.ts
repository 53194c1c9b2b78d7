// What a person sees of the own account and changes in it, on both kinds of database.
import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import type { AuditEvent } from '../../src/domain/audit/event.ts'
import { createAuditStore } from '../../src/domain/audit/store.ts'
import { connectedApps } from '../../src/domain/connected-apps/connected-apps.ts'
import { withdraw } from '../../src/domain/connected-apps/withdraw.ts'
import { createConsentStore } from '../../src/domain/consents/store.ts'
import { createGrantStore } from '../../src/domain/grants/store.ts'
import { ownLog } from '../../src/domain/security-log/own-log.ts'
import {
  devicesOf,
  endAllDevices,
  endDevice,
  endOtherDevices,
} from '../../src/domain/sessions/devices.ts'
import { createSessionStore } from '../../src/domain/sessions/store.ts'
import { changeProfile } from '../../src/domain/users/profile.ts'
import { createUserStore } from '../../src/domain/users/store.ts'
import { uuidv7 } from '../../src/platform/crypto/uuid.ts'
import type { Database } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { kinds, testDatabase, withoutPostgres } from '../helpers/database.ts'
import {
  after,
  auditOf,
  codeFor,
  makeClient,
  makeGrant,
  makeSession,
  makeUser,
  now,
  redemption,
  rotation,
} from './rows.ts'

t.setTimeout(120_000)

const skipOf = { pglite: false, postgres: await withoutPostgres() } as const
const ip = '203.0.113.7'
const apis = [
  { identifier: 'https://a.test', name: 'A', scopes: { read: 'Read in A' } },
  { identifier: 'https://b.test', name: 'B', scopes: { write: 'Write in B' } },
]
const resources = { get: async () => apis }

for (const kind of kinds)
  void t.test(kind, { skip: skipOf[kind] }, async (t) => {
    const database = await testDatabase(t, kind)
    for (const id of ['app', 'rival']) await makeClient(database, id)
    await makeClient(database, 'asker', 'explicit')
    await t.test('devices', async (t) => devicesOn(t, database))
    await t.test('profile', async (t) => profileOn(t, database))
    await t.test('connected apps', async (t) => appsOn(t, database))
    await t.test('a code on its way', async (t) => codesOn(t, database))
    await t.test('security log', async (t) => logOn(t, database))
  })

async function devicesOn(t: Test, database: Database) {
  let at = now
  const deps = { database, clock: () => at }
  const ada = await makeUser(database, 'devices@example.test')
  const eve = await makeUser(database, 'devices-eve@example.test')
  const [here, there, foreign] = [
    await makeSession(database, ada),
    await makeSession(database, ada),
    await makeSession(database, eve),
  ]
  const { grant } = await makeGrant(database, ada)
  const sessions = createSessionStore(database.db)
  await sessions.touch(there.id, after(60), after(3600))
  const ids = async (of = ada, current = here.id) =>
    (await devicesOf(deps, of, current)).map(({ id }) => id)

  t.same(await ids(), [here.id, there.id, grant.sessionId], 'this one first, then the last seen')
  t.same(
    (await devicesOf(deps, ada, here.id)).map(({ current }) => current),
    [true, false, false],
  )
  for (const id of [foreign.id, uuidv7(now), 'no id', '', "' or true --", '\0'])
    t.equal(await endDevice(deps, ada, id, ip), 'not_found', JSON.stringify(id))
  t.ok(await sessions.find(foreign.hash, at), 'another person’s stays')
  t.equal(await auditOf(database, 'session_ended'), 0)

  t.equal(await endDevice(deps, ada, grant.sessionId, ip), 'ended')
  t.equal(await endDevice(deps, ada, grant.sessionId, ip), 'ended', 'twice is done, too')
  t.equal(await auditOf(database, 'session_ended'), 1, 'but happened once')
  t.equal(
    await createGrantStore(database.db).rotate(rotation(grant.id)),
    undefined,
    'its grants are dead',
  )

  const ended = await Promise.all(
    Array.from({ length: 8 }, () => endOtherDevices(deps, ada, here.id, ip)),
  )
  t.equal(
    ended.reduce((sum, n) => sum + n, 0),
    1,
    'eight at once end it once',
  )
  t.same(await ids(), [here.id])
  t.equal(await auditOf(database, 'session_ended'), 2)
  t.equal(await endAllDevices(deps, ada, ip), 1)
  t.same(await ids(), [])
  t.same(await ids(eve, foreign.id), [foreign.id])

  at = after(3600)
  t.same(await ids(eve, foreign.id), [], 'an idle one is no device any more')
  t.equal(await endAllDevices(deps, eve, ip), 1, 'yet it ends, with what applications hold of it')
}

async function profileOn(t: Test, database: Database) {
  const deps = { database, clock: () => after(5) }
  const users = createUserStore(database.db)
  const ada = await makeUser(database, 'profile@example.test')
  const eve = await makeUser(database, 'profile-eve@example.test')
  t.same(await changeProfile(deps, ada, { given_name: 'Ada' }, ip), { kind: 'unchanged' })
  t.same(await changeProfile(deps, uuidv7(now), { name: 'x' }, ip), { kind: 'not_found' })
  t.equal(await auditOf(database, 'profile_changed'), 0)

  const secret = 'a very private nickname'
  t.same(await changeProfile(deps, ada, { nickname: secret, country: 'UK' }, ip), {
    kind: 'changed',
    fields: ['nickname', 'country'],
  })
  t.match(await users.find(ada), {
    claims: { given_name: 'Ada', nickname: secret, address: { country: 'UK' } },
    updatedAt: after(5),
    roles: ['admin'],
  })
  t.same((await users.find(eve))?.claims, { given_name: 'Ada' })
  const noted = rowsOf<{ row: string }>(
    await database.db.execute(sql`select row_to_json(a)::text as row from audit a
      where event = 'profile_changed'`),
  )
  t.equal(noted.length, 1)
  t.match(noted[0]?.row, /"fields": ?\["nickname", ?"country"\]/)
  t.notMatch(noted[0]?.row, secret, 'the names of the fields, never what they say')

  await Promise.all([
    changeProfile(deps, ada, { family_name: 'Lovelace' }, ip),
    changeProfile(deps, ada, { middle_name: 'King' }, ip),
    changeProfile(deps, ada, { country: null }, ip),
  ])
  t.same(
    (await users.find(ada))?.claims,
    { given_name: 'Ada', nickname: secret, family_name: 'Lovelace', middle_name: 'King' },
    'of forms sent at once none is lost',
  )
}

async function appsOn(t: Test, database: Database) {
  let at = after(10)
  const deps = { database, resources, clock: () => at }
  const ada = await makeUser(database, 'apps@example.test')
  const eve = await makeUser(database, 'apps-eve@example.test')
  t.same(await connectedApps(deps, ada), [])

  const consents = createConsentStore(database.db)
  const allowed = ['openid', 'https://a.test read', 'https://a.test gone', 'https://no.test read']
  const earlier = after(-100)
  await consents.grant(ada, 'asker', allowed, earlier)
  await consents.grant(eve, 'asker', allowed, earlier)
  const { grant } = await makeGrant(database, ada)
  const foreign = await makeGrant(database, eve)
  t.match(await connectedApps(deps, ada), [
    {
      clientId: 'app',
      asked: false,
      offline: true,
      since: now,
      lastUsedAt: now,
      allowedAt: undefined,
      permissions: [
        { kind: 'standard', scope: 'openid' },
        { kind: 'api', scope: 'read', api: 'A', text: 'Read in A' },
        { kind: 'api', scope: 'write', api: 'B', text: 'Write in B' },
      ],
    },
    {
      clientId: 'asker',
      asked: true,
      offline: false,
      since: earlier,
      allowedAt: earlier,
      lastUsedAt: undefined,
      permissions: [
        { kind: 'standard', scope: 'openid' },
        { kind: 'api', scope: 'read', api: 'A', text: 'Read in A' },
      ],
    },
  ])
  at = after(1001)
  t.same(
    (await connectedApps(deps, ada)).map(({ clientId }) => clientId),
    ['asker'],
    'a grant that has run out is no connection',
  )
  at = after(10)

  for (const id of ['rival', 'nobody', '', '\0', "' or true --"])
    t.equal(await withdraw(deps, ada, id, ip), 'not_found', JSON.stringify(id))
  t.equal(await auditOf(database, 'consent_withdrawn'), 0)

  const answers = await Promise.all(
    Array.from({ length: 20 }, () => withdraw(deps, ada, 'app', ip)),
  )
  t.same([...new Set(answers)], ['withdrawn'])
  t.equal(await auditOf(database, 'consent_withdrawn'), 1, 'twenty at once happen once')
  const grants = createGrantStore(database.db)
  t.equal(await grants.rotate(rotation(grant.id)), undefined)
  t.match(await grants.find(grant.id), { endedAt: at, endedBecause: 'consent_withdrawn' })
  t.match(await grants.find(foreign.grant.id), { endedAt: null }, 'another person’s stays')

  t.equal(await withdraw(deps, ada, 'asker', ip), 'withdrawn')
  t.same(await connectedApps(deps, ada), [])
  t.equal((await connectedApps(deps, eve)).length, 2)
  t.equal(await withdraw(deps, ada, 'asker', ip), 'withdrawn', 'pressed twice')
  t.equal(await auditOf(database, 'consent_withdrawn'), 2)
}

/** A yes that is taken back while the code it led to is on its way: no grant may be left behind. */
async function codesOn(t: Test, database: Database) {
  const deps = { database, clock: () => now }
  const ada = await makeUser(database, 'codes@example.test')
  const consents = createConsentStore(database.db)
  const grants = createGrantStore(database.db)
  const { id: sessionId } = await makeSession(database, ada)
  const code = () => codeFor(ada, sessionId, { clientId: 'asker' })
  t.equal(await grants.redeem(redemption(code())), undefined, 'never allowed')
  await consents.grant(ada, 'asker', ['openid'], now)
  t.ok(await grants.redeem(redemption(code())), 'allowed')
  t.equal(await withdraw(deps, ada, 'asker', ip), 'withdrawn')
  t.equal(await grants.redeem(redemption(code())), undefined, 'taken back')

  for (let round = 0; round < 5; round += 1) {
    await consents.grant(ada, 'asker', ['openid'], now)
    const codes = Array.from({ length: 6 }, code)
    await Promise.all([
      ...codes.slice(0, 3).map((one) => grants.redeem(redemption(one))),
      withdraw(deps, ada, 'asker', ip),
      ...codes.slice(3).map((one) => grants.redeem(redemption(one))),
    ])
    for (const { grantId } of codes) {
      const grant = await grants.find(grantId)
      t.ok(grant === undefined || grant.endedAt !== null, 'none lives')
    }
  }
}

async function logOn(t: Test, database: Database) {
  let at = now
  const ada = await makeUser(database, 'log@example.test')
  const eve = await makeUser(database, 'log-eve@example.test')
  const audit = createAuditStore(database.db, () => at)
  const note = async (event: AuditEvent, userId: string, more: object = {}) => {
    at = new Date(at.getTime() + 1)
    await audit.record({ event, userId, ip, ...more })
  }
  const { id: sessionId } = await makeSession(database, ada)
  await database.db.execute(
    sql`update sessions set user_agent = 'Firefox/145.0' where id = ${sessionId}`,
  )
  await note('user_registered', ada)
  await note('sign_in_succeeded', ada, { sessionId })
  await note('sign_in_succeeded', eve)
  await note('password_rehashed', ada)
  await note('grant_created', ada, { clientId: 'app' })
  await note('consent_granted', ada, { clientId: 'app', detail: { permissions: ['secret'] } })
  await note('profile_changed', ada, { detail: { fields: ['name', 7], others: 'hidden' } })
  await note('sign_in_failed', ada, { detail: { userAgent: 'curl/8' } })

  const log = async (query: Partial<Parameters<typeof ownLog>[2]> = {}) =>
    ownLog({ database }, ada, { limit: 50, ...query })
  const names = async (query: Partial<Parameters<typeof ownLog>[2]> = {}) =>
    (await log(query)).entries.map(({ event }) => event)
  const all = [
    'sign_in_failed',
    'profile_changed',
    'consent_granted',
    'sign_in_succeeded',
    'user_registered',
  ]
  t.same(await names(), all, 'newest first; what is of no use to a person is left out')
  const { entries, older } = await log()
  t.equal(older, undefined)
  t.match(entries[0], { userAgent: 'curl/8', ip, kind: 'sign_in' })
  t.same(entries[1]?.fields, ['name'])
  t.match(entries[2], { app: { clientId: 'app', name: 'app' } })
  t.match(entries[3], { userAgent: 'Firefox/145.0' })
  t.notMatch(JSON.stringify(entries), /secret|hidden/)
  t.same(await names({ kind: 'sign_in' }), ['sign_in_failed', 'sign_in_succeeded'])
  t.same(await names({ kind: 'change' }), [all[1], all[2], all[4]])

  const paged: string[] = []
  for (let before: string | undefined, pages = 0; pages < 9; pages += 1) {
    const page = await log({ limit: 2, before })
    paged.push(...page.entries.map(({ event }) => event))
    before = page.older
    if (before === undefined) break
  }
  t.same(paged, all, 'page by page the same, each once')

  const foreign = (await ownLog({ database }, eve, { limit: 1 })).entries[0]?.id ?? ''
  t.not(foreign, '')
  for (const before of [foreign, uuidv7(now), 'no id', '', "' or true --"])
    t.same(await names({ before }), [], 'an id that is not the person’s leads nowhere')
  t.equal((await names({ limit: 0 })).length, 1)
  t.equal((await names({ limit: 1_000_000 })).length, 5)
}
