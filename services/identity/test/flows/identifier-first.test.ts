// `sign_in: identifier_first`: the address on one page, its password on the next, whoever it belongs to.
import t, { type Test } from 'tap'
import { Browser, fieldOf, formWith, mustReturn, stepOf } from '../helpers/browser.ts'
import { targetsOf, textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { bent } from '../helpers/jwt.ts'
import { Provider } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import type { Answer } from '../helpers/wire.ts'
import { ada, bob, judge, world } from '../helpers/world.ts'

t.setTimeout(120_000)

const identity = await startIdentity(t, { config: world({ sign_in: 'identifier_first' }) })
const rp = new RelyingParty(new Provider(identity.issuer), judge)
const locationOf = (answer: Answer) => answer.headers.get('location') ?? ''

async function firstPage(changes = {}, browser = new Browser(identity.issuer)) {
  const request = await rp.request(changes)
  return { browser, request, page: await browser.open(request.url) }
}

/** Both pages, the second one not yet sent. */
async function secondPage(email = ada.email, changes = {}, browser?: Browser) {
  const first = await firstPage(changes, browser)
  return { ...first, page: await first.browser.submit(first.page, { email }) }
}

const visibleFields = (page: Answer) =>
  formWith(page, ['csrf'])
    .fields.map(({ name, type }) => `${name} ${type}`)
    .filter((field) => field !== 'csrf hidden')

function isFirst(t: Test, page: Answer, status = 200) {
  t.equal(page.status, status)
  t.same(visibleFields(page), ['email email'])
}

function isSecond(t: Test, page: Answer, email: string, status = 200) {
  t.equal(page.status, status)
  t.same(visibleFields(page), ['email email', 'password password'])
  t.equal(fieldOf(page, 'email'), email)
  t.match(textOf(page.body), email)
}

void t.test('address, then password, then the application', async (t) => {
  const { browser, page, request } = await firstPage()
  isFirst(t, page)
  t.match(page.body, /<input(?=[^>]*name="email")(?=[^>]*autofocus)[^>]*>/)
  const second = await browser.submit(page, { email: ada.email })
  isSecond(t, second, ada.email)
  t.match(second.body, /<input(?=[^>]*autocomplete="username")(?=[^>]*readonly)[^>]*>/)
  t.match(second.body, /<input(?=[^>]*name="password")(?=[^>]*autofocus)[^>]*>/)
  const landing = await browser.walk(await browser.submit(second, { password: ada.password }))
  t.equal(mustReturn(landing).params.get('state'), request.state)
})

void t.test('the address is in no address bar, and in no header', async (t) => {
  const { browser, page } = await firstPage()
  const csrf = fieldOf(page, 'csrf')
  const answer = await browser.post(page.url, { csrf, email: 'Ada@Example.test' })
  t.equal(answer.status, 303)
  t.match(locationOf(answer), /^\/login\?tx=[^&]+&as=/)
  // With a letter that no sealed text has: three alone come up in one by chance.
  t.notMatch(JSON.stringify([...answer.headers]), /ada(?:@|%40)|example\.test/i)
  isSecond(t, await browser.follow(answer), ada.email)
})

void t.test('neither page tells who has an account (invariant 9)', async (t) => {
  const seen: string[] = []
  for (const email of [ada.email, 'another@example.test', 'anybody@nowhere.test']) {
    const { browser, page } = await firstPage()
    const bare = (answer: Answer) => {
      const names = [...answer.headers.keys()].filter((name) => name !== 'content-length')
      const text = textOf(answer.body).replaceAll(email, 'EMAIL')
      return [answer.status, locationOf(answer).replace(/=[^&]*/g, '='), names, text]
    }
    const csrf = fieldOf(page, 'csrf')
    const moved = await browser.post(page.url, { csrf, email })
    const second = await browser.follow(moved)
    const wrong = await browser.submit(second, { password: 'wrong' })
    t.equal(wrong.status, 401)
    isSecond(t, wrong, email, 401)
    seen.push(JSON.stringify([bare(moved), bare(second), bare(wrong)]))
  }
  t.equal(seen[0], seen[1])
  t.equal(seen[0], seen[2])
})

for (const [what, email, says] of [
  ['nothing', '', /Enter your email address\./],
  ['spaces', '   ', /Enter your email address\./],
  ['no address', 'ada', /Enter an email address like/],
  ['two addresses', 'a@b.test,c@d.test', /Enter an email address like/],
  ['markup', '"><script>alert(1)</script>', /Enter an email address like/],
  ['an address of 50 kB', `${'a'.repeat(50_000)}@example.test`, /Enter an email address like/],
] as const)
  void t.test(`first page, ${what}: 422, said at the field`, async (t) => {
    const { browser, page } = await firstPage()
    const answer = await browser.submit(page, { email })
    isFirst(t, answer, 422)
    t.match(textOf(answer.body), says)
    t.match(answer.body, /<p class="problem" id="email-problem">/)
    t.match(answer.body, /<title>Error: /)
    t.notMatch(answer.body, '<script>alert(1)')
    if (what !== 'spaces') t.equal(fieldOf(answer, 'email'), email, 'what was typed is kept')
  })

void t.test('second page without a password: 422, said at the field', async (t) => {
  const { browser, page } = await secondPage()
  const answer = await browser.submit(page, { password: '' })
  isSecond(t, answer, ada.email, 422)
  t.match(answer.body, /<p class="problem" id="password-problem">/)
})

void t.test('both at once sign in as well: a password manager may fill both', async (t) => {
  const { browser, page, request } = await firstPage()
  const answer = await browser.post(page.url, { csrf: fieldOf(page, 'csrf'), ...ada })
  const landing = await browser.walk(await browser.follow(answer))
  t.equal(mustReturn(landing).params.get('state'), request.state)
})

void t.test('a changed hidden field is another person’s sign-in, with that password', async (t) => {
  const { browser, page } = await secondPage(ada.email)
  const answer = await browser.submit(page, { email: bob.email, password: ada.password })
  isSecond(t, answer, bob.email, 401)
})

void t.test('"Not you?" leads to a blank first page on the same way', async (t) => {
  const { browser, page, request } = await secondPage(ada.email, { login_hint: ada.email })
  const href = targetsOf(page.body).find((target) => target.includes('switch=1')) ?? ''
  const first = await browser.open(new URL(href, identity.issuer).href)
  isFirst(t, first)
  t.equal(fieldOf(first, 'email'), '')
  const second = await browser.submit(first, { email: bob.email })
  isSecond(t, second, bob.email)
  const landing = await browser.walk(await browser.submit(second, { password: bob.password }))
  t.equal(mustReturn(landing).params.get('state'), request.state)
})

void t.test('login_hint skips the first page (OIDC Core 1.0 §3.1.2.1)', async (t) => {
  for (const email of [bob.email, 'nobody@example.test'])
    isSecond(t, (await firstPage({ login_hint: email })).page, email)
  const { browser, page } = await firstPage({ login_hint: bob.email })
  const missing = await browser.submit(page, { password: '' })
  isSecond(t, missing, bob.email, 422)
  const { page: odd } = await firstPage({ login_hint: 'not an address' })
  isFirst(t, odd)
  t.equal(fieldOf(odd, 'email'), 'not an address')
  const { page: evil } = await firstPage({ login_hint: '"><script>alert(1)</script>@x.test' })
  t.notMatch(evil.body, '<script>alert(1)')
})

void t.test('what was carried opens in its own browser only, for an hour', async (t) => {
  const { browser, page } = await secondPage()
  isSecond(t, await browser.open(page.url), ada.email)
  const { browser: other, page: mine } = await firstPage()
  const foreign = new URL(mine.url)
  foreign.searchParams.set('as', new URL(page.url).searchParams.get('as') ?? '')
  isFirst(t, await other.open(foreign.href))

  const as = new URL(page.url).searchParams.get('as') ?? ''
  const tx = new URL(page.url).searchParams.get('tx') ?? ''
  for (const wrong of [
    bent(as),
    as.slice(1),
    `${as}A`,
    tx,
    '',
    '\0',
    ada.email,
    'x'.repeat(5000),
  ]) {
    const url = new URL(page.url)
    url.searchParams.set('as', wrong)
    const answer = await browser.open(url.href)
    if (wrong === '\0') t.equal(answer.status, 400)
    else isFirst(t, answer)
  }
})

void t.test('after an hour it is forgotten, but an open second page works on', async (t) => {
  const browser = new Browser(identity.issuer)
  const first = await browser.open(`${identity.issuer}/login`)
  const second = await browser.submit(first, { email: ada.email })
  identity.clock.advance(3599)
  isSecond(t, await browser.open(second.url), ada.email)
  identity.clock.advance(2)
  isFirst(t, await browser.open(second.url))
  isSecond(t, await browser.submit(second, { password: 'wrong' }), ada.email, 401)
})

void t.test('reload and back button: the page again, and after the sign-in on', async (t) => {
  const { browser, page, request } = await secondPage()
  isSecond(t, await browser.open(page.url), ada.email)
  await browser.submit(page, { password: ada.password })
  const landing = await browser.walk(await browser.open(page.url))
  t.equal(mustReturn(landing).params.get('state'), request.state)
})

void t.test('prompt=login of who is signed in asks for the password alone', async (t) => {
  const browser = new Browser(identity.issuer)
  const one = await secondPage(ada.email, {}, browser)
  await browser.submit(one.page, { password: ada.password })
  const { page } = await firstPage({ prompt: 'login' }, browser)
  isSecond(t, page, ada.email)
  t.match(textOf(page.body), 'Confirm it’s you')
})

void t.test('the account page that was wanted stays wanted on both pages', async (t) => {
  const browser = new Browser(identity.issuer)
  const first = await browser.open(`${identity.issuer}/login?next=%2Faccount%2Femail`)
  isFirst(t, first)
  const second = await browser.submit(first, { email: ada.email })
  t.match(second.url, /\/login\?next=%2Faccount%2Femail&as=/)
  const fields = { csrf: fieldOf(second, 'csrf'), ...ada }
  t.equal(locationOf(await browser.post(second.url, fields)), '/account/email')
})

void t.test('somebody else at a browser where ada is signed in', async (t) => {
  const browser = new Browser(identity.issuer)
  const one = await secondPage(ada.email, {}, browser)
  await browser.submit(one.page, { password: ada.password })
  t.equal(locationOf(await browser.get('/login')), '/')
  const first = await browser.open(`${identity.issuer}/login?switch=1`)
  isFirst(t, first)
  const second = await browser.submit(first, { email: bob.email })
  isSecond(t, second, bob.email)
  t.match(textOf(second.body), `You are signed in as ${ada.email}`)
  const home = await browser.submit(second, { password: bob.password })
  t.match(textOf(home.body), bob.email)
})

void t.test(
  'the first page has the way to an account, the second the way to a new password',
  async (t) => {
    const { page } = await firstPage()
    const paths = (answer: Answer) =>
      targetsOf(answer.body).map((target) => target.replace(/\?.*/, ''))
    t.ok(paths(page).includes('/register'))
    t.notOk(paths(page).includes('/forgot-password'))
    const { page: second } = await secondPage()
    t.ok(paths(second).includes('/forgot-password'))
  },
)

void t.test('forms that are not ours take no address', async (t) => {
  const { browser, page } = await firstPage()
  for (const csrf of ['', 'x', fieldOf((await firstPage()).page, 'csrf')]) {
    const answer = await browser.post(page.url, { csrf, email: ada.email })
    t.equal(answer.status, 403)
  }
  const csrf = fieldOf(page, 'csrf')
  const repeated = new URLSearchParams({ csrf, email: ada.email })
  repeated.append('email', bob.email)
  t.equal((await browser.post(page.url, repeated)).status, 400)
})

void t.test('cancel works from both pages', async (t) => {
  for (const { browser, page } of [await firstPage(), await secondPage()]) {
    t.equal(stepOf(page), 'login')
    const { params } = mustReturn(await browser.walk(await browser.decide(page, 'deny')))
    t.equal(params.get('error'), 'access_denied')
  }
})
