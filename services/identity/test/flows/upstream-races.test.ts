import { sql } from 'drizzle-orm'
import t from 'tap'
import { openDatabase } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { Browser } from '../helpers/browser.ts'
import { startProcesses } from '../helpers/identity.ts'
import { answerOf, clientId, clientSecret, startUpstream } from '../helpers/upstream.ts'
import { world } from '../helpers/world.ts'

// One person of Google's arrives for the first time, many times at once, at two processes over one database.
const upstream = await startUpstream(t)
const early = { email: 'early@gmail.com', password: 'somebody was here before' }
const plain = world() as { users: object[] }
const { issuer, origins, databaseUrl } = await startProcesses(t, {
  config: { ...plain, users: [...plain.users, early] },
  count: 2,
  env: {
    GOOGLE_CLIENT_ID: clientId,
    GOOGLE_CLIENT_SECRET: clientSecret,
    GOOGLE_ISSUER: upstream.issuerOf('google'),
  },
})

void t.test('20 first sign-ins of one subject make one account', async (t) => {
  upstream.person('google', { sub: 'one', email: 'one@gmail.com', email_verified: true })
  const browsers = Array.from({ length: 20 }, (_, n) => new Browser(issuer, origins[n % 2]))
  const callbacks = await Promise.all(
    browsers.map(async (browser) => answerOf(browser, `${issuer}/auth/google`)),
  )
  const answers = await Promise.all(
    browsers.map(async (browser, n) => browser.get(callbacks[n] ?? '')),
  )
  t.same([...new Set(answers.map(({ status }) => status))], [303], 'all are let in')
  const ids = await Promise.all(
    browsers.map(async (browser) => {
      const own = await browser.open(`${issuer}/account/connections`)
      return /name="identity" value="([^"]+)"|only way to sign in/.exec(own.body)?.[0]
    }),
  )
  t.same([...new Set(ids)], ['only way to sign in'], 'each sees one connection')
  const devices = await browsers[0]?.open(`${issuer}/account/sessions`)
  t.equal(devices?.body.match(/class="item"/g)?.length, 20, 'twenty sessions of one account')
})

void t.test('20 arrivals at an account that nobody has proved: all are let in', async (t) => {
  upstream.person('google', { sub: 'early', email: early.email, email_verified: true })
  const browsers = Array.from({ length: 20 }, (_, n) => new Browser(issuer, origins[n % 2]))
  const callbacks = await Promise.all(
    browsers.map(async (browser) => answerOf(browser, `${issuer}/auth/google`)),
  )
  const pages = await Promise.all(
    browsers.map(async (browser, n) => browser.open(callbacks[n] ?? '')),
  )
  t.same(
    [...new Set(pages.map(({ url }) => new URL(url).pathname))],
    ['/'],
    'nobody is asked twice',
  )
  const devices = await browsers[0]?.open(`${issuer}/account/sessions`)
  t.equal(devices?.body.match(/class="item"/g)?.length, 20, 'twenty sessions of one account')
})

void t.test('what anybody can send as often as they like leaves no rows', async (t) => {
  const database = await openDatabase(databaseUrl)
  t.teardown(() => database.close())
  const refusals = async () => {
    const counted = sql`select count(*)::int as n from audit where event = 'identity_refused'`
    return rowsOf<{ n: number }>(await database.db.execute(counted))[0]?.n
  }
  const forged = async (n: number) =>
    (await new Browser(issuer, origins[n % 2]).get(`${issuer}/auth/google/callback?state=${n}`))
      .status
  const before = await refusals()
  const statuses = await Promise.all(Array.from({ length: 20 }, async (_, n) => forged(n)))
  t.same([...new Set(statuses)], [410])
  t.equal(await refusals(), before)

  const browser = new Browser(issuer)
  const callback = new URL(await answerOf(browser, `${issuer}/auth/google`))
  callback.searchParams.set('code', 'made up')
  const again = browser.twin()
  t.equal((await browser.get(callback.href)).status, 502)
  t.equal(await refusals(), (before ?? 0) + 1, 'a visit that was begun here is recorded')
  for (let times = 0; times < 3; times += 1)
    t.equal((await again.twin().get(callback.href)).status, 410)
  t.equal(await refusals(), (before ?? 0) + 1, 'once')
})
