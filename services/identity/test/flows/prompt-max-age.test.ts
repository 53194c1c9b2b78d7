import t, { type Test } from 'tap'
import { Browser, fieldOf, type Landing, mustReturn, stepOf } from '../helpers/browser.ts'
import { formsOf, textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { bent, decodeJwt, unsigned } from '../helpers/jwt.ts'
import { Provider, tokensOf } from '../helpers/provider.ts'
import { type AuthorizationRequest, type Changes, RelyingParty } from '../helpers/relying-party.ts'
import { secondsOf } from '../helpers/time.ts'
import { ada, bob, judge, rival, world } from '../helpers/world.ts'

const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, judge)
const newBrowser = () => new Browser(identity.issuer)

/** ID token claims of a landing that brought a code. */
async function idOf(request: AuthorizationRequest, landing: Landing) {
  const { idToken } = tokensOf(await rp.redeem(request, mustReturn(landing)))
  return decodeJwt(idToken).claims
}

async function ask(browser: Browser, changes: Changes, person = ada) {
  const request = await rp.request(changes)
  const landing = await browser.authorize(request.url, { person })
  return { request, landing }
}

/** prompt=none must end in this error at the client, without a page. */
async function expectSilentError(t: Test, browser: Browser, changes: Changes, error: string) {
  const { request, landing } = await ask(browser, { prompt: 'none', ...changes })
  const { params } = mustReturn(landing)
  t.same(landing.steps, [])
  t.same(
    [params.get('error'), params.get('state'), params.get('iss'), params.get('code')],
    [error, request.state, identity.issuer, null],
  )
}

void t.test('prompt=login asks the password of somebody signed in, once', async (t) => {
  const browser = newBrowser()
  const first = await ask(browser, {})
  const before = await idOf(first.request, first.landing)
  identity.clock.advance(5)
  const second = await ask(browser, { prompt: 'login' })
  t.same(second.landing.steps, ['login'], 'one login page, no loop')
  const after = await idOf(second.request, second.landing)
  t.ok(Number(after['auth_time']) >= Number(before['auth_time']) + 5)
  t.equal(after['sub'], before['sub'])
})

void t.test(
  'a sign-in of before the request does not meet prompt=login (invariant 6)',
  async (t) => {
    const browser = newBrowser()
    const request = await rp.request({ prompt: 'login' })
    const page = await browser.open(request.url)
    t.equal(stepOf(page), 'login')
    const other = newBrowser()
    await rp.signIn(other)
    const again = await other.open((await rp.request({ prompt: 'login' })).url)
    t.equal(stepOf(again), 'login')
  },
)

void t.test('leaving out prompt from the address of a resumed request does not help', async (t) => {
  const browser = newBrowser()
  await rp.signIn(browser)
  const page = await browser.open((await rp.request({ prompt: 'login' })).url)
  const tx = new URL(page.url).searchParams.get('tx') ?? ''
  for (const query of [
    { tx },
    { tx, prompt: '' },
    { tx, prompt: 'none' },
    { tx, max_age: '9999' },
  ]) {
    const answer = await browser.open(`/authorize?${new URLSearchParams(query)}`)
    t.equal(answer.headers.get('location'), null, JSON.stringify(Object.keys(query)))
    t.ok(answer.status < 500)
  }
})

for (const [name, changes, step] of [
  ['prompt=login', { prompt: 'login' }, 'login'],
  ['max_age=10', { max_age: '10' }, 'login'],
  ['prompt=consent', { prompt: 'consent' }, 'consent'],
  ['prompt=select_account', { prompt: 'select_account' }, 'select-account'],
] as const)
  void t.test(`${name} posted by nobody in advance is not met by a later sign-in`, async (t) => {
    // An attacker posts the request without cookies, keeps the address it leads to, and has the victim open it later.
    const { url, params } = await rp.request(changes)
    const posted = await newBrowser().post(url.replace(/\?.*$/, ''), params, {
      'sec-fetch-site': 'cross-site',
    })
    const stored = new URL(posted.headers.get('location') ?? '/', posted.url).href
    const victim = newBrowser()
    identity.clock.advance(5)
    await rp.signIn(victim)
    await rp.signIn(victim, { prompt: 'consent' })
    identity.clock.advance(60)
    const landing = await victim.walk(await victim.open(stored))
    t.notOk(landing.callback?.params.has('code'), 'not silently')
    t.match(landing.steps[0] ?? 'refused', new RegExp(`^(${step}|refused)$`))
  })

void t.test('cancelling a re-authentication leaves the session as it was', async (t) => {
  const browser = newBrowser()
  const first = await ask(browser, {})
  const before = await idOf(first.request, first.landing)
  const page = await browser.open((await rp.request({ prompt: 'login' })).url)
  const cancelled = mustReturn(await browser.walk(await browser.decide(page, 'deny')))
  t.equal(cancelled.params.get('error'), 'access_denied')
  const then = await ask(browser, { prompt: 'none' })
  t.equal((await idOf(then.request, then.landing))['auth_time'], before['auth_time'])
})

void t.test('max_age: silent while young, asked when old (OIDC Core 1.0 §3.1.2.1)', async (t) => {
  const browser = newBrowser()
  await ask(browser, {})
  identity.clock.advance(100)
  t.same((await ask(browser, { max_age: '150' })).landing.steps, [])
  const old = await ask(browser, { max_age: '50' })
  t.same(old.landing.steps, ['login'])
  const { auth_time } = await idOf(old.request, old.landing)
  t.ok(secondsOf(identity) - Number(auth_time) < 30, 'auth_time is of now')
  t.same((await ask(browser, { max_age: '50' })).landing.steps, [], 'and young again')
})

void t.test('max_age=0 asks always, once', async (t) => {
  const browser = newBrowser()
  await ask(browser, {})
  for (let i = 0; i < 2; i += 1) {
    const { landing, request } = await ask(browser, { max_age: '0' })
    t.same(landing.steps, ['login'])
    t.type((await idOf(request, landing))['auth_time'], 'number')
  }
})

void t.test('with max_age the ID token has auth_time (OIDC Core 1.0 §2)', async (t) => {
  const { request, landing } = await ask(newBrowser(), { max_age: '1000' })
  t.type((await idOf(request, landing))['auth_time'], 'number')
})

void t.test('prompt=none', async (t) => {
  void t.test('nobody there: login_required', async (t) =>
    expectSilentError(t, newBrowser(), {}, 'login_required'),
  )
  void t.test('signed in: silent', async (t) => {
    const browser = newBrowser()
    await rp.signIn(browser)
    t.ok(mustReturn((await ask(browser, { prompt: 'none' })).landing).params.has('code'))
  })
  void t.test('too old for max_age: login_required', async (t) => {
    const browser = newBrowser()
    await rp.signIn(browser)
    identity.clock.advance(100)
    await expectSilentError(t, browser, { max_age: '50' }, 'login_required')
    await expectSilentError(t, browser, { max_age: '0' }, 'login_required')
  })
  void t.test('a session at its idle end: login_required', async (t) => {
    const browser = newBrowser()
    await rp.signIn(browser)
    identity.clock.advance(1_209_600 + 60)
    await expectSilentError(t, browser, {}, 'login_required')
  })
  void t.test('used every ten days, a session still ends after thirty', async (t) => {
    const browser = newBrowser()
    await rp.signIn(browser)
    for (const days of [10, 10]) {
      identity.clock.advance(days * 86_400)
      t.ok(mustReturn((await ask(browser, { prompt: 'none' })).landing).params.has('code'))
    }
    identity.clock.advance(10 * 86_400 + 60)
    await expectSilentError(t, browser, {}, 'login_required')
  })
})

void t.test('prompt=select_account shows who is there, and lets another in', async (t) => {
  const browser = newBrowser()
  await rp.signIn(browser)
  const request = await rp.request({ prompt: 'select_account' })
  const page = await browser.open(request.url)
  t.equal(stepOf(page), 'select-account')
  t.match(textOf(page.body), ada.email)
  const buttons = formsOf(page.body).flatMap((form) => form.buttons)
  const own = buttons.find(({ name, value }) => name === 'account' && value !== 'other')
  t.ok(own)
  if (own === undefined) return
  const same = await browser.walk(await browser.submit(page, {}, own))
  t.equal(mustReturn(same).params.get('state'), request.state, 'goes on without a password')
  const again = await browser.open((await rp.request({ prompt: 'select_account' })).url)
  const login = await browser.submit(again, {}, { name: 'account', value: 'other' })
  t.equal(stepOf(login), 'login')
})

void t.test('select_account with an account that is not there picks nobody', async (t) => {
  const browser = newBrowser()
  await rp.signIn(browser)
  const page = await browser.open((await rp.request({ prompt: 'select_account' })).url)
  for (const account of ['x', '00000000-0000-0000-0000-000000000000', bob.email]) {
    const answer = await browser.post(page.url, { csrf: fieldOf(page, 'csrf'), account })
    const landing = await browser.walk(await browser.follow(answer))
    t.notOk(landing.callback?.params.has('code'), account)
    t.ok(landing.answer.status < 500)
  }
})

void t.test('prompt=login consent asks both', async (t) => {
  const browser = newBrowser()
  await rp.signIn(browser)
  const { url } = await rp.request({ prompt: 'login consent' })
  const landing = await browser.authorize(url, { person: ada, consent: 'allow' })
  t.same(landing.steps, ['login', 'consent'])
  t.ok(mustReturn(landing).params.has('code'))
})

void t.test('id_token_hint (OIDC Core 1.0 §3.1.2.1)', async (t) => {
  const hers = newBrowser()
  const { tokens } = await rp.signIn(hers)
  const his = newBrowser()
  const bobs = (await rp.signIn(his, {}, { person: bob })).tokens

  void t.test('of the person here: silent', async (t) => {
    const { landing } = await ask(hers, { prompt: 'none', id_token_hint: tokens.idToken })
    t.ok(mustReturn(landing).params.has('code'))
  })
  void t.test('expired, it is still a hint', async (t) => {
    identity.clock.advance(7200)
    const { landing } = await ask(hers, { prompt: 'none', id_token_hint: tokens.idToken })
    t.ok(mustReturn(landing).params.has('code'))
  })
  void t.test('of another person, with prompt=none: login_required', async (t) =>
    expectSilentError(t, hers, { id_token_hint: bobs.idToken }, 'login_required'),
  )
  void t.test('of another person: never a code for the one who is here', async (t) => {
    const request = await rp.request({ id_token_hint: bobs.idToken })
    const landing = await hers.authorize(request.url)
    t.notOk(landing.callback?.params.has('code'))
    t.ok(landing.answer.status < 500)
  })
  for (const [name, hint] of [
    ['unsigned', unsigned(tokens.idToken)],
    ['bent', bent(tokens.idToken)],
    ['an access token', tokens.accessToken],
    ['rubbish', 'rubbish'],
    ['of 20 kB', 'x'.repeat(12_000)],
  ] as const)
    void t.test(`${name}: refused`, async (t) => {
      const { landing } = await ask(hers, { prompt: 'none', id_token_hint: hint })
      const { params } = mustReturn(landing)
      t.match(params.get('error'), /^(invalid_request|login_required)$/)
      t.notOk(params.has('code'))
    })
  void t.test('issued to another client: no new rights, no fault of ours', async (t) => {
    const other = await new RelyingParty(provider, rival).signIn(hers)
    const { landing } = await ask(hers, { prompt: 'none', id_token_hint: other.tokens.idToken })
    t.ok(landing.callback)
  })
})

void t.test('claims may name the person wanted (OIDC Core 1.0 §5.5.1)', async (t) => {
  const browser = newBrowser()
  const { tokens } = await rp.signIn(browser)
  const { sub } = decodeJwt(tokens.idToken).claims
  const wanting = (value: unknown) => JSON.stringify({ id_token: { sub: { value } } })
  const same = await ask(browser, { prompt: 'none', claims: wanting(sub) })
  t.ok(mustReturn(same.landing).params.has('code'))
  await expectSilentError(t, browser, { claims: wanting('somebody-else') }, 'login_required')
})

void t.test('acr (OIDC Core 1.0 §5.5.1.1)', async (t) => {
  const browser = newBrowser()
  await rp.signIn(browser)
  const essential = (values: string[]) =>
    JSON.stringify({ id_token: { acr: { essential: true, values } } })
  void t.test('essential and out of reach: unmet_authentication_requirements', async (t) => {
    const { landing } = await ask(browser, { claims: essential(['urn:example:gold']) })
    t.equal(mustReturn(landing).params.get('error'), 'unmet_authentication_requirements')
  })
  void t.test('voluntary and out of reach: a code, and the truth in acr', async (t) => {
    const { request, landing } = await ask(browser, { acr_values: 'urn:example:gold' })
    t.not((await idOf(request, landing))['acr'], 'urn:example:gold')
  })
  void t.test('essential and within reach: met', async (t) => {
    const supported = (await provider.metadata())['acr_values_supported']
    const values = Array.isArray(supported) ? supported.map(String) : []
    const { request, landing } = await ask(browser, { claims: essential(values) })
    t.ok(values.includes(String((await idOf(request, landing))['acr'])))
  })
})
