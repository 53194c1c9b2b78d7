// "Download my data": everything about the person, nothing about anybody else, and no secret.
import { sql } from 'drizzle-orm'
import t from 'tap'
import { createAuditStore } from '../../src/domain/audit/store.ts'
import { ownData } from '../../src/domain/own-data/own-data.ts'
import { openDatabase } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { Browser, type Person, fieldOf } from '../helpers/browser.ts'
import { kinds, testDatabase, withoutPostgres } from '../helpers/database.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { Provider } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { type Answer, isRecord } from '../helpers/wire.ts'
import { ada, adaClaims, asker, bob, judge, world } from '../helpers/world.ts'
import { makeClient, makeGrant, makeUser, now } from '../storage/rows.ts'

t.setTimeout(120_000)

const mallory: Person = { email: 'mallory@example.test', password: 'a pass phrase of mallory 1' }
const base = world() as { users: object[] }
const config = { ...base, users: [...base.users, mallory] }
const identity = await startIdentity(t, { config })

async function signedIn(person: Person, at = identity): Promise<Browser> {
  const browser = new Browser(at.issuer)
  await browser.signIn(await browser.open(`${at.issuer}/login`), person)
  return browser
}

async function download(browser: Browser): Promise<Answer> {
  const page = await browser.open(`${browser.issuer}/account/data`)
  return browser.post('/account/data', { csrf: fieldOf(page, 'csrf') })
}

function listOf(document: unknown, name: string): Record<string, unknown>[] {
  const list = isRecord(document) ? document[name] : undefined
  return Array.isArray(list) ? list.filter(isRecord) : []
}

void t.test('one file with everything in it', async (t) => {
  const rp = new RelyingParty(new Provider(identity.issuer), asker)
  const browser = await signedIn(ada)
  const scope = 'openid profile email offline_access notes:read'
  await rp.signIn(browser, { scope, resource: 'https://notes.example.test' })
  await new Browser(identity.issuer).signIn(
    await new Browser(identity.issuer).open(`${identity.issuer}/login`),
    { ...ada, password: 'wrong' },
  )
  const answer = await download(browser)
  t.equal(answer.status, 200)
  t.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8')
  const day = new Date(identity.clock.now()).toISOString().slice(0, 10)
  t.equal(answer.headers.get('content-disposition'), `attachment; filename="signet-${day}.json"`)
  t.equal(answer.headers.get('cache-control'), 'no-store')
  t.equal(answer.headers.get('x-content-type-options'), 'nosniff')

  const document: unknown = JSON.parse(answer.body)
  t.match(document, {
    format: 'signet-account-data/1',
    issuer: identity.issuer,
    account: {
      email: ada.email,
      email_verified: true,
      new_email: null,
      profile: adaClaims,
      roles: ['admin'],
      password_changed_at: /^\d{4}-/,
    },
  })
  const [application] = listOf(document, 'applications')
  t.match(application, { client_id: 'asker', name: 'The asker app', allowed_at: /^\d{4}-/ })
  t.ok(JSON.stringify(application).includes('https://notes.example.test notes:read'))
  const [grant] = listOf(document, 'application_sign_ins')
  t.match(grant, { client_id: 'asker', scopes: scope.split(' '), ended_at: null })
  const [device] = listOf(document, 'devices')
  t.match(device, { amr: ['pwd'], ended_at: null, ip: /127\.0\.0\.1|::1/ })
  const events = listOf(document, 'security_log').map(({ event }) => event)
  for (const event of ['sign_in_succeeded', 'consent_granted', 'grant_created', 'data_downloaded'])
    t.ok(events.includes(event), event)
  t.equal(events.at(-1), 'data_downloaded', 'oldest first')
})

for (const [what, form, headers, status] of [
  ['no CSRF token', { csrf: '' }, {}, 403],
  ['a made-up one', { csrf: 'test.AAAA' }, {}, 403],
  ['another site', {}, { 'sec-fetch-site': 'cross-site' }, 403],
] as const)
  void t.test(`forms that are not ours bring nothing: ${what}`, async (t) => {
    const browser = await signedIn(bob)
    const csrf = fieldOf(await browser.open(`${identity.issuer}/account/data`), 'csrf')
    const answer = await browser.post('/account/data', { csrf, ...form }, headers)
    t.equal(answer.status, status)
    t.equal(answer.headers.get('content-disposition'), null)
    t.notMatch(answer.body, /security_log/)
  })

void t.test('whose data it is, the session alone decides', async (t) => {
  const browser = await signedIn(bob)
  const page = await browser.open(`${identity.issuer}/account/data`)
  const csrf = fieldOf(page, 'csrf')
  const asAda = { user: ada.email, user_id: '1', sub: '1', email: ada.email }
  const answer = await browser.post('/account/data?user_id=1&email=ada@example.test', {
    csrf,
    ...asAda,
  })
  t.equal(answer.status, 200)
  t.match(JSON.parse(answer.body), { account: { email: bob.email } })
  t.notMatch(answer.body, /ada@|Lovelace/)
  const stranger = new Browser(identity.issuer)
  for (const visit of [
    await stranger.get(`${identity.issuer}/account/data`),
    await stranger.get(`${identity.issuer}/account/data?download=1`),
  ])
    t.match(visit.headers.get('location'), /^\/login\?next=/)
  t.equal((await stranger.post('/account/data', { csrf })).status, 403)
})

void t.test('only with a sign-in of the last ten minutes', async (t) => {
  const at = await startIdentity(t, { config })
  const browser = await signedIn(bob, at)
  const csrf = fieldOf(await browser.open(`${at.issuer}/account/data`), 'csrf')
  at.clock.advance(601)
  for (const answer of [
    await browser.get(`${at.issuer}/account/data`),
    await browser.post('/account/data', { csrf }),
  ])
    t.equal(answer.headers.get('location'), '/login?next=%2Faccount%2Fdata')
})

void t.test('ten an hour', async (t) => {
  const at = await startIdentity(t, { config })
  const browser = await signedIn(bob, at)
  const csrf = fieldOf(await browser.open(`${at.issuer}/account/data`), 'csrf')
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => browser.post('/account/data', { csrf })),
  )
  t.equal(answers.filter(({ status }) => status === 200).length, 10)
  const late = answers.find(({ status }) => status === 429)
  t.match(late?.headers.get('retry-after'), /^\d+$/)
  t.match(textOf(late?.body ?? ''), /Too many tries/)
  t.equal((await download(await signedIn(ada, at))).status, 200, 'another person has their own')
})

const skipOf = { pglite: false, postgres: await withoutPostgres() } as const

void t.test('no secret, and nobody else', { skip: skipOf.postgres }, async (t) => {
  const at = await startIdentity(t, { config, database: 'postgres' })
  const { db, close } = await openDatabase(at.databaseUrl ?? '')
  t.teardown(close)
  const all = async (table: string) =>
    rowsOf<Record<string, unknown>>(await db.execute(sql`select * from ${sql.identifier(table)}`))
  const rp = new RelyingParty(new Provider(at.issuer), judge)
  const scope = { scope: 'openid offline_access' }
  const [mine, theirs] = [await signedIn(mallory, at), await signedIn(ada, at)]
  const own = await rp.signIn(mine, scope, { person: mallory })
  const other = await rp.signIn(theirs, scope)
  await download(theirs)
  const answer = await download(mine)
  t.match(JSON.parse(answer.body), { account: { email: mallory.email } })

  const secrets = [
    mallory.password,
    ...[mine, theirs].flatMap((browser) => [...browser.cookies.values()].map(({ value }) => value)),
    ...[own, other].flatMap(({ tokens: { accessToken, idToken, refreshToken } }) => [
      accessToken,
      idToken,
      refreshToken,
    ]),
    ...(await all('passwords')).map(({ hash }) => hash),
    ...(await all('sessions')).map((row) => row['token_hash']),
    ...(await all('grants')).map(({ salt }) => salt),
    ...(await all('clients')).map((row) => row['secret_hash']).filter((hash) => hash !== null),
    ...(await all('signing_keys')).flatMap((row) => Object.values(row)),
  ].map(String)
  t.ok(secrets.length > 15, 'there are secrets to look for')
  for (const secret of secrets.filter((text) => text.length > 12))
    t.notOk(answer.body.includes(secret), 'a secret is not in it')

  const users = await all('users')
  const others = users.filter(({ email }) => email !== mallory.email)
  for (const { id, email } of others) {
    t.notOk(answer.body.includes(String(id)), 'nobody else’s id')
    t.notOk(answer.body.includes(String(email)), 'nobody else’s address')
  }
  const mineOnly = new Set(
    (await all('sessions'))
      .filter((row) => others.every(({ id }) => id !== row['user_id']))
      .map(({ id }) => id),
  )
  for (const { sid } of listOf(JSON.parse(answer.body), 'devices')) t.ok(mineOnly.has(sid))
  // Words that only a column of secrets would bring.
  t.notMatch(answer.body, /argon2|token_hash|salt|pepper|sealed|mac"/)
})

for (const kind of kinds)
  void t.test(`a long log comes whole: ${kind}`, { skip: skipOf[kind] }, async (t) => {
    const database = await testDatabase(t, kind)
    await makeClient(database, 'app')
    const id = await makeUser(database, 'much@example.test')
    const other = await makeUser(database, 'other@example.test')
    await makeGrant(database, other)
    for (let n = 0; n < 3; n += 1) await makeGrant(database, id)
    // Many at the same moment: only the id tells them apart.
    const audit = createAuditStore(database.db, () => now)
    const detail = { because: 'x', userAgent: 'Much/1.0', codeMac: 'hidden', email: 'hidden' }
    for (let n = 0; n < 1203; n += 1)
      await audit.record({ event: 'sign_in_failed', userId: id, ip: `ip-${n}`, detail })
    await audit.record({ event: 'sign_in_failed', userId: other, ip: 'other' })
    const deps = { database, issuer: 'https://id.test', clock: () => new Date(now.getTime() + 1) }
    const own = await ownData(deps, id, 'ip')
    let text = ''
    if (own.kind === 'document') for await (const piece of own.text) text += piece
    const document: unknown = JSON.parse(text)
    const log = listOf(document, 'security_log')
    const failed = log.filter(({ event }) => event === 'sign_in_failed')
    t.equal(failed.length, 1203)
    t.equal(new Set(failed.map(({ ip }) => ip)).size, 1203, 'each once')
    t.same(failed[0]?.['detail'], { because: 'x', userAgent: 'Much/1.0' })
    t.notMatch(text, /hidden/, 'particulars that nobody named stay inside')
    t.equal(listOf(document, 'application_sign_ins').length, 3)
    t.equal(listOf(document, 'devices').length, 3)
    t.equal(log.at(-1)?.['event'], 'data_downloaded')
    t.same(await ownData(deps, '019a0000-0000-7000-8000-000000000000', 'ip'), { kind: 'gone' })
  })
