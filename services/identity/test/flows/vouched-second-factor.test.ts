// A provider of which the operator says that it does both steps: docs/decisions/0027. It spares the second one at
// sign-in; it is no factor of ours, and stands in for none where one is to be shown now.
import t from 'tap'
import { accountApi, accountClients, keeper } from '../helpers/account-api.ts'
import { Browser, mustReturn, stepOf } from '../helpers/browser.ts'
import { needsPostgres } from '../helpers/database.ts'
import { startIdentity } from '../helpers/identity.ts'
import { decodeJwt } from '../helpers/jwt.ts'
import { Provider, type Tokens, tokensOf } from '../helpers/provider.ts'
import { pathOf, registering } from '../helpers/registering.ts'
import { type Changes, RelyingParty } from '../helpers/relying-party.ts'
import { factorRoom, showCode } from '../helpers/second-factor.ts'
import { clientId, clientSecret, startUpstream, visit } from '../helpers/upstream.ts'
import { describe } from '../helpers/wire.ts'
import { ada, bob, confidentialTwin, judge, world } from '../helpers/world.ts'

t.setTimeout(300_000)
await needsPostgres(t)

const upstream = await startUpstream(t)
const strict = confidentialTwin('strict', ['https://strict.example.test/cb'], {
  default_acr_values: ['aal2'],
})

/** A service with one provider that counts and one that does not, and Google as the environment says. */
async function house(settings: Record<string, unknown>, env: Record<string, string> = {}) {
  const both = { trust_email: true, link: 'auto' }
  const identity = await startIdentity(t, {
    database: 'postgres',
    config: {
      ...world({ sign_up: 'open', ...settings }, [strict.registration, ...accountClients]),
      providers: [
        upstream.entry('vouched', { ...both, counts_as_second_factor: true }),
        upstream.entry('plain', { ...both, counts_as_second_factor: false }),
      ],
    },
    env: {
      GOOGLE_CLIENT_ID: clientId,
      GOOGLE_CLIENT_SECRET: clientSecret,
      GOOGLE_ISSUER: upstream.issuerOf('google'),
      ...env,
    },
  })
  const { issuer, clock } = identity
  const room = await factorRoom(t, identity.databaseUrl ?? '')
  const newBrowser = () => new Browser(issuer)
  const by = async (provider: string, email: string, browser = newBrowser(), next = '/account') => {
    upstream.person(provider, { sub: `sub-${email}`, email, email_verified: true })
    const start = `${issuer}/auth/${provider}?next=${encodeURIComponent(next)}`
    return { browser, page: await visit(browser, start) }
  }
  const party = (client = judge) => new RelyingParty(new Provider(issuer), client)
  const ask = async (browser: Browser, changes: Changes, rp = party()) => {
    const request = await rp.request(changes)
    return { rp, request, landing: await browser.authorize(request.url) }
  }
  /** What the ID token says of a request that is through. */
  const told = async (
    asked: Awaited<ReturnType<typeof ask>>,
    landing = asked.landing,
  ): Promise<Record<string, unknown> & { readonly tokens: Tokens }> => {
    const tokens = tokensOf(await asked.rp.redeem(asked.request, mustReturn(landing)))
    return { ...decodeJwt(tokens.idToken).claims, tokens }
  }
  const code = (app: { code(at: number): string }) => app.code(clock.now())
  const { isSignedIn } = registering(identity)
  return { identity, issuer, clock, room, newBrowser, by, party, ask, told, code, isSignedIn }
}

const free = await house({})
const required = await house({ mfa: 'required' })
const essential = JSON.stringify({ id_token: { acr: { essential: true, values: ['aal2'] } } })

void t.test('one that does not count is one factor, whatever it does', async (t) => {
  const { browser, page } = await required.by('plain', 'plain@acme.test')
  t.equal(pathOf(page), '/enrol')
  t.notOk(await required.isSignedIn(browser))
  const google = await required.by('google', 'plain@gmail.com')
  t.equal(pathOf(google.page), '/enrol', 'nor does Google unasked')
  t.notOk(await required.isSignedIn(google.browser))
  const without = await free.by('plain', 'without@acme.test')
  t.match(await free.told(await free.ask(without.browser, {})), { acr: 'aal1', amr: ['fed'] })
})

void t.test(
  'one that counts meets the policy, and says that it was a provider’s word',
  async (t) => {
    const { browser, page } = await required.by('vouched', 'new@acme.test')
    t.equal(pathOf(page), '/account')
    const claims = await required.told(await required.ask(browser, {}))
    t.match(claims, { acr: 'aal2', amr: ['fed', 'mfa'] })
    t.match(decodeJwt(claims.tokens.accessToken).claims, { acr: 'aal2', amr: ['fed', 'mfa'] })
    const sessions = await required.room.liveSessions(
      await required.room.userId({ email: 'new@acme.test' }),
    )
    t.match(sessions, [{ acr: 'aal2', amr: ['fed', 'mfa'] }])
  },
)

void t.test('the policy of roles', async (t) => {
  const byRole = await house({ mfa: 'by_role', mfa_roles: ['admin'] })
  const { browser, page } = await byRole.by('plain', ada.email)
  t.equal(pathOf(page), '/enrol', 'an administrator')
  t.notOk(await byRole.isSignedIn(browser))
  t.equal(pathOf((await byRole.by('plain', bob.email)).page), '/account', 'nobody else')
  t.equal(pathOf((await byRole.by('vouched', ada.email)).page), '/account')
})

void t.test('a client whose operator demands it', async (t) => {
  const one = await free.by('plain', 'one@acme.test')
  const { landing } = await free.ask(one.browser, {}, free.party(strict.client))
  t.equal(pathOf(landing.answer), '/enrol')
  const two = await free.by('vouched', 'two@acme.test')
  const through = await free.ask(two.browser, {}, free.party(strict.client))
  t.match(await free.told(through), { acr: 'aal2', amr: ['fed', 'mfa'] })
})

void t.test('Google, by the environment', async (t) => {
  const counting = await house({ mfa: 'required' }, { GOOGLE_COUNTS_AS_SECOND_FACTOR: 'true' })
  const { browser, page } = await counting.by('google', 'grace@gmail.com')
  t.equal(pathOf(page), '/account')
  t.match(await counting.told(await counting.ask(browser, {})), {
    acr: 'aal2',
    amr: ['fed', 'mfa'],
  })
})

void t.test('a step-up is met by the word, one of now is not', async (t) => {
  const email = 'step@acme.test'
  const { browser } = await free.by('vouched', email)
  for (const changes of [
    { acr_values: 'aal2' },
    { claims: essential },
    { claims: essential, prompt: 'none' },
    { max_age: '300' },
  ])
    t.match(
      await free.told(await free.ask(browser, changes)),
      { acr: 'aal2' },
      JSON.stringify(changes),
    )

  const ofNow = { claims: essential, max_age: '300' }
  const errorOf = async (changes: Changes) =>
    mustReturn((await free.ask(browser, { ...changes, prompt: 'none' })).landing).params.get(
      'error',
    )
  t.equal(await errorOf(ofNow), 'interaction_required')
  t.equal(pathOf((await free.ask(browser, ofNow)).landing.answer), '/enrol', 'without a factor')

  const { app, userId } = await free.room.enrol({ email })
  t.equal(await errorOf(ofNow), 'interaction_required')
  for (const changes of [ofNow, { acr_values: 'aal2', max_age: '300' }]) {
    const { landing } = await free.ask(browser, changes)
    t.same(landing.steps, ['mfa'], JSON.stringify(changes))
  }
  const asked = await free.ask(browser, ofNow)
  t.equal((await showCode(browser, asked.landing.answer, '000000')).status, 401)
  t.match(await free.room.liveSessions(userId), [{ amr: ['fed', 'mfa'] }], 'a wrong code is none')
  const page = await showCode(browser, asked.landing.answer, free.code(app))
  const claims = await free.told(asked, await browser.walk(page))
  t.match(claims, { acr: 'aal2' })
  t.same(new Set(claims['amr'] as string[]), new Set(['fed', 'otp', 'mfa']))
  t.same((await free.ask(browser, ofNow)).landing.steps, [], 'once is enough')
})

void t.test(
  'after the time that was asked for: the provider again, and then the factor',
  async (t) => {
    const email = 'late@acme.test'
    const { browser } = await free.by('vouched', email)
    const { app } = await free.room.enrol({ email })
    for (const changes of [{ max_age: '300' }, { prompt: 'login' }]) {
      free.clock.advance(400)
      const asked = await free.ask(browser, { ...changes, acr_values: 'aal2' })
      t.same(asked.landing.steps, ['login'], JSON.stringify(changes))
      const href = /href="(\/auth\/vouched\?[^"]+)"/.exec(asked.landing.answer.body)?.[1] ?? ''
      const back = await visit(browser, `${free.issuer}${href.replaceAll('&amp;', '&')}`)
      t.equal(stepOf(back), 'mfa', JSON.stringify(changes))
      const landed = await browser.walk(await showCode(browser, back, free.code(app)))
      t.ok(mustReturn(landed).params.has('code'))
    }
  },
)

void t.test(
  'who has a factor is not asked for it at sign-in, and is for every change',
  async (t) => {
    const email = 'owner@acme.test'
    await free.by('vouched', email)
    const { app, userId } = await free.room.enrol({ email })
    const plain = await free.by('google', 'stranger@gmail.com')
    const { browser, page } = await free.by('vouched', email)
    t.equal(pathOf(page), '/account')
    for (const path of [
      '/account/password',
      '/account/email',
      '/account/data',
      '/account/delete',
    ]) {
      const asks = await browser.open(`${free.issuer}${path}`)
      t.equal(pathOf(asks), '/mfa', path)
    }
    const two = await browser.open(`${free.issuer}/account/two-step`)
    const csrf = /name="csrf" value="([^"]+)"/.exec(two.body)?.[1] ?? ''
    const posted = await browser.follow(await browser.post(`${two.url}/codes`, { csrf }))
    t.equal(pathOf(posted), '/mfa', 'nor by a form')
    const asks = await browser.open(`${free.issuer}/account/password`)
    t.equal(pathOf(await showCode(browser, asks, free.code(app))), '/account/password')
    t.match((await free.room.liveSessions(userId)).at(-1), {
      acr: 'aal2',
      amr: ['fed', 'mfa', 'otp'],
    })
    t.ok(await free.isSignedIn(plain.browser), 'nobody else is touched')
  },
)

void t.test('the account API asks for it, and the way it says leads to it', async (t) => {
  const email = 'api@acme.test'
  const { browser } = await free.by('vouched', email)
  const scope = 'openid account'
  const party = free.party(keeper.client)
  const api = accountApi(free.identity)
  const change = async (token: string) =>
    api.call(token, 'PATCH', '/profile', { nickname: 'Addie' })
  const before = await free.told(await free.ask(browser, { scope }, party))
  t.ok((await change(before.tokens.accessToken)).status < 300, 'there is no factor to show yet')
  const { app } = await free.room.enrol({ email })
  const weak = await change(before.tokens.accessToken)
  t.equal(weak.status, 401, describe(weak))
  t.match(weak.headers.get('www-authenticate'), /acr_values="aal2".*max_age="600"/)
  const asked = await free.ask(browser, { scope, acr_values: 'aal2', max_age: '600' }, party)
  t.same(asked.landing.steps, ['mfa'], 'no circle')
  const landed = await browser.walk(await showCode(browser, asked.landing.answer, free.code(app)))
  const after = await free.told(asked, landed)
  t.ok((await change(after.tokens.accessToken)).status < 300)
})

void t.test('a word makes no browser trusted', async (t) => {
  const email = 'trust@acme.test'
  await free.by('vouched', email)
  const { userId } = await free.room.enrol({ email })
  const { browser } = await free.by('vouched', email)
  t.equal(await free.room.count('trusted_devices', userId), 0)
  const { page } = await free.by('plain', email, browser)
  t.equal(stepOf(page), 'mfa', 'another provider is asked to go on with the factor')
})

void t.test('it connects no account at once that has a factor of its own', async (t) => {
  const { app, userId } = await free.room.enrol(bob)
  const { browser, page } = await free.by('vouched', bob.email)
  t.equal(stepOf(page), 'login', 'though the provider may connect')
  t.same(await free.room.liveSessions(userId), [])
  const again = await free.by('vouched', bob.email)
  t.equal(stepOf(again.page), 'login', 'and the second time it is no other')
  const second = await browser.signIn(page, bob)
  t.equal(stepOf(second), 'mfa')
  const asks = await showCode(browser, second, free.code(app))
  t.equal(pathOf(asks), '/account/connections/confirm')
  await browser.submit(asks, {}, { name: 'decision', value: 'connect' })
  t.equal(pathOf((await free.by('vouched', bob.email)).page), '/account', 'from now on')
})

void t.test('who is to prove an account does that the old way, factor included', async (t) => {
  const google = await house({}, { GOOGLE_COUNTS_AS_SECOND_FACTOR: 'true' })
  const { app } = await google.room.enrol(ada)
  upstream.person('google', { sub: 'ada', email: ada.email, email_verified: true, hd: 'x.test' })
  const browser = google.newBrowser()
  const login = await visit(browser, `${google.issuer}/auth/google`)
  t.equal(stepOf(login), 'login')
  const second = await browser.signIn(login, ada)
  t.equal(stepOf(second), 'mfa')
  t.notOk(await google.isSignedIn(browser))
  const asks = await showCode(browser, second, google.code(app))
  t.equal(pathOf(asks), '/account/connections/confirm')
})
