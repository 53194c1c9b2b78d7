import t from 'tap'
import { createBrowser } from '../helpers/browser.ts'
import { baseUrl, sessionKey, setUpBff } from '../helpers/bff-world.ts'

const SESSION = 'bff_session'

interface SessionBody {
  signed_in: boolean
  user: unknown
}

await t.test('sign-out by a plain form', async (t) => {
  const { browser, app } = await setUpBff(t)
  app.get('/csrf', async (request) => app.bff.session(request)?.csrfToken)
  await browser.signIn()
  const token = (await browser.send('/csrf')).body
  const post = (payload: string, headers: Record<string, string>) =>
    browser.send('/bff/logout', {
      method: 'POST',
      payload,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    })
  const own = { 'sec-fetch-site': 'same-origin', origin: 'null' }
  t.equal((await post('', own)).statusCode, 403, 'no token')
  t.equal((await post('csrf_token=wrong', own)).statusCode, 403, 'wrong token')
  t.equal((await post(`csrf_token=${token}`, {})).statusCode, 403, 'no origin at all')
  t.equal((await post(`csrf_token=${token}`, { origin: 'https://evil.example' })).statusCode, 403)
  t.equal((await post(`csrf_token=${token}`, { origin: 'null' })).statusCode, 403)
  t.equal((await post(`csrf_token=${token}`, { 'x-csrf': '1' })).statusCode, 403)
  const out = await post(`csrf_token=${token}`, own)
  t.equal(out.statusCode, 303)
  t.match(out.headers.location, '/end-session?id_token_hint=')
  t.equal((await post('', own)).headers.location, `${baseUrl}/`, 'signing out twice is no fault')
})

await t.test('signing out works without the issuer', async (t) => {
  const { browser, issuer } = await setUpBff(t)
  await browser.signIn()
  await issuer.stop()
  const out = await browser.call('/bff/logout', { method: 'POST' })
  t.same(out.json(), { logout_url: `${baseUrl}/` }, 'here, and not into a dead end')
  t.notOk(browser.cookies.has(SESSION))

  await issuer.start()
  const other = createBrowser((await setUpBff(t)).app)
  t.equal(
    (await other.call('/bff/logout', { method: 'POST' })).json<{ logout_url: string }>().logout_url,
    `${baseUrl}/`,
  )
})

await t.test('cookies that were touched, or belong elsewhere', async (t) => {
  const { browser, app, start, clock } = await setUpBff(t)
  await browser.signIn()
  const good = browser.cookies.get(SESSION) ?? ''
  const signedIn = async (value: string, other = app) =>
    (
      await createBrowser(other, new Map([[SESSION, value]])).send('/bff/session')
    ).json<SessionBody>().signed_in
  t.equal(await signedIn(good), true)
  for (const index of [2, 5, 40, Math.floor(good.length / 2), good.length - 2]) {
    const flipped = good[index] === 'A' ? 'B' : 'A'
    t.equal(
      await signedIn(good.slice(0, index) + flipped + good.slice(index + 1)),
      false,
      `byte ${index}`,
    )
  }
  for (const text of [
    '',
    '1.',
    '1',
    good.slice(2),
    `2${good.slice(1)}`,
    `9${good.slice(1)}`,
    good.slice(0, -4),
  ]) {
    t.equal(await signedIn(text), false, text.slice(0, 12))
  }
  await browser.send('/bff/login')
  const tx = [...browser.cookies].find(([name]) => name.includes('_tx_'))?.[1] ?? ''
  t.equal(await signedIn(`1.${tx}`), false, 'a transaction is no session')

  const next = await start({ sessionKeys: ['another key, which is long enough too', sessionKey] })
  t.equal(await signedIn(good, next), true, 'the old key still opens')
  const last = await start({ sessionKeys: ['another key, which is long enough too'] })
  t.equal(await signedIn(good, last), false, 'until it is taken away')

  clock.now += 2_592_001_000
  t.equal(await signedIn(good), false, 'after thirty days, whatever was refreshed')
})

await t.test('a session that ended does not come back', async (t) => {
  const { browser, app, issuer, clock } = await setUpBff(t)
  await browser.signIn()
  const copied = createBrowser(app, new Map(browser.cookies))
  const stolen = createBrowser(app, new Map(browser.cookies))
  clock.now += 595_000
  issuer.overrides.set('/token', (_, response) => {
    issuer.overrides.delete('/token')
    setTimeout(() => {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"access_token":"late","token_type":"Bearer","expires_in":600}')
    }, 150)
  })
  const slow = copied.call('/bff/api/notes')
  await new Promise((resolve) => setTimeout(resolve, 30))
  await browser.call('/bff/logout', { method: 'POST' })
  const answer = await slow
  t.equal(answer.statusCode, 401)
  t.notOk(copied.cookies.has(SESSION), 'an answer under way sets no cookie')
  t.match(
    (await stolen.send('/bff/session')).json(),
    { signed_in: false },
    'a copied cookie is dead',
  )
})

await t.test('big tokens are split over cookies, and too big ones refused', async (t) => {
  const { browser, issuer } = await setUpBff(t)
  issuer.settings.roles = Array.from({ length: 120 }, (_, index) => `role-number-${index}`)
  t.equal((await browser.signIn()).statusCode, 303)
  t.ok(browser.cookies.has(`${SESSION}.1`))
  t.equal((await browser.call('/bff/api/notes')).statusCode, 200)
  issuer.settings.roles = []
  await browser.signIn()
  t.notOk(browser.cookies.has(`${SESSION}.1`), 'the spare one goes')
  t.equal((await browser.call('/bff/api/notes')).statusCode, 200)
  issuer.settings.roles = Array.from({ length: 900 }, (_, index) => `role-number-${index}`)
  t.equal((await browser.signIn()).statusCode, 502)
})
