import t from 'tap'
import { Browser } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { Provider, verdict } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { send } from '../helpers/wire.ts'
import { ada, judge, machine, world } from '../helpers/world.ts'

// design §7: passwords are hashed in a bounded queue of their own.
const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, judge)

// Two waves: turned away by a full queue must not count as a failure (the budget is 100 an hour).
for (const wave of ['first', 'second'])
  void t.test(`${wave} flood of sign-ins: 303 or 503, and tokens go on`, async (t) => {
    const pages = await Promise.all(
      Array.from({ length: 90 }, async () => {
        const browser = new Browser(identity.issuer)
        return { browser, page: await browser.open((await rp.request()).url) }
      }),
    )
    const progress = { over: false }
    const flood = Promise.all(
      pages.map(({ browser, page }) => browser.submit(page, { ...ada })),
    ).finally(() => {
      progress.over = true
    })
    const jwks = await provider.endpoint('jwks_uri')
    let [issued, slowestMs] = [0, 0]
    do {
      const start = performance.now()
      const answer = await provider.token(
        { grant_type: 'client_credentials', scope: 'notes:read' },
        machine.authentication,
      )
      t.equal(verdict(answer), '200')
      t.equal((await send(jwks)).status, 200)
      slowestMs = Math.max(slowestMs, performance.now() - start)
      issued += 1
    } while (!progress.over && issued < 2000)
    const answers = await flood
    const busy = answers.filter(({ status }) => status === 503)
    const signedIn = answers.filter(({ headers }) => headers.get('location')?.includes('code='))
    const others = answers
      .filter((answer) => !busy.includes(answer) && !signedIn.includes(answer))
      .map(({ status, url }) => `${status} ${new URL(url).pathname}`)
    t.same(others, [], 'nothing else')
    t.ok(signedIn.length > 0, `${signedIn.length} signed in`)
    for (const { headers } of busy)
      t.match(headers.get('retry-after'), /^[1-9]\d*$/, 'RFC 9110 §10.2.3')
    t.ok(issued >= 3, `${issued} tokens meanwhile`)
    t.ok(slowestMs < 5000, `the slowest after ${Math.round(slowestMs)} ms`)
  })

void t.test('afterwards everything is as before, and no failure was counted', async (t) => {
  for (let i = 0; i < 3; i += 1) t.ok((await rp.signIn(new Browser(identity.issuer))).tokens)
})
