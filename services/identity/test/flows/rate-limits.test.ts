import t from 'tap'
import { Browser, mustReturn, stepOf } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { basic, Provider } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { send } from '../helpers/wire.ts'
import { ada, bob, judge, world } from '../helpers/world.ts'

const budget = 5
const perMinute = 300
const settings = { sign_in_failures_per_hour: budget, rate_limit_per_minute: perMinute }
const identity = await startIdentity(t, { config: world(settings) })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, judge)

async function loginPage(browser = new Browser(identity.issuer)) {
  const { url } = await rp.request({ prompt: 'login' })
  const page = await browser.open(url)
  if (stepOf(page) !== 'login') throw new Error(`no login page: ${page.status} ${page.url}`)
  return { browser, page }
}

/** A clean window: the limits per address count by the minute. */
function nextHour() {
  identity.clock.advance(3700)
}

void t.test('20 wrong passwords at once do not widen the budget (invariant 10)', async (t) => {
  const tries = []
  for (let i = 0; i < 20; i += 1) tries.push(await loginPage())
  const answers = await Promise.all(
    tries.map(({ browser, page }) => browser.signIn(page, { ...ada, password: 'wrong' })),
  )
  const limited = answers.filter(({ status }) => status === 429)
  t.ok(20 - limited.length <= budget, `${20 - limited.length} were checked`)
  t.ok(limited.length < 20, 'the first ones are')
  for (const { headers } of limited)
    t.match(headers.get('retry-after'), /^[1-9]\d*$/, 'RFC 6585 §4')
})

void t.test('spent, a stranger with the right password waits, too', async (t) => {
  const { browser, page } = await loginPage()
  const answer = await browser.signIn(page, ada)
  t.equal(answer.status, 429)
  t.equal(stepOf(answer), 'login', 'on the page, in words')
  t.notMatch(answer.body, ada.password)
})

void t.test('no header of the peer moves the budget (invariant 10)', async (t) => {
  for (const [name, value] of [
    ['x-forwarded-for', '203.0.113.7'],
    ['x-real-ip', '203.0.113.8'],
    ['forwarded', 'for=203.0.113.9'],
    ['true-client-ip', '203.0.113.10'],
    ['cf-connecting-ip', '203.0.113.11'],
    ['x-client-ip', '203.0.113.12'],
  ] as const) {
    const { browser, page } = await loginPage()
    const answer = await browser.submit(page, { ...ada }, undefined, { [name]: value })
    t.equal(answer.status, 429, name)
  }
})

void t.test('the address in other spelling is the same account', async (t) => {
  for (const email of ['ADA@example.test', ' ada@example.test', 'Ada@Example.Test ']) {
    const { browser, page } = await loginPage()
    await browser.signIn(page, { email, password: ada.password })
    const { url } = await rp.request({ prompt: 'none' })
    t.notOk(mustReturn(await browser.authorize(url)).params.has('code'), email)
  }
})

void t.test('the budget is of the account: another person signs in', async (t) => {
  const { browser, page } = await loginPage()
  const landing = await browser.walk(await browser.signIn(page, bob))
  t.ok(mustReturn(landing).params.has('code'))
})

void t.test('after the hour it is good again, and a success is no failure', async (t) => {
  nextHour()
  for (let i = 0; i < budget + 2; i += 1) {
    const { browser, page } = await loginPage()
    t.ok(mustReturn(await browser.walk(await browser.signIn(page, ada))).params.has('code'))
  }
})

void t.test('an unknown account runs out just like a known one (invariant 9)', async (t) => {
  nextHour()
  const statuses = async (email: string) => {
    const seen: number[] = []
    for (let i = 0; i < budget + 2; i += 1) {
      const { browser, page } = await loginPage()
      seen.push((await browser.signIn(page, { email, password: 'wrong' })).status)
    }
    return seen
  }
  const unknown = await statuses('nobody@example.test')
  t.equal(unknown.at(-1), 429)
  t.same(await statuses(bob.email), unknown)
})

void t.test('a device that signed in before keeps working (design §7)', async (t) => {
  nextHour()
  const known = new Browser(identity.issuer)
  const { tokens } = await rp.signIn(known, {}, { person: bob })
  const url = String((await provider.metadata())['end_session_endpoint'])
  await known.open(`${url}?id_token_hint=${tokens.idToken}`)
  for (let i = 0; i < budget + 1; i += 1) {
    const { browser, page } = await loginPage()
    await browser.signIn(page, { ...bob, password: 'wrong' })
  }
  const stranger = await loginPage()
  t.equal((await stranger.browser.signIn(stranger.page, bob)).status, 429)
  const { page } = await loginPage(known)
  t.ok(mustReturn(await known.walk(await known.signIn(page, bob))).params.has('code'))
  for (let i = 0; i < 3 * budget; i += 1) {
    const again = await loginPage(known)
    const answer = await known.signIn(again.page, { ...bob, password: 'wrong' })
    if (answer.status === 429) return t.pass('and has a budget of its own')
  }
  return t.fail('a known device may not guess without end')
})

void t.test('a device known for one account is a stranger to another', async (t) => {
  nextHour()
  const bobs = new Browser(identity.issuer)
  await rp.signIn(bobs, {}, { person: bob })
  for (let i = 0; i < budget + 1; i += 1) {
    const { browser, page } = await loginPage()
    await browser.signIn(page, { ...ada, password: 'wrong' })
  }
  const { page } = await loginPage(bobs)
  t.equal((await bobs.submit(page, { ...ada })).status, 429)
})

void t.test('guessing a client secret is limited, and X-Forwarded-For does not help', async (t) => {
  nextHour()
  const url = await provider.endpoint('token_endpoint')
  const statuses: number[] = []
  for (let i = 0; i < perMinute + 20; i += 1) {
    const headers: Record<string, string> = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-forwarded-for': `198.51.100.${i % 250}`,
      forwarded: `for=198.51.100.${i % 250}`,
    }
    basic(judge.id, `guess-${i}`)(headers, new URLSearchParams())
    const body = 'grant_type=client_credentials'
    const answer = await send(url, { method: 'POST', headers, body })
    statuses.push(answer.status)
    if (answer.status === 429) {
      t.match(answer.headers.get('retry-after'), /^[1-9]\d*$/)
      t.match(answer.headers.get('cache-control'), /no-store/)
      t.notMatch(answer.body, '<html')
      break
    }
  }
  t.ok(statuses.includes(429), `${statuses.length} tries`)
  t.ok(statuses.length <= perMinute + 1, `${statuses.length} of ${perMinute} allowed`)
})

void t.test('keys and discovery are still there for everybody else', async (t) => {
  const url = await provider.endpoint('jwks_uri')
  t.equal((await send(url)).status, 200)
})
