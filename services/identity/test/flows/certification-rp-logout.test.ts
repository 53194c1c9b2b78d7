import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import t, { type Test } from 'tap'
import { Browser, formWith, mustReturn } from '../helpers/browser.ts'
import { formsOf, textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { decodeJwt, unsigned } from '../helpers/jwt.ts'
import { Provider } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import type { Answer } from '../helpers/wire.ts'
import { ada, legacy, world } from '../helpers/world.ts'

// oidcc-rp-initiated-logout-certification-test-plan.
const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, legacy)
const registered = 'https://legacy.example.test/logged-out'

async function signedIn() {
  const browser = new Browser(identity.issuer)
  const { tokens } = await rp.signIn(browser)
  return { browser, idToken: tokens.idToken }
}

async function endSession(browser: Browser, params: Record<string, string>): Promise<Answer> {
  const url = new URL(String((await provider.metadata())['end_session_endpoint']))
  url.search = new URLSearchParams(params).toString()
  return browser.open(url.href)
}

/** Answers the question whether to sign out, if it is asked. */
async function confirm(browser: Browser, answer: Answer): Promise<Answer> {
  const asked = formsOf(answer.body).some((form) =>
    form.buttons.some(({ value }) => value === 'yes'),
  )
  return asked ? browser.decide(answer, 'yes') : answer
}

async function expectSignedOut(t: Test, browser: Browser): Promise<void> {
  const { url } = await rp.request({ prompt: 'none' })
  const { params } = mustReturn(await browser.authorize(url))
  t.equal(params.get('error'), 'login_required', 'prompt=none finds no session')
}

function expectOwnPage(t: Test, answer: Answer): void {
  t.equal(answer.headers.get('location'), null, 'no redirect')
  t.equal(new URL(answer.url).origin, new URL(identity.issuer).origin)
  t.match(answer.headers.get('content-type'), /^text\/html/)
  t.ok(textOf(answer.body).length > 10, 'a page with words')
}

void t.test('oidcc-rp-initiated-logout-discovery-endpoint-verification', async (t) => {
  const url = new URL(String((await provider.metadata())['end_session_endpoint']))
  t.equal(url.origin, new URL(identity.issuer).origin)
})

void t.test('oidcc-rp-initiated-logout', async (t) => {
  const { browser, idToken } = await signedIn()
  const state = 'a state of 1 & 2'
  const answer = await endSession(browser, {
    id_token_hint: idToken,
    post_logout_redirect_uri: registered,
    state,
  })
  const location = new URL((await confirm(browser, answer)).headers.get('location') ?? '')
  t.equal(location.origin + location.pathname, registered)
  t.same([...location.searchParams], [['state', state]])
  await expectSignedOut(t, browser)
})

void t.test('oidcc-rp-initiated-logout-no-state', async (t) => {
  const { browser, idToken } = await signedIn()
  const answer = await endSession(browser, {
    id_token_hint: idToken,
    post_logout_redirect_uri: registered,
  })
  t.equal((await confirm(browser, answer)).headers.get('location'), registered)
  await expectSignedOut(t, browser)
})

for (const [name, uri] of [
  ['bad-post-logout-redirect-uri', 'https://elsewhere.example.test/logged-out'],
  ['query-added-to-post-logout-redirect-uri', `${registered}?foo=bar`],
] as const)
  void t.test(`oidcc-rp-initiated-logout-${name}`, async (t) => {
    const { browser, idToken } = await signedIn()
    const answer = await endSession(browser, {
      id_token_hint: idToken,
      post_logout_redirect_uri: uri,
      state: 's',
    })
    expectOwnPage(t, answer)
    expectOwnPage(t, await confirm(browser, answer))
    t.notMatch(answer.body, 'href="https://elsewhere', 'and no link there either')
  })

void t.test('oidcc-rp-initiated-logout-no-id-token-hint', async (t) => {
  const { browser } = await signedIn()
  const answer = await endSession(browser, { post_logout_redirect_uri: registered, state: 's' })
  expectOwnPage(t, answer)
  expectOwnPage(t, await confirm(browser, answer))
})

async function badHint(t: Test, hintFrom: (idToken: string) => Promise<string>): Promise<void> {
  const { browser, idToken } = await signedIn()
  const answer = await endSession(browser, {
    id_token_hint: await hintFrom(idToken),
    post_logout_redirect_uri: registered,
    state: 's',
  })
  expectOwnPage(t, answer)
  const still = await rp.request({ prompt: 'none' })
  t.ok(mustReturn(await browser.authorize(still.url)).params.has('code'), 'nobody is signed out')
  expectOwnPage(t, await confirm(browser, answer))
}

void t.test('oidcc-rp-initiated-logout-modified-id-token-hint', async (t) =>
  badHint(t, async (idToken) => unsigned(idToken)),
)

void t.test('oidcc-rp-initiated-logout-bad-id-token-hint', async (t) =>
  badHint(t, async (idToken) => {
    const { header, claims } = decodeJwt(idToken)
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    t.type((await exportJWK(publicKey)).n, 'string')
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: String(header['kid']) })
      .sign(privateKey)
  }),
)

for (const [name, params] of [
  ['no-params', {}],
  ['only-state', { state: 'only-state' }],
] as const)
  void t.test(`oidcc-rp-initiated-logout-${name}`, async (t) => {
    const { browser } = await signedIn()
    const answer = await endSession(browser, params)
    t.ok(formWith(answer, [], { name: 'decision', value: 'yes' }), 'asks first (§2)')
    const done = await confirm(browser, answer)
    expectOwnPage(t, done)
    t.equal(done.status, 200)
    await expectSignedOut(t, browser)
  })

void t.test('oidcc-rp-initiated-logout-no-post-logout-redirect-uri', async (t) => {
  const { browser, idToken } = await signedIn()
  const done = await confirm(browser, await endSession(browser, { id_token_hint: idToken }))
  expectOwnPage(t, done)
  t.equal(done.status, 200)
  await expectSignedOut(t, browser)
  const { url } = await rp.request()
  const { steps } = await browser.authorize(url, { person: ada })
  t.equal(steps[0], 'login')
})
