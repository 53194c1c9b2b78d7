// A session that is to be worth more: the second factor on the spot, and tokens that never claim more than happened.
import t from 'tap'
import { type Browser, mustReturn, stepOf } from '../helpers/browser.ts'
import { accountApi, accountClients, keeper } from '../helpers/account-api.ts'
import { needsPostgres } from '../helpers/database.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { decodeJwt } from '../helpers/jwt.ts'
import { crowd, ownAccount } from '../helpers/own-account.ts'
import { Provider, tokensOf } from '../helpers/provider.ts'
import { type Changes, RelyingParty } from '../helpers/relying-party.ts'
import { pathOf } from '../helpers/registering.ts'
import { factorRoom, showCode } from '../helpers/second-factor.ts'
import { describe } from '../helpers/wire.ts'
import { confidentialTwin, world } from '../helpers/world.ts'

t.setTimeout(300_000)

await needsPostgres(t)

const { people, somebody } = crowd(22)
const strict = confidentialTwin('strict', ['https://strict.example.test/cb'], {
  default_acr_values: ['aal2'],
})
const base = world({}, [strict.registration, ...accountClients]) as { users: object[] }
const config = { ...base, users: [...base.users, ...people] }
const identity = await startIdentity(t, { config, database: 'postgres' })
const { issuer, clock } = identity
const room = await factorRoom(t, identity.databaseUrl ?? '')
const { rp, visitor, open } = ownAccount(issuer)
const bank = new RelyingParty(new Provider(issuer), strict.client)

const essential = (...values: string[]) =>
  JSON.stringify({ id_token: { acr: { essential: true, values } } })

/** Signed in by password alone; the factor was set up since, elsewhere. */
async function weakSession() {
  const person = somebody()
  const browser = visitor()
  const first = await rp.signIn(browser, { scope: 'openid offline_access' }, { person })
  const enrolled = await room.enrol(person)
  return { person, browser, ...enrolled, first, before: claims(first.tokens.idToken) }
}

const claims = (token: string) => decodeJwt(token).claims

/** Opens a request, and stops at the first page. */
async function ask(browser: Browser, changes: Changes, party = rp) {
  const request = await party.request(changes)
  const landing = await browser.authorize(request.url)
  return { request, landing, party }
}

async function tokensFor({ request, party }: Awaited<ReturnType<typeof ask>>, landed: Landed) {
  return tokensOf(await party.redeem(request, mustReturn(landed)))
}
type Landed = Parameters<typeof mustReturn>[0]

void t.test('discovery names both levels', async (t) => {
  t.same((await rp.provider.metadata())['acr_values_supported'], ['aal1', 'aal2'])
})

for (const [name, changes] of [
  ['acr_values', { acr_values: 'aal2' }],
  ['an essential acr', { claims: essential('aal2') }],
  ['an acr as a voluntary claim', { claims: '{"id_token":{"acr":{"value":"aal2"}}}' }],
] as const)
  void t.test(`${name}: the code on the spot, no password again`, async (t) => {
    const { browser, app, before, person } = await weakSession()
    clock.advance(60)
    const asked = await ask(browser, changes)
    t.same(asked.landing.steps, ['mfa'])
    t.match(textOf(asked.landing.answer.body), person.email)
    t.notMatch(asked.landing.answer.body, 'name="trust"', 'no trust by a step-up')
    const code = app.code(clock.now())
    const landed = await browser.walk(await showCode(browser, asked.landing.answer, code))
    t.same(landed.steps, [])
    const tokens = await tokensFor(asked, landed)
    const after = claims(tokens.idToken)
    t.match(after, { acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] })
    t.equal(after['auth_time'], before['auth_time'], 'no newer than the older proof (invariant 6)')
    t.equal(after['sid'], before['sid'], 'the same session')
    const { acr, auth_time } = claims(tokens.accessToken)
    t.same([acr, auth_time], ['aal2', before['auth_time']])
    t.same((await ask(browser, changes)).landing.steps, [], 'once is enough')
  })

void t.test(
  'a raised session has another cookie value: one from before opens nothing',
  async (t) => {
    const { browser, app, userId } = await weakSession()
    const thief = browser.twin()
    const { landing } = await ask(browser, { acr_values: 'aal2' })
    await showCode(browser, landing.answer, app.code(clock.now()))
    t.equal(stepOf(await open(thief, '/account')), 'login')
    t.equal(pathOf(await open(browser, '/account')), '/account')
    t.match(await room.liveSessions(userId), [{ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] }])
    t.equal(await room.audited('sign_in_stepped_up', userId), 1)
  },
)

void t.test('tokens of before the step-up stay what they were', async (t) => {
  const { browser, app, first } = await weakSession()
  const { landing } = await ask(browser, { acr_values: 'aal2' })
  await showCode(browser, landing.answer, app.code(clock.now()))
  const refreshed = tokensOf(await rp.refresh(first.tokens.refreshToken))
  t.match(claims(refreshed.accessToken), { acr: 'aal1', amr: ['pwd'] })
})

void t.test('without pages: an essential acr is an error, a wish is not', async (t) => {
  const { browser, app } = await weakSession()
  const silent = async (changes: Changes, party = rp) =>
    (await ask(browser, { prompt: 'none', ...changes }, party)).landing
  const errorOf = (landing: Landed) => mustReturn(landing).params.get('error')
  t.equal(errorOf(await silent({ claims: essential('aal2') })), 'interaction_required')
  t.equal(errorOf(await silent({}, bank)), 'interaction_required', 'the client’s own demand')
  t.equal(errorOf(await silent({ claims: essential('aal9') })), 'unmet_authentication_requirements')
  const wish = await ask(browser, { prompt: 'none', acr_values: 'aal2' })
  t.equal(claims((await tokensFor(wish, wish.landing)).idToken)['acr'], 'aal1', 'and says so')
  const page = await ask(browser, { acr_values: 'aal2' })
  await showCode(browser, page.landing.answer, app.code(clock.now()))
  const met = await ask(browser, { prompt: 'none', claims: essential('aal2') })
  t.equal(claims((await tokensFor(met, met.landing)).idToken)['acr'], 'aal2')
})

void t.test('who insists on aal1 is told aal1 of a stronger sign-in', async (t) => {
  const { browser, app } = await weakSession()
  const { landing } = await ask(browser, { acr_values: 'aal2' })
  await showCode(browser, landing.answer, app.code(clock.now()))
  const modest = await ask(browser, { claims: essential('aal1') })
  t.equal(claims((await tokensFor(modest, modest.landing)).idToken)['acr'], 'aal1')
})

void t.test('a client whose operator demands it gets nothing less', async (t) => {
  const { browser, app } = await weakSession()
  for (const changes of [{}, { acr_values: 'aal1' }, { claims: essential('aal1') }]) {
    const { landing } = await ask(browser, changes, bank)
    t.same(landing.steps, ['mfa'], JSON.stringify(changes))
  }
  const asked = await ask(browser, {}, bank)
  const landed = await browser.walk(
    await showCode(browser, asked.landing.answer, app.code(clock.now())),
  )
  t.equal(claims((await tokensFor(asked, landed)).idToken)['acr'], 'aal2')
})

void t.test('without a factor: set one up where it must be, else go on', async (t) => {
  const person = somebody()
  const browser = visitor()
  await rp.signIn(browser, {}, { person })
  for (const [changes, party] of [
    [{ claims: essential('aal2') }, rp],
    [{ acr_values: 'aal2' }, rp],
    [{}, bank],
  ] as const) {
    const { landing } = await ask(browser, changes, party)
    t.equal(new URL(landing.answer.url).pathname, '/enrol', JSON.stringify(changes))
  }
  const asked = await ask(browser, { acr_values: 'aal2 aal1' })
  t.equal(claims((await tokensFor(asked, asked.landing)).idToken)['acr'], 'aal1')
  t.equal(
    (await ask(browser, { prompt: 'none' }, bank)).landing.callback?.params.has('code'),
    false,
  )
})

void t.test('max_age with acr_values (RFC 9470 §4): password and code, both new', async (t) => {
  const { person, browser, app } = await weakSession()
  clock.advance(400)
  const asked = await ask(browser, { acr_values: 'aal2', max_age: '300' })
  t.same(asked.landing.steps, ['login'])
  const second = await browser.signIn(asked.landing.answer, person)
  t.equal(stepOf(second), 'mfa')
  clock.advance(20)
  const landed = await browser.walk(await showCode(browser, second, app.code(clock.now())))
  const told = claims((await tokensFor(asked, landed)).idToken)
  t.equal(told['acr'], 'aal2')
  const age = Math.floor(clock.now() / 1000) - Number(told['auth_time'])
  t.ok(age >= 20 && age < 40, `auth_time is that of the password: ${age} s`)
})

void t.test('prompt=login after a step-up: password and code again', async (t) => {
  const { person, browser, app, userId } = await weakSession()
  const page = await ask(browser, { acr_values: 'aal2' })
  await showCode(browser, page.landing.answer, app.code(clock.now()))
  clock.advance(60)
  const asked = await ask(browser, { prompt: 'login' })
  t.same(asked.landing.steps, ['login'])
  const second = await browser.signIn(asked.landing.answer, person)
  t.equal(stepOf(second), 'mfa')
  const landed = await browser.walk(await showCode(browser, second, app.code(clock.now())))
  t.match(claims((await tokensFor(asked, landed)).idToken), { acr: 'aal2' })
  t.equal((await room.liveSessions(userId)).length, 1)
})

void t.test(
  'the page by itself: nobody there, nothing to show, nothing to show it with',
  async (t) => {
    const { browser, app } = await weakSession()
    const { landing } = await ask(browser, { acr_values: 'aal2' })
    const address = landing.answer.url
    t.equal((await visitor().open(address)).status, 400, 'another browser’s')
    t.equal(pathOf(await open(visitor(), '/mfa?next=%2Faccount%2Fpassword')), '/login')
    t.equal(pathOf(await open(visitor(), '/mfa')), '/login')
    await showCode(browser, landing.answer, app.code(clock.now()))
    const done = await browser.walk(await browser.open(address))
    t.ok(done.callback?.params.has('code'), 'the back button goes on')
    t.equal(pathOf(await open(browser, '/mfa?next=%2Faccount')), '/account')
    const evil = await open(browser, '/mfa?next=https%3A%2F%2Fevil.example')
    t.equal(new URL(evil.url).origin, new URL(issuer).origin)
    const person = somebody()
    const plainly = visitor()
    await rp.signIn(plainly, {}, { person })
    t.equal(pathOf(await open(plainly, '/mfa?next=%2Faccount')), '/account', 'no factor, no page')
  },
)

void t.test('wrong codes raise nothing; the code of another person neither', async (t) => {
  const mine = await weakSession()
  const theirs = await weakSession()
  const { landing } = await ask(mine.browser, { acr_values: 'aal2' })
  for (const code of ['000000', '', 'abcdef', theirs.app.code(clock.now())]) {
    const answer = await showCode(mine.browser, landing.answer, code, { trust: 'yes' })
    t.equal(answer.status, 401, describe(answer))
  }
  t.match(await room.liveSessions(mine.userId), [{ acr: 'aal1', amr: ['pwd'] }])
  t.equal(await room.count('trusted_devices', mine.userId), 0)
})

void t.test('a session that ended meanwhile is not raised from the dead', async (t) => {
  const { browser, app, userId } = await weakSession()
  const { landing } = await ask(browser, { acr_values: 'aal2' })
  await room.endSessions(userId)
  const late = await showCode(browser, landing.answer, app.code(clock.now()))
  t.equal(stepOf(late), 'login')
  t.same(await room.liveSessions(userId), [])
})

void t.test('cancelling leaves the session as it was', async (t) => {
  const { browser, userId } = await weakSession()
  const { landing } = await ask(browser, { acr_values: 'aal2' })
  const cancelled = await browser.walk(await browser.decide(landing.answer, 'deny'))
  t.equal(mustReturn(cancelled).params.get('error'), 'access_denied')
  t.match(await room.liveSessions(userId), [{ acr: 'aal1' }])
})

void t.test('20 at once: the session is raised once', async (t) => {
  const { browser, app, userId } = await weakSession()
  const { landing } = await ask(browser, { acr_values: 'aal2' })
  const code = app.code(clock.now())
  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => showCode(browser.twin(), landing.answer, code)),
  )
  const through = answers.filter(({ headers }) => headers.get('location')?.includes('code='))
  t.equal(through.length, 1)
  t.equal(await room.audited('sign_in_stepped_up', userId), 1)
  t.equal((await room.liveSessions(userId)).length, 1)
})

void t.test('changes to the account need the factor; looking does not', async (t) => {
  const { browser, app } = await weakSession()
  t.equal(pathOf(await open(browser, '/account')), '/account')
  const page = await open(browser, '/account/password')
  t.equal(pathOf(page), '/mfa')
  const through = await showCode(browser, page, app.code(clock.now()))
  t.equal(pathOf(through), '/account/password', describe(through))
})

void t.test('the account API needs it as well, and says how', async (t) => {
  const person = somebody()
  const api = accountApi(identity)
  const tokens = await api.signedIn(person)
  const { app } = await room.enrol(person)
  const change = async (token: string) =>
    api.call(token, 'PATCH', '/profile', { nickname: 'Addie' })
  const weak = await change(tokens.accessToken)
  t.equal(weak.status, 401, describe(weak))
  const challenge = weak.headers.get('www-authenticate') ?? ''
  t.match(challenge, 'error="insufficient_user_authentication"')
  t.match(challenge, 'acr_values="aal2"')
  const party = new RelyingParty(new Provider(issuer), keeper.client)
  const browser = visitor()
  const changes = { scope: 'openid account', acr_values: 'aal2', max_age: '600' }
  const request = await party.request(changes)
  const { answer } = await browser.authorize(request.url, { person })
  const landed = await browser.walk(await showCode(browser, answer, app.code(clock.now())))
  const strong = tokensOf(await party.redeem(request, mustReturn(landed)))
  t.equal((await change(strong.accessToken)).status < 300, true)
})

void t.test('two people in one browser: one is raised, the other is not', async (t) => {
  const { browser, app, userId } = await weakSession()
  const other = somebody()
  const form = await browser.open(`${issuer}/login?next=%2Faccount&switch=1`)
  await browser.signIn(form, other)
  const otherId = await room.userId(other)
  const subject = await rp.request({
    acr_values: 'aal2',
    claims: JSON.stringify({ id_token: { sub: { value: userId } } }),
  })
  const landing = await browser.authorize(subject.url)
  t.same(landing.steps, ['mfa'])
  const landed = await browser.walk(await showCode(browser, landing.answer, app.code(clock.now())))
  const { idToken } = tokensOf(await rp.redeem(subject, mustReturn(landed)))
  t.match(claims(idToken), { sub: userId, acr: 'aal2' })
  t.match(await room.liveSessions(otherId), [{ acr: 'aal1', amr: ['pwd'] }])
})
