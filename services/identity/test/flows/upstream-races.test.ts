import t from 'tap'
import { Browser } from '../helpers/browser.ts'
import { startProcesses } from '../helpers/identity.ts'
import { answerOf, clientId, clientSecret, startUpstream } from '../helpers/upstream.ts'
import { world } from '../helpers/world.ts'

// One person of Google's arrives for the first time, many times at once, at two processes over one database.
const upstream = await startUpstream(t)
const { issuer, origins } = await startProcesses(t, {
  config: world(),
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
