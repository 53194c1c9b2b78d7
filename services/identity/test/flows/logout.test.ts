import t, { type Test } from 'tap'
import { Browser, fieldOf, formWith, mustReturn } from '../helpers/browser.ts'
import { formsOf, targetsOf, textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { altered, bent } from '../helpers/jwt.ts'
import { Provider, verdict } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import type { Answer } from '../helpers/wire.ts'
import { bob, judge, loggedOut, rival, world } from '../helpers/world.ts'

// OpenID Connect RP-Initiated Logout 1.0.
const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, judge)
const newBrowser = () => new Browser(identity.issuer)
const yes = { name: 'decision', value: 'yes' }

async function signIn(browser = newBrowser()) {
  const { tokens } = await rp.signIn(browser, { scope: 'openid offline_access notes:read' })
  return { browser, tokens }
}

async function address(params: Record<string, string>): Promise<string> {
  const url = new URL(String((await provider.metadata())['end_session_endpoint']))
  url.search = new URLSearchParams(params).toString()
  return url.href
}

async function signedIn(browser: Browser): Promise<boolean> {
  const { url } = await rp.request({ prompt: 'none' })
  return mustReturn(await browser.authorize(url)).params.has('code')
}

function asks(answer: Answer): boolean {
  return formsOf(answer.body).some((form) => form.buttons.some(({ value }) => value === 'yes'))
}

function staysHere(t: Test, answer: Answer): void {
  t.equal(answer.headers.get('location'), null, 'no redirect')
  const out = targetsOf(answer.body)
    .map((target) => new URL(target, answer.url))
    .filter(({ origin }) => origin !== new URL(identity.issuer).origin)
  t.same(out, [], 'no link out')
  t.match(answer.headers.get('cache-control'), /no-store/)
}

void t.test('with a valid hint: signed out at once, by GET and by POST (§2)', async (t) => {
  for (const method of ['GET', 'POST']) {
    const { browser, tokens } = await signIn()
    const params = {
      id_token_hint: tokens.idToken,
      post_logout_redirect_uri: loggedOut,
      state: 'a&b=c d',
    }
    const answer =
      method === 'GET'
        ? await browser.open(await address(params))
        : await browser.follow(
            await browser.post(await address({}), params, {
              origin: 'https://judge.example.test',
              'sec-fetch-site': 'cross-site',
            }),
          )
    const to = new URL(answer.headers.get('location') ?? 'about:blank')
    t.equal(to.origin + to.pathname, loggedOut, method)
    t.same([...to.searchParams], [['state', 'a&b=c d']])
    t.equal(await signedIn(browser), false)
  }
})

void t.test('what sign-out ends (invariant 8)', async (t) => {
  const { browser, tokens } = await signIn()
  const stolen = browser.twin()
  const other = await signIn()
  await browser.open(await address({ id_token_hint: tokens.idToken }))
  t.equal(await signedIn(stolen), false, 'the old cookie is dead on the server')
  t.equal(verdict(await rp.refresh(tokens.refreshToken)), '400 invalid_grant', 'refresh token')
  t.equal((await provider.userinfo(tokens.accessToken)).status, 401, 'access token, here')
  t.equal(await signedIn(other.browser), true, 'not the same person elsewhere')
  t.equal(verdict(await rp.refresh(other.tokens.refreshToken)), '200')
})

void t.test('an expired hint is still a hint (§2)', async (t) => {
  const { browser, tokens } = await signIn()
  identity.clock.advance(2 * 3600)
  const params = { id_token_hint: tokens.idToken, post_logout_redirect_uri: loggedOut }
  const answer = await browser.open(await address(params))
  t.equal(answer.headers.get('location'), loggedOut)
  t.equal(await signedIn(browser), false)
})

void t.test('without a hint: asks first; no keeps, yes ends (§2, ASVS 10.6.2)', async (t) => {
  const { browser } = await signIn()
  const page = await browser.open(await address({}))
  t.ok(asks(page))
  staysHere(t, page)
  t.equal(await signedIn(browser), true, 'asking ends nothing')
  await browser.decide(page, 'no')
  t.equal(await signedIn(browser), true, 'no')
  const done = await browser.decide(await browser.open(await address({})), 'yes')
  t.ok(textOf(done.body).length > 10)
  t.equal(await signedIn(browser), false, 'yes')
})

for (const [name, headers, csrf] of [
  ['another site', { 'sec-fetch-site': 'cross-site' }, undefined],
  ['another Origin', { origin: 'https://evil.test', 'sec-fetch-site': '' }, undefined],
  ['a CSRF token made up', {}, 'x'.repeat(43)],
  ['no CSRF token', {}, ''],
] as const)
  void t.test(`forced sign-out by ${name} does nothing (ASVS 3.5.1)`, async (t) => {
    const { browser } = await signIn()
    const page = await browser.open(await address({}))
    const form = formWith(page, [], yes)
    const fields = new URLSearchParams({ decision: 'yes' })
    for (const field of form.fields)
      fields.set(field.name, field.name === 'csrf' && csrf !== undefined ? csrf : field.value)
    const action = new URL(form.action === '' ? page.url : form.action, page.url)
    await browser.post(action.href, fields, headers)
    t.equal(await signedIn(browser), true)
  })

const hints: readonly (readonly [string, (idToken: string) => string])[] = [
  ['bent', bent],
  ['of another issuer', (idToken) => altered(idToken, { iss: 'https://evil.test' })],
  ['rubbish', () => 'rubbish'],
  ['with markup', () => '"><script>alert(1)</script>'],
  ['of 20 kB', () => 'x'.repeat(12_000)],
]
for (const [name, change] of hints)
  void t.test(`a hint that is ${name} ends nothing and leads nowhere (§4)`, async (t) => {
    const { browser, tokens } = await signIn()
    const answer = await browser.open(
      await address({
        id_token_hint: change(tokens.idToken),
        post_logout_redirect_uri: loggedOut,
        state: 's',
      }),
    )
    t.ok(answer.status < 500)
    staysHere(t, answer)
    t.notMatch(answer.body, '<script>alert(1)')
    t.equal(await signedIn(browser), true)
  })

void t.test('an access token is no hint', async (t) => {
  const { browser, tokens } = await signIn()
  const params = { id_token_hint: tokens.accessToken, post_logout_redirect_uri: loggedOut }
  staysHere(t, await browser.open(await address(params)))
  t.equal(await signedIn(browser), true)
})

void t.test('the hint of another person does not end this session unasked (§2)', async (t) => {
  const { browser } = await signIn()
  const bobs = await rp.signIn(newBrowser(), {}, { person: bob })
  const answer = await browser.open(await address({ id_token_hint: bobs.tokens.idToken }))
  t.ok(answer.status < 500)
  t.equal(await signedIn(browser), true)
})

const uris = [
  'https://evil.example.test/',
  `${loggedOut}/`,
  `${loggedOut}?x=1`,
  `${loggedOut}#x`,
  loggedOut.toUpperCase(),
  `${loggedOut}/../evil`,
  'https://judge.example.test@evil.test/logged-out',
  'https://rival.example.test/logged-out',
  judge.redirectUri,
  'javascript:alert(1)',
  'data:text/html,x',
  '//evil.test',
  '/',
  ' ',
]
for (const uri of uris)
  void t.test(`post_logout_redirect_uri by string equality: ${uri} (§3)`, async (t) => {
    const { browser, tokens } = await signIn()
    const answer = await browser.open(
      await address({ id_token_hint: tokens.idToken, post_logout_redirect_uri: uri, state: 's' }),
    )
    t.ok(answer.status < 500)
    staysHere(t, answer)
    if (asks(answer)) staysHere(t, await browser.decide(answer, 'yes'))
  })

void t.test('client_id must be the hint’s audience (§2)', async (t) => {
  const { browser, tokens } = await signIn()
  const params = { id_token_hint: tokens.idToken, post_logout_redirect_uri: loggedOut }
  for (const client_id of [rival.id, 'nobody', '__proto__']) {
    const answer = await browser.open(await address({ ...params, client_id }))
    t.ok(answer.status < 500)
    staysHere(t, answer)
  }
  const right = await browser.open(await address({ ...params, client_id: judge.id }))
  const last = asks(right) ? await browser.decide(right, 'yes') : right
  t.equal(await signedIn(browser), false)
  t.ok(last.status < 400)
})

void t.test(
  'client_id without a hint: asks, then may lead to that client’s own URI (§2)',
  async (t) => {
    const { browser } = await signIn()
    const params = { client_id: judge.id, post_logout_redirect_uri: loggedOut, state: 's' }
    const page = await browser.open(await address(params))
    t.ok(asks(page), 'asks first')
    t.equal(await signedIn(browser), true)
    const done = await browser.decide(page, 'yes')
    const location = done.headers.get('location')
    if (location !== null) t.equal(location, `${loggedOut}?state=s`)
    t.equal(await signedIn(browser), false)
  },
)

void t.test('the fields of the question cannot be bent into another way out', async (t) => {
  const { browser } = await signIn()
  const page = await browser.open(await address({}))
  const form = formWith(page, [], yes)
  const action = new URL(form.action === '' ? page.url : form.action, page.url)
  const answer = await browser.follow(
    await browser.post(action.href, {
      csrf: fieldOf(page, 'csrf'),
      decision: 'yes',
      post_logout_redirect_uri: 'https://evil.test/',
      client_id: judge.id,
      state: 's',
    }),
  )
  t.ok(answer.status < 500)
  staysHere(t, answer)
})

for (const name of ['id_token_hint', 'post_logout_redirect_uri', 'client_id', 'state'])
  void t.test(`${name} repeated is refused`, async (t) => {
    const { browser, tokens } = await signIn()
    const url = new URL(
      await address({
        id_token_hint: tokens.idToken,
        post_logout_redirect_uri: loggedOut,
        client_id: judge.id,
        state: 's',
      }),
    )
    url.searchParams.append(name, url.searchParams.get(name) ?? '')
    const answer = await browser.open(url.href)
    t.equal(answer.status, 400)
    staysHere(t, answer)
  })

void t.test('nobody signed in: a calm page, or straight back to the app', async (t) => {
  const { tokens } = await signIn()
  const nobody = newBrowser()
  const bare = await nobody.open(await address({}))
  t.equal(bare.status, 200)
  staysHere(t, bare)
  t.ok(targetsOf(bare.body).includes('/'), 'with a way on')
  const params = { id_token_hint: tokens.idToken, post_logout_redirect_uri: loggedOut }
  const back = await nobody.open(await address(params))
  t.ok(back.status < 400)
  const location = back.headers.get('location')
  if (location !== null) t.equal(location, loggedOut)
})

void t.test('after sign-out the next sign-in asks the password', async (t) => {
  const { browser, tokens } = await signIn()
  await browser.open(await address({ id_token_hint: tokens.idToken }))
  const { landing } = await rp.code(browser)
  t.same(landing.steps, ['login'])
})
