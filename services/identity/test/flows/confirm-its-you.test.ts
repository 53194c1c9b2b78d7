// "Confirm it's you": the way to account pages, by /login?next=….
import t, { type Test } from 'tap'
import { Browser, fieldOf, formWith, stepOf } from '../helpers/browser.ts'
import { targetsOf, textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { Provider } from '../helpers/provider.ts'
import { pathOf } from '../helpers/registering.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import type { Answer } from '../helpers/wire.ts'
import { ada, bob, judge, world } from '../helpers/world.ts'

t.setTimeout(120_000)

const identity = await startIdentity(t, { config: world({ sign_in_failures_per_hour: 5 }) })
const rp = new RelyingParty(new Provider(identity.issuer), judge)
const next = '/account/password'
const loginFor = (path: string) => `${identity.issuer}/login?next=${encodeURIComponent(path)}`
const locationOf = (answer: Answer) => answer.headers.get('location')

async function signedIn(person = ada): Promise<Browser> {
  const browser = new Browser(identity.issuer)
  await rp.signIn(browser, {}, { person })
  return browser
}

/** Whether the sign-in is too old for a change, and no older than a session may be. */
function growStale() {
  identity.clock.advance(601)
}

/** Signs in on the page without following where it leads. */
async function confirm(browser: Browser, url: string, person = ada): Promise<Answer> {
  const page = await browser.open(url)
  return browser.post(url, { csrf: fieldOf(page, 'csrf'), ...person })
}

function isConfirmation(t: Test, page: Answer) {
  t.equal(page.status, 200)
  t.equal(stepOf(page), 'login')
  t.match(textOf(page.body), 'Confirm it’s you')
  t.match(textOf(page.body), ada.email)
}

void t.test('a stranger signs in and comes to the page', async (t) => {
  const browser = new Browser(identity.issuer)
  t.equal(pathOf(await browser.open(`${identity.issuer}${next}`)), '/login')
  t.equal(locationOf(await confirm(browser, loginFor(next))), next)
})

void t.test('a fresh sign-in goes straight on, a stale one confirms', async (t) => {
  const browser = await signedIn()
  const answer = await browser.get(loginFor(next))
  t.equal(`${answer.status} ${locationOf(answer)}`, `303 ${next}`)
  identity.clock.advance(590)
  t.equal(locationOf(await browser.get(loginFor(next))), next, 'ten minutes are fresh')
  growStale()
  isConfirmation(t, await browser.get(loginFor(next)))
})

void t.test('the page asks for the password alone, of the address it shows', async (t) => {
  const browser = await signedIn()
  growStale()
  const page = await browser.open(loginFor(next))
  const { fields } = formWith(page, ['password'])
  t.same(
    fields.map(({ name, type }) => `${name} ${type}`),
    ['csrf hidden', 'email email', 'password password'],
  )
  t.match(page.body, /<input(?=[^>]*autocomplete="username")(?=[^>]*readonly)(?=[^>]*hidden)[^>]*>/)
  t.equal(fieldOf(page, 'email'), ada.email)
  const links = targetsOf(page.body)
  t.ok(links.includes('/login?next=%2Faccount%2Fpassword&switch=1'), 'another account')
  t.ok(links.includes('/account'), 'or back')
  const done = await browser.submit(page, { password: ada.password })
  t.equal(pathOf(done), next, 'and back to what was wanted')
})

void t.test('wrong, empty or for somebody else: the page stays what it is', async (t) => {
  const browser = await signedIn()
  growStale()
  const wrong = await confirm(browser, loginFor(next), { ...ada, password: 'wrong' })
  t.equal(wrong.status, 401)
  t.match(textOf(wrong.body), 'Confirm it’s you')
  t.match(textOf(wrong.body), 'Wrong email or password')
  const empty = await confirm(browser, loginFor(next), { ...ada, password: '' })
  t.equal(empty.status, 422)
  t.match(empty.body, /<p class="problem" id="password-problem">/)
  isConfirmation(t, await browser.get(loginFor(next)))
  t.equal(stepOf(await browser.open(`${identity.issuer}${next}`)), 'login', 'nothing was proved')
})

void t.test('another account: a blank page, its own account pages', async (t) => {
  const browser = await signedIn()
  growStale()
  const page = await browser.open(loginFor(next))
  const other = targetsOf(page.body).find((target) => target.includes('switch')) ?? ''
  const blank = await browser.open(new URL(other, identity.issuer).href)
  t.equal(fieldOf(blank, 'email'), '')
  t.notMatch(textOf(blank.body), 'Confirm it’s you')
  const landed = await browser.submit(blank, { ...bob })
  t.equal(pathOf(landed), next)
  t.match(landed.body, bob.email)
  t.notMatch(landed.body, ada.email)
})

void t.test(
  'the proof is of this browser: another one of the same person confirms, too',
  async (t) => {
    const [one, two] = [await signedIn(), await signedIn()]
    growStale()
    await confirm(one, loginFor(next))
    t.equal(locationOf(await one.get(loginFor(next))), next)
    isConfirmation(t, await two.get(loginFor(next)))
  },
)

void t.test('tx and next: the application wins', async (t) => {
  const browser = new Browser(identity.issuer)
  const request = await rp.request()
  const page = await browser.open(request.url)
  const answer = await confirm(browser, `${page.url}&next=${encodeURIComponent(next)}`)
  t.match(locationOf(answer), /^\/authorize\?tx=/)
})

for (const bad of [
  '//evil.test',
  '//evil.test/account',
  '/\\evil.test',
  '\\\\evil.test',
  'https://evil.test/account',
  'https:evil.test',
  'http://localhost/account',
  'javascript:alert(1)',
  'data:text/html,x',
  '%2F%2Fevil.test',
  '/%2F/evil.test',
  '/account.evil.test',
  '/account@evil.test',
  '/account:80@evil.test',
  '/accounts',
  '/account//evil.test',
  '/account/..//evil.test',
  '/account/../logout',
  '/account/%2e%2e/logout',
  '/account/./password',
  '/account/password#fragment',
  '/account/password?next=//evil.test',
  '/account/password\r\nset-cookie: a=b',
  '/account/password\n',
  '/account\t/password',
  ' /account',
  '/account ',
  '/account\0',
  '/account/é',
  '/ACCOUNT',
  'account',
  '?next=/account',
  '',
  `/account/${'a'.repeat(9000)}`,
])
  void t.test(`next ${JSON.stringify(bad.slice(0, 40))} leads nowhere but home`, async (t) => {
    const browser = new Browser(identity.issuer)
    const target = locationOf(await confirm(browser, loginFor(bad)))
    // A long one is an address of ours all the same: it may lead to a page that does not exist.
    t.ok(target === '/' || (bad.length > 1000 && target === bad), String(target).slice(0, 80))
    t.equal(locationOf(await browser.get(loginFor(bad))), target, 'signed in already')
  })

void t.test('next repeated is nobody’s wish', async (t) => {
  const browser = new Browser(identity.issuer)
  const url = `${loginFor(next)}&next=${encodeURIComponent('/account/email')}`
  t.equal(locationOf(await confirm(browser, url)), '/')
})

for (const good of [
  '/account',
  '/account/email',
  '/account/security-log?before=0190-ab.c~d_e%20f',
  '/account/email/confirm?token=test.AbC-_9',
])
  void t.test(`next ${good} is a page of the account`, async (t) => {
    t.equal(locationOf(await confirm(new Browser(identity.issuer), loginFor(good))), good)
  })

void t.test('a foreign form confirms nothing', async (t) => {
  const browser = await signedIn()
  growStale()
  const foreign = await new Browser(identity.issuer).open(loginFor(next))
  for (const csrf of ['', 'x', fieldOf(foreign, 'csrf')]) {
    const answer = await browser.post(loginFor(next), { csrf, ...ada })
    t.equal(answer.status, 403)
  }
  isConfirmation(t, await browser.get(loginFor(next)))
})

void t.test('a confirmation is a new cookie value: the old one is dead', async (t) => {
  const browser = await signedIn()
  growStale()
  const before = browser.twin()
  await confirm(browser, loginFor(next))
  t.equal(locationOf(await browser.get(loginFor(next))), next)
  t.notMatch(textOf((await before.open(loginFor(next))).body), 'Confirm it’s you')
})

void t.test('/.well-known/change-password leads to the password page (W3C §3)', async (t) => {
  const browser = new Browser(identity.issuer)
  for (const send of [
    async () => browser.get('/.well-known/change-password'),
    async () => browser.get('/.well-known/change-password?next=//evil.test'),
  ]) {
    const answer = await send()
    t.equal(answer.status, 302)
    t.equal(locationOf(answer), next)
  }
  const missing = '/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200'
  t.equal((await browser.get(missing)).status, 404)
  t.equal(
    pathOf(await browser.open('/.well-known/change-password')),
    '/login',
    'by way of a sign-in',
  )
})
