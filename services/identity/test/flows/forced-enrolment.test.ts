// A second step that is asked for and missing is set up in the middle of the sign-in; nobody gets round it.
import { sql } from 'drizzle-orm'
import t from 'tap'
import { type Browser, type Person, fieldOf, mustReturn } from '../helpers/browser.ts'
import { needsPostgres } from '../helpers/database.ts'
import { actionOf, codesOn, countOf, press, prove, secretOn, setUp } from '../helpers/enrolling.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { decodeJwt } from '../helpers/jwt.ts'
import { crowd, ownAccount } from '../helpers/own-account.ts'
import { tokensOf } from '../helpers/provider.ts'
import { pathOf } from '../helpers/registering.ts'
import { AuthenticatorApp, factorRoom } from '../helpers/second-factor.ts'
import { world } from '../helpers/world.ts'

t.setTimeout(300_000)

await needsPostgres(t)

const { people, somebody } = crowd(30)
const base = world({ mfa: 'required' }) as { users: object[] }
const config = { ...base, users: [...base.users, ...people] }
const identity = await startIdentity(t, { config, database: 'postgres' })
const { issuer, clock } = identity
const room = await factorRoom(t, identity.databaseUrl ?? '')
const { database } = room
const { rp, open, visitor, mail } = ownAccount(issuer)

/** Somebody who has shown the password on the way to an application, and nothing else. */
async function begun(person: Person = somebody(), browser: Browser = visitor()) {
  const request = await rp.request()
  const { answer: page } = await browser.authorize(request.url, { person })
  return { person, browser, request, page, userId: await room.userId(person) }
}

void t.test('to the application with a second factor, told truthfully', async (t) => {
  const { person, browser, request, page, userId } = await begun()
  t.equal(pathOf(page), '/enrol')
  t.match(
    textOf(page.body),
    /Set up a second step Your account needs one before you go on to The judge app/,
  )
  const { recoveryCodes, done } = await setUp(browser, page, clock.now())
  t.equal(recoveryCodes.length, 10)
  const callback = mustReturn(await browser.walk(done))
  const tokens = tokensOf(await rp.redeem(request, callback))
  const { claims } = decodeJwt(tokens.idToken)
  t.equal(claims['acr'], 'aal2')
  t.same(claims['amr'], ['pwd', 'otp', 'mfa'])
  t.equal(await countOf(database, 'authenticators', userId), 1)
  await mail(person.email, /authenticator app was added/)
  const again = await browser.get(page.url)
  t.equal(again.status, 303, 'the page is over')
  t.match(again.headers.get('location'), /^\/(?:authorize|mfa)\?/)
})

void t.test('nothing goes round it', async (t) => {
  const { browser, page, userId, request } = await begun()
  t.same(await room.liveSessions(userId), [])
  const tx = new URL(page.url).searchParams.get('tx') ?? ''
  for (const path of [
    '/account',
    '/account/two-step/add',
    `/authorize?tx=${tx}`,
    `/consent?tx=${tx}`,
    `/enrol?tx=${tx}`,
  ])
    t.equal(pathOf(await open(browser, path)), '/login', path)
  t.equal(pathOf(await browser.open(request.url)), '/login')
  const { answer } = await prove(browser, page, clock.now())
  t.equal(codesOn(answer).length, 10)
  t.same(await room.liveSessions(userId), [], 'not with the code alone')
  t.equal(await countOf(database, 'authenticators', userId), 0)
})

void t.test('cancelled, the application is told, and nothing is stored', async (t) => {
  for (const late of [false, true]) {
    const { browser, page, userId } = await begun()
    const from = late ? (await prove(browser, page, clock.now())).answer : page
    const landing = await browser.walk(
      await browser.submit(from, {}, { name: 'decision', value: 'deny' }),
    )
    t.equal(mustReturn(landing).params.get('error'), 'access_denied')
    t.equal(await countOf(database, 'authenticators', userId), 0)
    t.same(await room.liveSessions(userId), [])
  }
})

void t.test('without an application it goes on to where the person was going', async (t) => {
  const person = somebody()
  const browser = visitor()
  const landed = await browser.signIn(
    await open(browser, '/login?next=%2Faccount%2Fprofile'),
    person,
  )
  t.equal(pathOf(landed), '/enrol')
  t.match(landed.body, /href="\/">Cancel/)
  t.match(landed.body, /href="\/passkey\/enrol\?/)
  const { done } = await setUp(browser, landed, clock.now())
  t.equal(pathOf(done), '/account/profile')
})

void t.test(
  'who has a second factor shows it, and cannot add one by the password alone',
  async (t) => {
    const { person, page: unused, browser: first } = await begun()
    await room.enrol(person)
    t.equal(pathOf(await first.open(unused.url)), '/mfa', 'a factor of meanwhile')
    const browser = visitor()
    const { page, userId } = await begun(person, browser)
    t.equal(pathOf(page), '/mfa')
    const enrol = page.url.replace('/mfa', '/enrol')
    t.equal(pathOf(await browser.open(enrol)), '/mfa')
    t.equal(pathOf(await browser.open(enrol.replace('/enrol', '/enrol/file'))), '/mfa')
    const csrf = fieldOf(page, 'csrf')
    t.equal(
      pathOf(await browser.follow(await browser.post(enrol, { csrf, code: '123456' }))),
      '/mfa',
    )
    t.equal(await countOf(database, 'authenticators', userId), 1)
  },
)

void t.test('a factor that comes between code and "I saved them" wins', async (t) => {
  const { person, browser, page, userId } = await begun()
  const { answer } = await prove(browser, page, clock.now())
  await room.enrol(person)
  const late = await press(browser, answer)
  t.equal(pathOf(late), '/mfa')
  t.equal(await countOf(database, 'authenticators', userId), 1)
})

void t.test('a password that is another one by now adds nothing', async (t) => {
  const { browser, page, userId } = await begun()
  const { answer } = await prove(browser, page, clock.now())
  // As a reset in another browser does.
  await database.db.execute(
    sql`update passwords set hash = (select p.hash from passwords p join users u on u.id = p.user_id where u.email = 'bob@example.test'), changed_at = now() where user_id = ${userId}`,
  )
  const late = await press(browser, answer)
  t.equal(late.status, 400)
  t.match(late.body, /Start again/)
  t.equal(await countOf(database, 'authenticators', userId), 0)
  t.equal(await countOf(database, 'recovery_codes', userId), 0)
  t.same(await room.liveSessions(userId), [])
})

void t.test('neither does somebody who was disabled meanwhile', async (t) => {
  const { browser, page, userId } = await begun()
  const { answer } = await prove(browser, page, clock.now())
  await room.disable(userId, new Date(clock.now()))
  t.equal((await press(browser, answer)).status, 400)
  t.equal(await countOf(database, 'authenticators', userId), 0)
})

void t.test('the page is of one browser, one proof, and a quarter of an hour', async (t) => {
  const { person, browser, page, userId } = await begun()
  const app = new AuthenticatorApp(secretOn(page))
  const thief = visitor()
  await thief.open(`${issuer}/login`)
  t.equal((await thief.get(page.url)).status, 400, 'another browser')
  // The same person, a second sign-in: another proof.
  const other = await begun(person, browser)
  const setup = new URL(page.url).searchParams.get('setup') ?? ''
  const mixed = new URL(other.page.url)
  mixed.searchParams.set('setup', setup)
  t.not(secretOn(await browser.open(mixed.href)), secretOn(page), 'another proof')
  for (const proof of ['x', setup])
    t.equal((await open(browser, `/enrol?proof=${encodeURIComponent(proof)}`)).status, 400)
  t.equal((await open(browser, '/enrol?proof=a&proof=b')).status, 400)
  t.equal(pathOf(await open(visitor(), '/enrol')), '/login')

  const csrf = fieldOf(page, 'csrf')
  t.equal((await browser.post(actionOf(page), { code: app.code(clock.now()) })).status, 403)
  clock.advance(901)
  const late = { csrf, code: app.code(clock.now()), name: '' }
  t.equal((await browser.post(actionOf(page), late)).status, 400)
  t.equal(await countOf(database, 'authenticators', userId), 0)
})

void t.test('wrong codes are wrong here, too', async (t) => {
  const { browser, page, userId } = await begun()
  for (const [code, words] of [
    ['', /Enter the code/],
    ['12a456', /must be 6 numbers/],
    [new AuthenticatorApp().code(clock.now()), /That code didn’t work/],
  ] as const) {
    const answer = await browser.submit(page, { code, name: '' })
    t.equal(answer.status, 422)
    t.match(textOf(answer.body), words)
  }
  t.equal(await countOf(database, 'authenticators', userId), 0)
})

void t.test('twenty presses at once: one factor, one session', async (t) => {
  const { browser, page, userId } = await begun()
  const { answer } = await prove(browser, page, clock.now())
  const csrf = fieldOf(answer, 'csrf')
  const all = Array.from({ length: 20 }, () => browser.twin().post(actionOf(answer), { csrf }))
  for (const { status } of await Promise.all(all)) t.ok([303, 400].includes(status), String(status))
  t.equal(await countOf(database, 'authenticators', userId), 1)
  t.equal(await countOf(database, 'recovery_codes', userId), 10)
  t.equal((await room.liveSessions(userId)).length, 1)
})
