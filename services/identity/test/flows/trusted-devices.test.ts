// Browsers that a person trusts: they spare the code at sign-in, and prove nothing.
import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { endTrustedDevice } from '../../src/domain/trusted-devices/end.ts'
import { createTrustedDeviceStore } from '../../src/domain/trusted-devices/store.ts'
import { setDisabled } from '../../src/domain/standing/disable.ts'
import type { EmailAddress } from '../../src/domain/users/email.ts'
import { en } from '../../src/http/words/en.ts'
import { uuidv7 } from '../../src/platform/crypto/uuid.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { type Browser, mustReturn, type Person, stepOf } from '../helpers/browser.ts'
import { kinds, testDatabase, needsPostgres } from '../helpers/database.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { decodeJwt } from '../helpers/jwt.ts'
import { lettersTo } from '../helpers/mailbox.ts'
import { crowd, ownAccount } from '../helpers/own-account.ts'
import { tokensOf } from '../helpers/provider.ts'
import { pathOf } from '../helpers/registering.ts'
import { type Enrolled, factorRoom, showCode, upToCode } from '../helpers/second-factor.ts'
import { world } from '../helpers/world.ts'
import { auditOf, contentOf, makeUser, now } from '../storage/rows.ts'

t.setTimeout(300_000)

await needsPostgres(t)

const { people, somebody } = crowd(24)
const base = world() as { users: object[] }
const config = { ...base, users: [...base.users, ...people] }
const identity = await startIdentity(t, { config, database: 'postgres' })
const { issuer, clock } = identity
const room = await factorRoom(t, identity.databaseUrl ?? '')
const { rp, visitor, open, press } = ownAccount(issuer)

const login = '/login?next=%2Faccount'
const trust = { trust: 'yes' }

interface Trusting extends Enrolled {
  readonly person: Person
  readonly browser: Browser
}

async function enrolled() {
  const person = somebody()
  return { person, ...(await room.enrol(person)) }
}

/** A person with a browser that they trust, signed in at it. */
async function trusting(browser = visitor()): Promise<Trusting> {
  const someone = await enrolled()
  const page = await upToCode(browser, `${issuer}${login}`, someone.person)
  const through = await showCode(browser, page, someone.app.code(clock.now()), trust)
  if (pathOf(through) !== '/account') throw new Error(`not through: ${textOf(through.body)}`)
  return { ...someone, browser }
}

/** The page that a password leads to: the account, or the question for a code. */
async function afterPassword(browser: Browser, person: Person): Promise<string> {
  forget(browser)
  return pathOf(await browser.signIn(await open(browser, login), person))
}

/** Without its session, as after a sign-out. */
function forget(browser: Browser): void {
  browser.cookies.delete('signet_session')
}

void t.test('the box: unticked by default, named in days, and it spares the code', async (t) => {
  const { person, app, userId } = await enrolled()
  const browser = visitor()
  const page = await upToCode(browser, `${issuer}${login}`, person)
  t.match(textOf(page.body), 'Trust this browser for 30 days')
  t.notMatch(page.body, /name="trust"[^>]*checked/)
  const wrong = await showCode(browser, page, '000000', trust)
  t.match(wrong.body, /<input[^>]*name="trust"[^>]*checked/, 'the tick is kept')
  t.equal(await room.count('trusted_devices', userId), 0, 'no trust for a wrong code')
  await showCode(browser, page, app.code(clock.now()))
  t.equal(await room.count('trusted_devices', userId), 0, 'nor without the tick')
  t.equal(await afterPassword(browser, person), '/mfa')

  const again = await trusting()
  t.equal(await room.count('trusted_devices', again.userId), 1)
  t.equal(await room.audited('device_trusted', again.userId), 1)
  t.equal(await afterPassword(again.browser, again.person), '/account')
})

void t.test('a spared sign-in is worth one factor, and says so', async (t) => {
  const { browser, person, userId } = await trusting()
  forget(browser)
  const { tokens } = await rp.signIn(browser, {}, { person })
  t.match(decodeJwt(tokens.idToken).claims, { acr: 'aal1', amr: ['pwd'] })
  t.match((await room.liveSessions(userId)).at(-1), { acr: 'aal1', amr: ['pwd'] })
})

void t.test('it never stands in for a step-up', async (t) => {
  const { browser, person, app } = await trusting()
  forget(browser)
  await rp.signIn(browser, {}, { person })
  const asked = await browser.authorize((await rp.request({ acr_values: 'aal2' })).url)
  t.same(asked.steps, ['mfa'])
  t.notMatch(asked.answer.body, 'name="trust"')
  t.equal(pathOf(await open(browser, '/account/password')), '/mfa')
  const again = await rp.request({ acr_values: 'aal2', prompt: 'login' })
  const landing = await browser.authorize(again.url, { person })
  t.same(landing.steps, ['login', 'mfa'], 'the password again, and the code')
  clock.advance(30)
  const landed = await browser.walk(await showCode(browser, landing.answer, app.code(clock.now())))
  const { idToken } = tokensOf(await rp.redeem(again, mustReturn(landed)))
  t.equal(decodeJwt(idToken).claims['acr'], 'aal2')
})

void t.test('the cookie is secret, and only its hash is kept', async (t) => {
  const { browser, userId } = await trusting()
  const token = browser.cookies.get('signet_trusted')?.value ?? ''
  t.match(token, /^[\w-]{43}$/, '256 bit')
  const content = JSON.stringify(await contentOf(room.database))
  t.notOk(content.includes(token))
  const query = sql`select token_hash from trusted_devices where user_id = ${userId}`
  const [row] = rowsOf<{ token_hash: string }>(await room.database.db.execute(query))
  t.not(row?.token_hash, token)

  const { person, app } = await enrolled()
  const other = visitor()
  const page = await upToCode(other, `${issuer}${login}`, person)
  const form = new URLSearchParams({
    csrf: csrfOf(page.body),
    code: app.code(clock.now()),
    ...trust,
  })
  const answer = await other.post(page.url, form)
  const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('signet_trusted='))
  for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/', 'Max-Age=2592000'])
    t.match(cookie, attribute)
})

const csrfOf = (html: string) => /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? ''

void t.test('nobody else’s: not by the same browser, not by a copy', async (t) => {
  const mine = await trusting()
  const other = await enrolled()
  t.equal(await afterPassword(mine.browser, other.person), '/mfa', 'another person here')
  const copy = visitor()
  const cookie = mine.browser.cookies.get('signet_trusted')
  if (cookie !== undefined) copy.cookies.set('signet_trusted', cookie)
  t.equal(await afterPassword(copy, other.person), '/mfa')
  t.equal(await afterPassword(visitor(), mine.person), '/mfa', 'the same person at another device')

  forget(mine.browser)
  const page = await upToCode(mine.browser, `${issuer}${login}`, other.person)
  await showCode(mine.browser, page, other.app.code(clock.now()), trust)
  t.equal(
    await afterPassword(mine.browser, other.person),
    '/account',
    'each has a trust of their own',
  )
  t.equal(await afterPassword(mine.browser, mine.person), '/account', 'and none ends the other’s')
  t.equal(await afterPassword(copy, other.person), '/mfa', 'a value from before is not of use')
})

void t.test('what is no value of ours is none', async (t) => {
  const { browser, person } = await trusting()
  const token = browser.cookies.get('signet_trusted')?.value ?? ''
  const many = Array.from({ length: 8 }, () => 'A'.repeat(43)).join('.')
  for (const value of [
    'x',
    token.slice(1),
    `${token}A`,
    `${many}.${token}`,
    `.${token}`,
    `${token}.`,
    "' or 1=1 --",
    'A'.repeat(5000),
    '%00',
  ]) {
    const bent = visitor()
    bent.cookies.set('signet_trusted', { value, path: '/' })
    t.equal(await afterPassword(bent, person), '/mfa', value.slice(0, 60))
  }
  const shared = visitor()
  shared.cookies.set('signet_trusted', { value: `${'A'.repeat(43)}.${token}`, path: '/' })
  t.equal(await afterPassword(shared, person), '/account')
})

void t.test('it ends after 30 days, used or not', async (t) => {
  const { browser, person } = await trusting()
  clock.advance(29 * 86_400)
  t.equal(await afterPassword(browser, person), '/account')
  clock.advance(86_400 + 60)
  t.equal(await afterPassword(browser, person), '/mfa')
})

void t.test('where the operator wants none, there is no box and no trust', async (t) => {
  const someone = { email: 'nobody-trusts@example.test', password: 'an old pass phrase' }
  const none = world({ trusted_device_ttl_seconds: 0 }) as { users: object[] }
  const strict = await startIdentity(t, {
    config: { ...none, users: [...none.users, someone] },
    database: 'postgres',
  })
  const place = await factorRoom(t, strict.databaseUrl ?? '')
  const { app, userId } = await place.enrol(someone)
  const at = ownAccount(strict.issuer)
  const browser = at.visitor()
  const page = await upToCode(browser, `${strict.issuer}${login}`, someone)
  t.notMatch(page.body, 'name="trust"')
  const through = await showCode(browser, page, app.code(strict.clock.now()), trust)
  t.equal(pathOf(through), '/account')
  t.notOk(browser.cookies.has('signet_trusted'))
  t.equal(await place.count('trusted_devices', userId), 0)
})

const RESET_SUBJECT = en.mails.passwordReset.subject

/** What makes strangers of all browsers again, each done by a person who is signed in with both factors. */
const ends: Readonly<Record<string, (one: Trusting) => Promise<Person>>> = {
  async 'another password'({ browser, person }) {
    const password = 'a brand new pass phrase 99'
    const form = await open(browser, '/account/password')
    await browser.submit(form, { current_password: person.password, password })
    return { ...person, password }
  },
  async 'a password by mail'({ person }) {
    const password = 'a brand new pass phrase 99'
    const other = visitor()
    await other.submit(await open(other, '/forgot-password'), { email: person.email })
    const subject = RESET_SUBJECT
    const [letter] = await lettersTo(issuer, person.email, { count: 1, subject })
    await other.submit(await other.open(letter?.link ?? ''), { password })
    return { ...person, password }
  },
  async 'a sign-out everywhere'({ browser, person }) {
    const page = await open(browser, '/account/sessions')
    await browser.submit(page, {}, { name: 'all', value: 'everywhere' })
    return person
  },
  async 'an account that is switched off, and on again'({ person }) {
    const deps = { database: room.database, clock: () => new Date(clock.now()) }
    for (const disabled of [true, false])
      await setDisabled(deps, { email: person.email as EmailAddress, disabled })
    return person
  },
}

for (const [name, end] of Object.entries(ends))
  void t.test(`${name} ends it in every browser`, async (t) => {
    const one = await trusting()
    const second = visitor()
    clock.advance(30)
    const page = await upToCode(second, `${issuer}${login}`, one.person)
    await showCode(second, page, one.app.code(clock.now()), trust)
    t.equal(await room.count('trusted_devices', one.userId), 2)
    const person = await end(one)
    t.equal(await room.count('trusted_devices', one.userId), 0)
    t.equal(await room.audited('device_trust_ended', one.userId), 1)
    for (const browser of [one.browser, second])
      t.equal(await afterPassword(browser, person), '/mfa')
  })

void t.test('“this wasn’t me” ends it', async (t) => {
  const one = await trusting()
  const thief = visitor()
  clock.advance(30)
  const page = await upToCode(thief, `${issuer}${login}`, one.person)
  await showCode(thief, page, one.app.code(clock.now()), trust)
  const letters = await lettersTo(issuer, one.person.email, { count: 1 })
  const link = letters.find((letter) => letter.link.includes('/not-me'))?.link ?? ''
  const browser = visitor()
  await press(browser, await browser.open(link))
  t.equal(await room.count('trusted_devices', one.userId), 0)
})

for (const kind of kinds)
  void t.test(`one browser of the list, on ${kind}`, async (t) => {
    const database = await testDatabase(t, kind)
    const clockOf = () => now
    const [adaId, bobId] = [
      await makeUser(database, 'ada@example.test'),
      await makeUser(database, 'bob@example.test'),
    ]
    const store = createTrustedDeviceStore(database.db)
    const device = async (userId: string, tokenHash: string, seconds: number) => {
      const id = uuidv7(now)
      const expiresAt = new Date(now.getTime() + seconds * 1000)
      await store.add(
        { id, userId, tokenHash, userAgent: 'X', ip: '::1', createdAt: now, expiresAt },
        [],
      )
      return id
    }
    const mine = await device(adaId, 'a', 60)
    await device(adaId, 'old', 0)
    const theirs = await device(bobId, 'b', 60)
    t.same(
      (await store.devicesOf(adaId, now)).map(({ id }) => id),
      [mine],
      'an expired one is not listed',
    )
    t.equal(await store.use(adaId, ['a', 'b'], now), true)
    t.equal(await store.use(adaId, ['b'], now), false)
    t.equal(await store.use(adaId, ['old'], now), false)
    t.equal(await store.use(adaId, [], now), false)
    const end = async (userId: string, id: string) =>
      endTrustedDevice({ database, clock: clockOf }, userId, id, '::1')
    for (const id of [theirs, 'x', '', "' or true --", uuidv7(now)])
      t.equal(await end(adaId, id), 'not_found', id)
    t.equal(await end(adaId, mine), 'ended')
    t.equal(await end(adaId, mine), 'not_found')
    t.equal(await auditOf(database, 'device_trust_ended'), 1)
    t.equal((await store.devicesOf(bobId, now)).length, 1)
    await store.deleteExpired(now)
    t.equal(await store.endAllOf(adaId), 0, 'the clean-up took the old one')
  })

void t.test('a password reset while the code is shown leaves no trust behind', async (t: Test) => {
  const { person, app, userId } = await enrolled()
  const browser = visitor()
  const page = await upToCode(browser, `${issuer}${login}`, person)
  const changed = await ends['a password by mail']?.({
    person,
    app,
    userId,
    browser,
    recoveryCodes: [],
  })
  const late = await showCode(browser, page, app.code(clock.now()), trust)
  t.equal(late.status, 400)
  t.equal(await room.count('trusted_devices', userId), 0)
  t.equal(stepOf(await browser.signIn(await open(browser, login), changed ?? person)), 'mfa')
})
