import t, { type Test } from 'tap'
import { Browser, fieldOf, formWith, mustReturn, stepOf } from '../helpers/browser.ts'
import { targetsOf, textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { bent } from '../helpers/jwt.ts'
import { Provider } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { type Answer, send } from '../helpers/wire.ts'
import { ada, bob, judge, rival, world } from '../helpers/world.ts'

const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, judge)
const newBrowser = () => new Browser(identity.issuer)

async function loginPage(browser = newBrowser(), changes = {}) {
  const request = await rp.request(changes)
  const page = await browser.open(request.url)
  if (stepOf(page) !== 'login') throw new Error(`no login page at ${page.url}`)
  return { browser, page, request }
}

async function signedIn(browser: Browser): Promise<boolean> {
  const { url } = await rp.request({ prompt: 'none' })
  return mustReturn(await browser.authorize(url)).params.has('code')
}

/** Refused, on a page of ours, and nobody is signed in. */
async function expectRefused(t: Test, browser: Browser, answer: Answer, status = /^4\d\d$/) {
  t.match(String(answer.status), status)
  t.equal(answer.headers.get('location'), null)
  t.notMatch(answer.body, /\bat .*\.[jt]s:\d+/, 'no stack')
  t.equal(await signedIn(browser), false, 'nobody is signed in')
}

void t.test('the right password signs in, by 303 (RFC 9700 §4.12)', async (t) => {
  const { browser, page } = await loginPage()
  const form = formWith(page, ['email', 'password', 'csrf'])
  const action = new URL(form.action === '' ? page.url : form.action, page.url)
  const fields = { ...ada, csrf: fieldOf(page, 'csrf') }
  const answer = await browser.post(action.href, fields)
  t.equal(answer.status, 303)
  t.match(answer.headers.get('cache-control'), /no-store/)
  t.ok(await signedIn(browser))
})

void t.test(
  'the page names the app, and has labels and types a password manager knows',
  async (t) => {
    const { page } = await loginPage()
    t.match(textOf(page.body), 'The judge app')
    t.match(page.body, /autocomplete="username[^"]*"/)
    t.match(page.body, 'autocomplete="current-password"')
    t.match(page.body, /<input[^>]*type="password"/)
    t.match(page.body, /<label/)
  },
)

for (const [name, headers] of [
  ['from another site by Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site' }],
  ['from a sibling site', { 'sec-fetch-site': 'same-site', origin: 'https://x.example.test' }],
  ['from another Origin', { origin: 'https://evil.example.test', 'sec-fetch-site': '' }],
  ['from a lookalike Origin', { origin: `${identity.issuer}.evil.test`, 'sec-fetch-site': '' }],
] as const)
  void t.test(`a post ${name} is refused (ASVS 3.5.1)`, async (t) => {
    const { browser, page } = await loginPage()
    const answer = await browser.submit(page, { ...ada }, undefined, headers)
    await expectRefused(t, browser, answer, /^40[03]$/)
  })

void t.test(
  'a post as Chromium sends it under no-referrer (Origin: null, same-origin) works',
  async (t) => {
    const { browser, page } = await loginPage()
    const headers = { origin: 'null', 'sec-fetch-site': 'same-origin' }
    await browser.submit(page, { ...ada }, undefined, headers)
    t.ok(await signedIn(browser))
  },
)

const csrfFaults: readonly (readonly [string, (right: string) => string | undefined])[] = [
  ['missing', () => undefined],
  ['empty', () => ''],
  ['made up', () => 'x'.repeat(43)],
  ['bent', (right) => bent(right)],
  ['cut off', (right) => right.slice(0, -2)],
]
for (const [name, change] of csrfFaults)
  void t.test(`CSRF token ${name} (ASVS 3.5.1)`, async (t) => {
    const { browser, page } = await loginPage()
    const csrf = change(fieldOf(page, 'csrf'))
    const fields = { ...ada, ...(csrf === undefined ? {} : { csrf }) }
    await expectRefused(t, browser, await browser.post(page.url, fields), /^40[03]$/)
  })

void t.test('CSRF token of another browser', async (t) => {
  const [mine, other] = [await loginPage(), await loginPage()]
  const answer = await mine.browser.post(mine.page.url, {
    ...ada,
    csrf: fieldOf(other.page, 'csrf'),
  })
  await expectRefused(t, mine.browser, answer, /^40[03]$/)
})

void t.test('CSRF token without its cookie', async (t) => {
  const { page } = await loginPage()
  const bare = newBrowser()
  const answer = await bare.post(page.url, { ...ada, csrf: fieldOf(page, 'csrf') })
  await expectRefused(t, bare, answer)
})

void t.test(
  'login CSRF: an attacker’s page cannot sign the victim in as the attacker',
  async (t) => {
    const attacker = await loginPage()
    const victim = newBrowser()
    await loginPage(victim)
    const fields = { ...bob, csrf: fieldOf(attacker.page, 'csrf') }
    await expectRefused(t, victim, await victim.post(attacker.page.url, fields))
  },
)

void t.test('tx of another browser gives a way on, but no session (design §2)', async (t) => {
  const { page } = await loginPage()
  const victim = newBrowser()
  await loginPage(victim)
  const answer = await victim.open(page.url)
  t.match(String(answer.status), /^4\d\d$/, 'not taken up silently')
  t.not(stepOf(answer), 'login', 'no form that belongs to somebody else’s conversation')
  t.ok(
    targetsOf(answer.body).some((target) => target.includes('/authorize?')),
    'a way on',
  )
  t.equal(await signedIn(victim), false)
})

void t.test(
  'a stolen callback: the attacker’s browser gains nothing from the victim’s sign-in',
  async (t) => {
    const { page, browser: attacker } = await loginPage()
    const victim = newBrowser()
    const seen = await victim.open(page.url)
    if (stepOf(seen) === 'login') await victim.signIn(seen, ada)
    t.equal(await signedIn(attacker), false)
  },
)

for (const [name, change] of [
  ['bent', bent],
  ['cut off', (tx: string) => tx.slice(0, -5)],
  ['empty', () => ''],
  ['rubbish', () => 'rubbish'],
  ['of 20 kB', () => 'A'.repeat(12_000)],
  ['with NUL', () => '\0'],
  ['with markup', () => '"><script>alert(1)</script>'],
] as const)
  void t.test(`tx ${name}: a page that helps, never a redirect out`, async (t) => {
    const { browser, page } = await loginPage()
    const url = new URL(page.url)
    url.searchParams.set('tx', change(url.searchParams.get('tx') ?? ''))
    for (const path of ['/login', '/consent', '/authorize']) {
      url.pathname = path
      const answer = await browser.open(url.href)
      t.ok(answer.status < 500, `${path} ${answer.status}`)
      t.equal(answer.headers.get('location'), null, path)
      t.notMatch(answer.body, '<script>alert(1)')
    }
    t.equal(await signedIn(browser), false)
  })

void t.test('tx repeated is refused', async (t) => {
  const { browser, page } = await loginPage()
  const answer = await browser.open(`${page.url}&tx=x`)
  t.match(String(answer.status), /^4\d\d$/)
})

void t.test('an old tx offers to go on or to start again (ux §1.1 no. 13)', async (t) => {
  const { browser, page, request } = await loginPage()
  identity.clock.advance(8 * 86_400)
  const answer = await browser.open(page.url)
  t.match(String(answer.status), /^4\d\d$/, 'not taken up silently')
  t.not(stepOf(answer), 'login')
  const again = targetsOf(answer.body).find((target) => target.includes('/authorize?'))
  const landing = await browser.authorize(new URL(again ?? '/', answer.url).href, { person: ada })
  t.equal(mustReturn(landing).params.get('state'), request.state, 'never a dead end')
})

void t.test('back button: the login page again, after signing in, goes on', async (t) => {
  const { browser, page, request } = await loginPage()
  await browser.signIn(page, ada)
  const landing = await browser.walk(await browser.open(page.url), { person: ada })
  t.equal(mustReturn(landing).params.get('state'), request.state)
})

void t.test('double click: the same form twice', async (t) => {
  const { browser, page } = await loginPage()
  const [one, two] = [await browser.signIn(page, ada), await browser.signIn(page, ada)]
  t.ok(one.status < 400 && two.status < 500)
  t.ok(await signedIn(browser))
})

void t.test('two tabs: each ends at its own client with its own state', async (t) => {
  const browser = newBrowser()
  const one = await loginPage(browser)
  const other = await new RelyingParty(provider, rival).request()
  const two = await browser.open(other.url)
  const first = await browser.walk(await browser.signIn(one.page, ada))
  t.equal(mustReturn(first).params.get('state'), one.request.state)
  const second = await browser.walk(await browser.submit(two, { ...ada }))
  t.equal(mustReturn(second).uri, rival.redirectUri)
  t.equal(mustReturn(second).params.get('state'), other.state)
})

void t.test('fixation: the cookies from before are worth nothing after (ASVS 7.2.4)', async (t) => {
  const { browser, page } = await loginPage()
  const before = browser.twin()
  await browser.signIn(page, ada)
  t.ok(await signedIn(browser))
  t.equal(await signedIn(before), false)
})

void t.test('a chosen session cookie is not adopted (ASVS 7.2.4)', async (t) => {
  const donor = newBrowser()
  await rp.signIn(donor)
  const browser = newBrowser()
  for (const name of donor.cookies.keys())
    browser.cookies.set(name, { value: 'attacker-chosen-value', path: '/' })
  const landing = await browser.authorize((await rp.request()).url, { person: ada })
  t.ok(mustReturn(landing).params.has('code'))
  const fixed = newBrowser()
  for (const name of donor.cookies.keys())
    fixed.cookies.set(name, { value: 'attacker-chosen-value', path: '/' })
  t.equal(await signedIn(fixed), false)
})

void t.test('a new session value at each sign-in, the old one dead (ASVS 7.2.4)', async (t) => {
  const browser = newBrowser()
  await rp.signIn(browser)
  const before = browser.twin()
  await rp.signIn(browser, { prompt: 'login' })
  t.ok(await signedIn(browser))
  t.equal(await signedIn(before), false)
})

void t.test('wrong password and unknown account look the same (invariant 9)', async (t) => {
  const seen: string[] = []
  for (const email of [ada.email, 'nobody@example.test', 'ADA@nowhere.test']) {
    const { browser, page } = await loginPage()
    const answer = await browser.signIn(page, { email, password: 'wrong password' })
    t.equal(await signedIn(browser), false)
    t.equal(stepOf(answer), 'login', 'the page again')
    t.notMatch(answer.body, 'wrong password', 'the password is not sent back')
    const words = textOf(answer.body).replaceAll(email, 'EMAIL')
    const kept = [...answer.headers.keys()].filter((name) => name !== 'content-length')
    seen.push(`${answer.status} ${kept.toSorted().join()} ${words}`)
  }
  t.equal(seen[0], seen[1])
  t.equal(seen[0], seen[2])
})

void t.test('an unknown account takes as long as a known one (invariant 9)', async (t) => {
  const took = { known: [] as number[], unknown: [] as number[] }
  for (let i = 0; i < 9; i += 1)
    for (const kind of ['known', 'unknown'] as const) {
      const { browser, page } = await loginPage()
      const email = kind === 'known' ? bob.email : `nobody-${i}@example.test`
      const start = performance.now()
      await browser.signIn(page, { email, password: 'wrong password' })
      took[kind].push(performance.now() - start)
    }
  const median = (list: number[]) =>
    list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0
  const ratio = median(took.unknown) / median(took.known)
  t.ok(ratio > 0.5 && ratio < 2, `median of unknown / known: ${ratio.toFixed(2)}`)
})

const inputs: readonly (readonly [string, Record<string, string>])[] = [
  ['nothing filled in', { email: '', password: '' }],
  ['no password', { email: ada.email, password: '' }],
  ['no e-mail', { email: '', password: ada.password }],
  ['a password with a space after it', { ...ada, password: `${ada.password} ` }],
  ['a password in other case', { ...ada, password: ada.password.toUpperCase() }],
  ['a password cut at NUL', { ...ada, password: `${ada.password}\0x` }],
  ['NUL in the e-mail', { ...ada, email: `ada@example.test\0` }],
  ['a password of 100 kB', { ...ada, password: 'x'.repeat(100_000) }],
  ['an e-mail of 50 kB', { ...ada, email: `${'a'.repeat(50_000)}@example.test` }],
  ['SQL', { email: "' OR '1'='1", password: "' OR '1'='1" }],
  ['a wildcard', { email: '%@example.test', password: ada.password }],
  ['two addresses', { email: 'ada@example.test,bob@example.test', password: ada.password }],
  ['markup', { email: '"><script>alert(1)</script>@x.test', password: 'x' }],
]
for (const [name, fields] of inputs)
  void t.test(`not let in: ${name}`, async (t) => {
    const { browser, page } = await loginPage()
    const answer = await browser.submit(page, fields)
    t.ok(answer.status < 500, `${answer.status}`)
    t.notMatch(answer.body, '<script>alert(1)')
    t.equal(await signedIn(browser), false)
  })

for (const name of ['email', 'password', 'csrf'])
  void t.test(`${name} repeated is refused (ASVS 15.3.7)`, async (t) => {
    const { browser, page } = await loginPage()
    const form = new URLSearchParams({ ...ada, csrf: fieldOf(page, 'csrf') })
    form.append(name, form.get(name) ?? '')
    await expectRefused(t, browser, await browser.post(page.url, form))
  })

for (const [type, body] of [
  ['application/json', JSON.stringify(ada)],
  ['text/plain', `email=${ada.email}&password=${ada.password}`],
  ['multipart/form-data; boundary=x', '--x--'],
] as const)
  void t.test(`a body of ${type} is no form (ASVS 3.5.2)`, async (t) => {
    const { browser, page } = await loginPage()
    const cookie = [...browser.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ')
    const headers = { 'content-type': type, cookie, 'sec-fetch-site': 'same-origin' }
    const answer = await send(page.url, { method: 'POST', headers, body })
    await expectRefused(t, browser, answer)
  })

void t.test('a password in the address is not taken', async (t) => {
  const { browser, page } = await loginPage()
  const query = new URLSearchParams({ ...ada, csrf: fieldOf(page, 'csrf') })
  await browser.open(`${page.url}&${query}`)
  t.equal(await signedIn(browser), false)
})

void t.test('/login without tx is no dead end and no error of ours', async (t) => {
  const answer = await newBrowser().open('/login')
  t.ok(answer.status < 500)
  t.ok(targetsOf(answer.body).length > 0)
})

void t.test('login_hint fills in the address, as text (OIDC Core 1.0 §3.1.2.1)', async (t) => {
  t.equal(fieldOf((await loginPage(undefined, { login_hint: bob.email })).page, 'email'), bob.email)
  const evil = '"><script>alert(1)</script>'
  const { page } = await loginPage(undefined, { login_hint: evil })
  t.notMatch(page.body, '<script>alert(1)')
})

void t.test('cancel brings access_denied to the app (RFC 6749 §4.1.2.1)', async (t) => {
  const { browser, page, request } = await loginPage()
  const { params } = mustReturn(await browser.walk(await browser.decide(page, 'deny')))
  t.same(
    [params.get('error'), params.get('state'), params.get('iss')],
    ['access_denied', request.state, identity.issuer],
  )
})
