import t from 'tap'
import { createTestKey } from '../../src/testing.ts'
import { createBrowser } from '../helpers/browser.ts'
import { audience, baseUrl, setUpBff } from '../helpers/bff-world.ts'

const SESSION = 'bff_session'

interface SessionBody {
  signed_in: boolean
  user: unknown
}

await t.test('sign in, see, call the API, sign out', async (t) => {
  const { app, browser, issuer, seen } = await setUpBff(t)
  t.same((await browser.send('/bff/session')).json(), { signed_in: false, mode: 'bff' })

  const login = await browser.send('/bff/login?return_to=/notes%3Fa=1')
  t.equal(login.statusCode, 303)
  t.equal(login.headers['cache-control'], 'no-store')
  const { searchParams: asked } = new URL(String(login.headers.location))
  t.match(Object.fromEntries(asked), {
    response_type: 'code',
    code_challenge_method: 'S256',
    redirect_uri: `${baseUrl}/bff/callback`,
    resource: audience,
    scope: 'openid notes',
  })
  for (const name of ['state', 'nonce', 'code_challenge'])
    t.ok((asked.get(name) ?? '').length >= 43)

  const back = await browser.signIn('/bff/login?return_to=/notes%3Fa=1')
  t.equal(back.statusCode, 303)
  t.equal(back.headers.location, `${baseUrl}/notes?a=1`)
  const cookie = back.cookies.find(({ name }) => name === SESSION)
  t.match(cookie, { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: 2_592_000 })
  t.notOk(cookie?.domain)
  t.ok(`${SESSION}=${cookie?.value}; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax`.length < 4096)

  const session = await browser.send('/bff/session')
  t.match(session.json(), {
    signed_in: true,
    mode: 'bff',
    user: { sub: 'user-1', name: 'Ada Lovelace', email: 'ada@example.test' },
    access_token: { scopes: ['openid', 'notes'], claims: { aud: audience, sub: 'user-1' } },
  })
  t.notMatch(session.body, /eyJ/, 'no token in it')
  t.equal(session.headers['cache-control'], 'no-store')

  const notes = await browser.call('/bff/api/notes?x=1&y=%20', { headers: { cookie2: 'x' } })
  t.equal(notes.statusCode, 200)
  t.equal(notes.json<{ sub: string }>().sub, 'user-1')
  t.equal(seen.at(-1)?.url, '/notes?x=1&y=%20')

  const out = await browser.call('/bff/logout', { method: 'POST' })
  const url = new URL(out.json<{ logout_url: string }>().logout_url)
  t.equal(url.origin + url.pathname, `${issuer.url}/end-session`)
  t.equal(url.searchParams.get('post_logout_redirect_uri'), `${baseUrl}/`)
  t.match(url.searchParams.get('id_token_hint'), /^eyJ/)
  t.equal(issuer.count('/revoke'), 1)
  t.equal((await browser.send('/bff/session')).json<SessionBody>().signed_in, false)
  t.equal((await browser.call('/bff/api/notes')).statusCode, 401)
  t.notOk(browser.cookies.has(SESSION))
  t.ok(app)
})

await t.test('over https the cookies are __Host- and Secure', async (t) => {
  const { browser, start } = await setUpBff(t)
  t.ok(browser)
  const app = await start({ baseUrl: 'https://app.example' })
  const login = await createBrowser(app).send('/bff/login')
  t.match(login.cookies, [
    { secure: true, httpOnly: true, path: '/', sameSite: 'Lax', maxAge: 600 },
  ])
  t.match(login.cookies[0]?.name, /^__Host-bff_session_tx_[0-9a-f]{16}$/)
  await t.rejects(start({ baseUrl: 'http://app.example' }), TypeError)
  await t.rejects(start({ sessionKeys: ['short'] }), TypeError)
  await t.rejects(start({ sessionKeys: [] }), TypeError)
  await t.rejects(start({ issuer: 'http://id.example' }), TypeError)
})

await t.test('callbacks that are refused', async (t) => {
  const { browser, issuer, app, clock } = await setUpBff(t)
  const refused = async (name: string, change: (url: URL) => void, status = 400) => {
    const url = await browser.callbackUrl()
    change(url)
    const answer = await browser.send(url.pathname + url.search)
    t.equal(answer.statusCode, status, name)
    t.notOk(browser.cookies.has(SESSION), `${name}: no session`)
    t.notOk(answer.headers.location, `${name}: no redirect`)
  }
  await refused('forged state', (url) => url.searchParams.set('state', 'x'.repeat(43)))
  await refused('no state', (url) => url.searchParams.delete('state'))
  await refused('state twice', (url) => url.searchParams.append('state', 'x'))
  await refused('another issuer (RFC 9207)', (url) =>
    url.searchParams.set('iss', 'https://evil.example'),
  )
  await refused('no issuer, though it announces one', (url) => url.searchParams.delete('iss'))
  await refused('code twice', (url) => url.searchParams.append('code', 'x'))
  await refused('forged code', (url) => url.searchParams.set('code', 'forged'))
  await refused(
    'declined',
    (url) => {
      url.searchParams.delete('code')
      url.searchParams.set('error', 'access_denied')
    },
    403,
  )

  const strangers = createBrowser(app)
  const url = await browser.callbackUrl()
  t.equal((await strangers.send(url.pathname + url.search)).statusCode, 400, 'another browser')

  clock.now += 601_000
  t.equal((await browser.send(url.pathname + url.search)).statusCode, 400, 'too late')
  clock.now -= 601_000

  for (const [name, idTokenClaims] of Object.entries({
    'forged nonce': { nonce: 'forged' },
    'no nonce': { nonce: undefined },
    'ID token of another issuer': { iss: 'https://evil.example' },
    'ID token for another client': { aud: 'other' },
    'expired ID token': { exp: 1000 },
    'ID token for several clients': { aud: ['test-client', 'other'], azp: 'other' },
  })) {
    issuer.settings.idTokenClaims = idTokenClaims
    await refused(name, () => undefined)
  }
  issuer.settings.idTokenClaims = {}
  const [published] = issuer.keys
  const evil = await createTestKey(published?.kid)
  if (published === undefined) throw new Error('no key')
  issuer.keys = [{ ...published, privateKey: evil.privateKey }]
  await refused('an ID token signed by another key', () => undefined)
})

await t.test('a transaction is good for one callback', async (t) => {
  const { browser, app, issuer } = await setUpBff(t)
  const login = await browser.callbackUrl()
  const path = login.pathname + login.search
  const copied = createBrowser(app, new Map(browser.cookies))
  t.equal((await browser.send(path)).statusCode, 303)
  const asked = issuer.count('/token')
  t.equal((await copied.send(path)).statusCode, 400, 'with the cookie copied before')
  t.equal(issuer.count('/token'), asked, 'the issuer is not even asked')
  const again = await browser.send(path)
  t.equal(again.headers.location, `${baseUrl}/`, 'the back button does no harm to a session')

  const twoTabs = createBrowser(app)
  const [first, second] = [await twoTabs.callbackUrl(), await twoTabs.callbackUrl()]
  t.equal((await twoTabs.send(first.pathname + first.search)).statusCode, 303)
  t.equal((await twoTabs.send(second.pathname + second.search)).statusCode, 303, 'two tabs')

  const many = createBrowser(app)
  for (let index = 0; index < 12; index += 1) await many.send('/bff/login')
  t.ok(many.cookies.size <= 5, `${many.cookies.size} open transactions`)
  t.equal((await many.signIn()).statusCode, 303)
  t.equal((await many.send('/bff/callback', { method: 'HEAD' })).statusCode, 404, 'no HEAD')
})

await t.test('the issuer is away or in trouble', async (t) => {
  const { browser, issuer, app } = await setUpBff(t)
  await issuer.stop()
  t.equal((await browser.send('/bff/login')).statusCode, 503)
  t.equal(browser.cookies.size, 0)
  await issuer.start()
  const url = await browser.callbackUrl()
  issuer.overrides.set('/token', (_, response) => response.writeHead(502).end('<html>'))
  t.equal((await browser.send(url.pathname + url.search)).statusCode, 503)
  issuer.overrides.clear()
  issuer.overrides.set('/userinfo', (_, response) => response.writeHead(500).end())
  t.equal((await browser.signIn()).statusCode, 303, 'a missing name fails no sign-in')

  issuer.overrides.clear()
  issuer.settings.user = { sub: 'user-2', name: 'Eve' }
  issuer.settings.idTokenClaims = { sub: 'user-1' }
  const other = createBrowser(app)
  t.equal((await other.signIn()).statusCode, 303)
  t.same(
    (await other.send('/bff/session')).json<SessionBody>().user,
    { sub: 'user-1' },
    'userinfo of another is not shown',
  )
})
