// Authenticator apps and trusted browsers are looked after in the account: renamed, replaced, removed, forgotten.
import t, { type Test } from 'tap'
import { type Browser, type Person, fieldOf } from '../helpers/browser.ts'
import { needsPostgres } from '../helpers/database.ts'
import { countOf, setUp } from '../helpers/enrolling.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { crowd, ownAccount } from '../helpers/own-account.ts'
import { pathOf } from '../helpers/registering.ts'
import { type AuthenticatorApp, factorRoom, showCode, upToCode } from '../helpers/second-factor.ts'
import type { Answer } from '../helpers/wire.ts'
import { world } from '../helpers/world.ts'

t.setTimeout(300_000)

await needsPostgres(t)

const { people, somebody } = crowd(30)
const operators = crowd(4, 'operator')
const base = world({ mfa: 'by_role' }) as { users: object[] }
const config = {
  ...base,
  users: [
    ...base.users,
    ...people,
    ...operators.people.map((person) => ({ ...person, roles: ['admin'] })),
  ],
}
const identity = await startIdentity(t, { config, database: 'postgres' })
const { issuer, clock } = identity
const room = await factorRoom(t, identity.databaseUrl ?? '')
const { database } = room
const { open, press, signIn, visitor, mail } = ownAccount(issuer)

const twoStep = '/account/two-step'
const add = `${twoStep}/add`
const login = `${issuer}/login?next=%2Faccount`

/** Somebody with one authenticator app, signed in with it. */
async function enrolled(person: Person = somebody()) {
  const browser = visitor()
  const landed = await browser.signIn(await browser.open(login), person)
  const page = pathOf(landed) === '/enrol' ? landed : await open(browser, add)
  const { app, recoveryCodes } = await setUp(browser, page, clock.now())
  const userId = await room.userId(person)
  return { person, browser, app, recoveryCodes, userId, ids: await idsOn(browser) }
}

/** The ids of the apps on the page that lists them. */
async function idsOn(browser: Browser): Promise<string[]> {
  const { body } = await open(browser, twoStep)
  return [...body.matchAll(/\/two-step\/app\?id=([0-9a-f-]{36})/g)].map(([, id]) => id ?? '')
}

async function signInWith(person: Person, app: AuthenticatorApp, steps = 1): Promise<Answer> {
  const browser = visitor()
  const asked = await upToCode(browser, login, person)
  return showCode(browser, asked, app.code(clock.now(), steps))
}

function isNotFound(t: Test, answer: Answer, what: string) {
  t.equal(answer.status, 404, what)
  t.match(answer.body, /id="error-id"/, `${what}: a page with its id`)
}

void t.test('another name', async (t) => {
  const { browser, userId, ids } = await enrolled()
  const page = await open(browser, `${twoStep}/app?id=${ids[0]}`)
  t.match(page.body, /value="My phone"/)
  const done = await browser.submit(page, { name: ' Grandma’s  phone <b>' })
  t.equal(pathOf(done), twoStep)
  t.match(textOf(done.body), /The name is saved.*Grandma’s phone <b>/)
  t.notMatch(done.body, '<b>')
  t.equal(await room.audited('authenticator_renamed', userId), 1)
  for (const name of ['', '   ', '\u200b', 'x'.repeat(61), 'a\nb', 'a\u202eb']) {
    const bad = await browser.submit(page, { name })
    t.equal(bad.status, 422, JSON.stringify(name))
    t.match(bad.body, /<title>Error: /)
  }
  t.match(textOf((await open(browser, twoStep)).body), 'Grandma’s phone')
})

void t.test('the old one works until the new one is proved, and then no more', async (t) => {
  const { browser, person, app, userId, ids } = await enrolled()
  const page = await open(browser, `${add}?replaces=${ids[0]}`)
  t.match(textOf(page.body), /Replace My phone The old one works until/)
  t.match(page.body, /value="My phone"/, 'the name goes on')
  t.equal((await browser.submit(page, { code: '000000', name: '' })).status, 422)
  t.same(await idsOn(browser), ids)
  clock.advance(60)
  t.equal(pathOf(await signInWith(person, app)), '/account', 'so far the old one')
  const fresh = await setUp(browser, page, clock.now(), 'New phone')
  t.same(fresh.recoveryCodes, [], 'the recovery codes stay')
  t.match(textOf(fresh.done.body), /the old one no longer works.*New phone/)
  t.not((await idsOn(browser))[0], ids[0])
  t.equal(await countOf(database, 'authenticators', userId), 1)
  clock.advance(60)
  t.equal((await signInWith(person, app)).status, 401)
  t.equal(pathOf(await signInWith(person, fresh.app)), '/account')
  await mail(person.email, /authenticator app was replaced/)
  t.equal(await room.audited('authenticator_replaced', userId), 1)
})

void t.test('the last one takes recovery codes and trust with it', async (t) => {
  const { browser, person, app, userId, ids } = await enrolled()
  clock.advance(60)
  const trusting = visitor()
  const asked = await upToCode(trusting, login, person)
  await showCode(trusting, asked, app.code(clock.now()), { trust: 'yes' })
  t.equal(await countOf(database, 'trusted_devices', userId), 1)

  const ask = await open(browser, `${twoStep}/remove?id=${ids[0]}`)
  t.match(textOf(ask.body), /Remove My phone \?.*only second step.*two-step sign-in is off/)
  t.equal(await countOf(database, 'authenticators', userId), 1, 'looking removes nothing')
  const done = await press(browser, ask)
  t.match(textOf(done.body), /two-step sign-in is off/)
  for (const table of ['authenticators', 'recovery_codes', 'trusted_devices'] as const)
    t.equal(await countOf(database, table, userId), 0, table)
  t.equal(pathOf(await visitor().signIn(await visitor().open(login), person)), '/login')
  const plain = visitor()
  t.equal(pathOf(await plain.signIn(await plain.open(login), person)), '/account')
  await mail(person.email, /Two-step sign-in was turned off/)
  t.equal(await room.audited('authenticator_removed', userId), 1)
  isNotFound(t, await browser.open(ask.url), 'removed already')
})

void t.test('one of two leaves the other, the codes, and no trust', async (t) => {
  const { browser, person, userId, ids } = await enrolled()
  const second = await setUp(browser, await open(browser, add), clock.now(), 'Tablet')
  const ask = await open(browser, `${twoStep}/remove?id=${ids[0]}`)
  t.notMatch(textOf(ask.body), 'only second step')
  const done = await press(browser, ask)
  t.match(textOf(done.body), /The app is removed\..*Tablet/)
  t.equal(await countOf(database, 'authenticators', userId), 1)
  t.equal(await countOf(database, 'recovery_codes', userId), 10)
  clock.advance(60)
  t.equal(pathOf(await signInWith(person, second.app)), '/account')
  await mail(person.email, /authenticator app was removed/)
})

void t.test('who must have a second step keeps the last one', async (t) => {
  const { browser, userId, ids } = await enrolled(operators.somebody())
  t.match(textOf((await open(browser, twoStep)).body), 'ask for a second step on your account')
  const ask = await open(browser, `${twoStep}/remove?id=${ids[0]}`)
  t.match(textOf(ask.body), /must have a second step, and this is the only one/)
  t.notMatch(ask.body, /action="[^"]*remove/, 'there is no such form')
  const csrf = fieldOf(await open(browser, add), 'csrf')
  const forced = await browser.post(ask.url, { csrf })
  t.equal(forced.status, 409)
  t.match(textOf(forced.body), /must have a second step/)
  t.equal(await countOf(database, 'authenticators', userId), 1)
  t.equal(await countOf(database, 'recovery_codes', userId), 10)

  await setUp(browser, await open(browser, add), clock.now(), 'Tablet')
  const both = await idsOn(browser)
  t.equal(both.length, 2)
  const answers = await Promise.all(
    both.map((id) => browser.twin().post(`${issuer}${twoStep}/remove?id=${id}`, { csrf })),
  )
  t.same(
    answers.map(({ status }) => String(status)).toSorted(),
    ['303', '409'],
    'of both at once, one',
  )
  t.equal(await countOf(database, 'authenticators', userId), 1)
})

void t.test('somebody else’s is not found', async (t) => {
  const mine = await enrolled()
  const theirs = await enrolled()
  const [id = ''] = theirs.ids
  const csrf = fieldOf(await open(mine.browser, add), 'csrf')
  for (const named of [id, '', 'x', `${id}x`, "' or 1=1", '00000000-0000-0000-0000-000000000000']) {
    const query = encodeURIComponent(named)
    for (const page of ['app', 'remove']) {
      const path = `${twoStep}/${page}?id=${query}`
      isNotFound(t, await open(mine.browser, path), `GET ${path}`)
      isNotFound(t, await mine.browser.post(`${issuer}${path}`, { csrf, name: 'Mine' }), path)
    }
    // Without a value it is not there.
    if (named !== '')
      isNotFound(t, await open(mine.browser, `${add}?replaces=${query}`), 'replaces')
  }
  const [own = ''] = mine.ids
  for (const path of [`app?id=${own}&id=${id}`, `remove?id=${own}&id=${own}`])
    t.equal((await mine.browser.post(`${issuer}${twoStep}/${path}`, { csrf })).status, 400, path)
  t.match(textOf((await open(theirs.browser, twoStep)).body), 'My phone')
  t.equal(await countOf(database, 'authenticators', theirs.userId), 1)
})

void t.test('nobody else’s form', async (t) => {
  const mine = await enrolled()
  const { browser } = await enrolled()
  const csrf = fieldOf(await open(browser, add), 'csrf')
  const [id = ''] = mine.ids
  for (const path of [`/app?id=${id}`, `/remove?id=${id}`, '/codes', '/add', ''])
    t.equal(
      (await mine.browser.post(`${issuer}${twoStep}${path}`, { csrf, name: 'x', all: 'devices' }))
        .status,
      403,
      path,
    )
  t.same(await idsOn(mine.browser), mine.ids)
})

void t.test('changes ask for the second step, and for a fresh sign-in', async (t) => {
  const { browser, person, app, userId, ids } = await enrolled()
  clock.advance(60)
  const trusted = visitor()
  const asked = await upToCode(trusted, login, person)
  await showCode(trusted, asked, app.code(clock.now()), { trust: 'yes' })
  trusted.cookies.delete('signet_session')
  const weak = await trusted.signIn(await trusted.open(login), person)
  t.equal(pathOf(weak), '/account', 'spared the code')
  t.equal((await open(trusted, twoStep)).status, 200, 'looking is free')
  const changes = [add, `${twoStep}/codes`, `${twoStep}/app?id=${ids[0]}`]
  const all = [...changes, `${twoStep}/remove?id=${ids[0]}`, `${twoStep}/file`]
  for (const path of all) t.equal(pathOf(await open(trusted, path)), '/mfa', path)
  const csrf = fieldOf(await open(trusted, '/account/profile'), 'csrf')
  const sent = await trusted.post(`${issuer}${twoStep}/remove?id=${ids[0]}`, { csrf })
  t.match(sent.headers.get('location'), /^\/mfa\?/)

  clock.advance(601)
  for (const path of all) t.equal(pathOf(await open(browser, path)), '/login', path)
  const own = fieldOf(await open(browser, '/account/profile'), 'csrf')
  const late = await browser.post(`${issuer}${twoStep}/remove?id=${ids[0]}`, { csrf: own })
  t.match(late.headers.get('location'), /^\/login\?/)
  t.equal(await countOf(database, 'authenticators', userId), 1)
})

void t.test('trusted browsers: one forgotten, or all, and those of others never', async (t) => {
  const { browser, person, app, userId } = await enrolled()
  for (let n = 0; n < 3; n += 1) {
    clock.advance(60)
    const other = visitor()
    const asked = await upToCode(other, login, person)
    await showCode(other, asked, app.code(clock.now()), { trust: 'yes' })
  }
  const page = await open(browser, twoStep)
  t.match(textOf(page.body), /Trusted browsers.*Trusted since.*Until/)
  const [, first = ''] = /name="device" value="([^"]+)"/.exec(page.body) ?? []

  const stranger = await signIn(somebody())
  const csrf = fieldOf(await open(stranger, add), 'csrf')
  for (const device of [first, '', 'x'])
    isNotFound(t, await stranger.post(`${issuer}${twoStep}`, { csrf, device }), device)
  await stranger.follow(await stranger.post(`${issuer}${twoStep}`, { csrf, all: 'devices' }))
  t.equal(await countOf(database, 'trusted_devices', userId), 3)

  const one = await browser.submit(page, {}, { name: 'device', value: first })
  t.match(textOf(one.body), 'The browser is no longer trusted.')
  t.equal(await countOf(database, 'trusted_devices', userId), 2)
  const none = await browser.submit(one, {}, { name: 'all', value: 'devices' })
  t.match(textOf(none.body), 'No browser is trusted any more.')
  t.equal(await countOf(database, 'trusted_devices', userId), 0)
  t.equal(await room.audited('device_trust_ended', userId), 2)
})

void t.test(
  '"this was not me" ends the sessions and the password, and no second step',
  async (t) => {
    const person = somebody()
    const browser = await signIn(person)
    await setUp(browser, await open(browser, add), clock.now())
    const { link } = await mail(person.email, /authenticator app was added/)
    const elsewhere = visitor()
    const page = await elsewhere.open(link)
    t.match(textOf(page.body), 'Secure your account')
    t.match(textOf(await press(elsewhere, page).then(({ body }) => body)), /secured/)
    const userId = await room.userId(person)
    t.same(await room.liveSessions(userId), [])
    t.equal(await countOf(database, 'authenticators', userId), 1, 'a mailbox gets round none')
  },
)
