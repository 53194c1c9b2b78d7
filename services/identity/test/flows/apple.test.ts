// Sign in with Apple: a secret that is signed for each request, an answer by form, and a name that comes once and unsigned.
import { generateKeyPairSync } from 'node:crypto'
import { jwtVerify } from 'jose'
import type { Request } from 'playwright-core'
import t from 'tap'
import { Browser, fieldOf } from '../helpers/browser.ts'
import { launchChromium } from '../helpers/chromium.ts'
import { startIdentity } from '../helpers/identity.ts'
import { pathOf, registering } from '../helpers/registering.ts'
import { answerOf, clientId, startUpstream, visit } from '../helpers/upstream.ts'
import { world } from '../helpers/world.ts'

const upstream = await startUpstream(t)
const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const stranger = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const pem = ({ privateKey }: typeof pair) =>
  privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const secrets: string[] = []

/** What Apple demands of a client secret. */
async function isSecret(name: string, secret: string): Promise<boolean> {
  secrets.push(secret)
  try {
    const { payload, protectedHeader } = await jwtVerify(secret, pair.publicKey, {
      algorithms: ['ES256'],
      issuer: 'TEAM123456',
      subject: clientId,
      audience: upstream.issuerOf(name),
      requiredClaims: ['iat', 'exp'],
    })
    const { iat = 0, exp = 0 } = payload
    return protectedHeader.kid === 'KEY1234567' && exp - iat <= 15_777_000
  } catch {
    return false
  }
}
for (const name of ['apple', 'misled'])
  upstream.behave(name, { secret: async (secret) => isSecret(name, secret) })

const entry = (name: string, keys: typeof pair) => ({
  id: name,
  name: `The ${name}`,
  type: 'apple',
  issuer: upstream.issuerOf(name),
  client_id: clientId,
  apple: { team_id: 'TEAM123456', key_id: 'KEY1234567', private_key: pem(keys) },
  trust_email: true,
})
const identity = await startIdentity(t, {
  config: { ...world(), providers: [entry('apple', pair), entry('misled', stranger)] },
})
const { issuer } = identity
const { isSignedIn } = registering(identity)
const fromApple = { 'sec-fetch-site': 'cross-site', origin: 'https://appleid.apple.test' }

/** Comes back by a form of Apple's, which brings no cookie along. */
async function comesBack(user?: string, browser = new Browser(issuer)) {
  const answer = new URL(await answerOf(browser, `${issuer}/auth/apple`)).searchParams
  if (user !== undefined) answer.set('user', user)
  const form = await new Browser(issuer).post(`${issuer}/auth/apple/callback`, answer, fromApple)
  const location = form.headers.get('location') ?? ''
  const page = await browser.open(new URL(location, issuer).href)
  return { browser, page, form, location }
}

const as = (sub: string, more: object = {}) =>
  upstream.person('apple', { sub, email: `${sub}@relay.test`, email_verified: 'true', ...more })
const nameAt = async (browser: Browser) =>
  fieldOf(await browser.open(`${issuer}/account/profile`), 'name')
const user = (part: unknown) => JSON.stringify(part)
const grace = { firstName: 'Grace', lastName: 'Hopper' }

void t.test('the secret is signed for each request, and Apple takes it', async (t) => {
  as('secret')
  const { browser } = await comesBack()
  await comesBack()
  t.ok(await isSignedIn(browser))
  const asked = upstream.authorizations.at(-1)
  t.equal(asked?.get('response_mode'), 'form_post')
  t.equal(asked?.get('scope'), 'openid email name')
  t.equal(secrets.length, 2)
  // It lives by the clock of the service, for minutes.
  identity.clock.advance(1800)
  as('later')
  await comesBack()
  t.not(secrets.at(-1), secrets.at(0))
  identity.clock.advance(-1800)
})

void t.test('signed by another key it signs nobody in', async (t) => {
  upstream.person('misled', { sub: 'x', email: 'x@relay.test', email_verified: 'true' })
  const browser = new Browser(issuer)
  t.equal((await visit(browser, `${issuer}/auth/misled`)).status, 502)
  t.notOk(await isSignedIn(browser))
})

void t.test('the name comes at the first consent', async (t) => {
  as('grace')
  const first = await comesBack(user({ name: grace, email: 'victim@acme.test' }))
  t.equal(first.form.status, 303)
  t.notMatch(decodeURIComponent(first.location), 'victim', 'no address in an address')
  t.equal(await nameAt(first.browser), 'Grace Hopper')
  const profile = await first.browser.open(`${issuer}/account/profile`)
  t.equal(fieldOf(profile, 'given_name'), 'Grace')
  const again = await comesBack()
  t.equal(await nameAt(again.browser), 'Grace Hopper')
  const other = await comesBack(user({ name: { firstName: 'Mallory' } }))
  t.equal(await nameAt(other.browser), 'Grace Hopper', 'and never again')
})

void t.test('a name that is signed is the name', async (t) => {
  as('signed', { name: 'Signed Name' })
  const { browser } = await comesBack(user({ name: grace }))
  t.equal(await nameAt(browser), 'Signed Name')
})

for (const [at, odd] of [
  'no JSON',
  '{',
  user({ name: 'Grace' }),
  user({ name: { firstName: { toString: 'x' } } }),
  user({ name: { firstName: 'G'.repeat(101) } }),
  user([grace]),
  user({ name: grace, padding: 'x'.repeat(5000) }),
].entries())
  void t.test(`garbage is not read, and in nobody’s way: ${odd.slice(0, 40)}`, async (t) => {
    as(`odd-${at}`)
    const { browser, location } = await comesBack(odd)
    t.notMatch(location, 'user=')
    t.ok(await isSignedIn(browser))
    t.equal(await nameAt(browser), '')
  })

void t.test('what would disturb a page is taken out of a name', async (t) => {
  as('clean')
  const { browser } = await comesBack(
    user({ name: { firstName: '<b>\u202eGr\u0000ace', lastName: ' ' } }),
  )
  t.equal(await nameAt(browser), '<b>Grace')
})

void t.test('an address is never taken from the form', async (t) => {
  upstream.person('apple', { sub: 'no-address' })
  const { browser, page } = await comesBack(user({ name: grace, email: 'victim@acme.test' }))
  t.equal(pathOf(page), '/sign-in/address')
  t.notMatch(page.body, 'victim')
  t.notOk(await isSignedIn(browser))
})

for (const said of ['false', false, 'TRUE', 1, undefined])
  void t.test(`an address is not proved by ${JSON.stringify(said)}`, async (t) => {
    as(`unproved-${String(said)}`, { email_verified: said })
    const { browser, page } = await comesBack()
    t.equal(pathOf(page), '/sign-in/code')
    t.notOk(await isSignedIn(browser))
  })

void t.test('`user` twice, or from this very site, is refused', async (t) => {
  as('twice')
  const browser = new Browser(issuer)
  const answer = new URL(await answerOf(browser, `${issuer}/auth/apple`)).searchParams
  const url = `${issuer}/auth/apple/callback`
  const here = { 'sec-fetch-site': 'same-origin', origin: issuer }
  t.equal((await browser.post(url, answer, here)).status, 400)
  answer.append('user', user({ name: grace }))
  answer.append('user', user({ name: grace }))
  t.equal((await browser.post(url, answer, fromApple)).status, 400)
  t.notOk(await isSignedIn(browser))
})

void t.test('`user` at another provider means nothing', async (t) => {
  const entry = upstream.entry('acme', { trust_email: true, response_mode: 'form_post' })
  const other = await startIdentity(t, { config: { ...world(), providers: [entry] } })
  upstream.person('acme', { sub: 'a', email: 'a@acme.test', email_verified: true })
  const browser = new Browser(other.issuer)
  const back = new URL(await answerOf(browser, `${other.issuer}/auth/acme`))
  back.searchParams.set('user', user({ name: grace }))
  t.equal(pathOf(await browser.open(back.href)), '/')
  t.equal(fieldOf(await browser.open(`${other.issuer}/account/profile`), 'name'), '')
})

const chromium = await launchChromium()
void t.test(
  'a real browser, which sends no Lax cookie with a form of another site',
  { skip: chromium === undefined && 'NOT RUN: no Chromium on this machine (set CHROMIUM_PATH)' },
  async (t) => {
    if (chromium === undefined) return
    t.teardown(async () => chromium.close())
    t.not(new URL(issuer).hostname, new URL(upstream.origin).hostname, 'two sites')
    as('in-chromium')
    const context = await chromium.newContext()
    const posts: Request[] = []
    const page = await context.newPage()
    page.on('request', (request) => {
      if (request.method() === 'POST') posts.push(request)
    })
    await page.goto(`${issuer}/login?next=%2Faccount%2Fprofile`)
    await page.click('text=The apple')
    await page.waitForURL(`${issuer}/account/profile`)
    const sent = await Promise.all(posts.map(async (request) => request.allHeaders()))
    t.equal(sent.length, 1)
    t.equal(sent[0]?.['sec-fetch-site'], 'cross-site')
    t.equal(sent[0]?.['cookie'], undefined)
    const back = await posts[0]?.redirectedTo()?.allHeaders()
    t.match(back?.['cookie'], /upstream/, 'they come along once it goes on by GET')
    const cookies = await context.cookies(issuer)
    t.same(
      cookies.map(({ sameSite }) => sameSite).filter((kind) => kind !== 'Lax'),
      [],
      'none had to be weaker for it',
    )
  },
)
