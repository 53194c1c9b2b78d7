import t from 'tap'
import { createTestKey } from '../../src/testing.ts'
import { createBrowser } from '../helpers/browser.ts'
import { baseUrl, setUpBff } from '../helpers/bff-world.ts'

const SESSION = 'bff_session'

interface SessionBody {
  signed_in: boolean
  user: unknown
}

await t.test('CSRF: calls and sign-out of foreign pages', async (t) => {
  const { browser, seen } = await setUpBff(t)
  await browser.signIn()
  const before = seen.length
  const cases: [string, Record<string, string>][] = [
    ['no header', { 'sec-fetch-site': 'same-origin' }],
    ['another value', { 'x-csrf': '2' }],
    ['cross-site', { 'x-csrf': '1', 'sec-fetch-site': 'cross-site' }],
    ['same-site, another origin', { 'x-csrf': '1', 'sec-fetch-site': 'same-site' }],
    ['foreign origin', { 'x-csrf': '1', origin: 'https://evil.example' }],
    [
      'foreign origin though it says same',
      { 'x-csrf': '1', origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
    ],
    ['another port', { 'x-csrf': '1', origin: 'http://localhost:5556' }],
    ['no origin', { 'x-csrf': '1', origin: 'null' }],
  ]
  for (const [name, headers] of cases) {
    for (const [method, url] of [
      ['GET', '/bff/api/notes'],
      ['POST', '/bff/api/notes'],
      ['POST', '/bff/logout'],
    ] as const) {
      const answer = await browser.send(url, { method, headers })
      t.equal(answer.statusCode, 403, `${name}: ${method} ${url}`)
    }
  }
  t.equal(seen.length, before, 'nothing reached the API')
  t.equal(
    (await browser.send('/bff/session')).json<SessionBody>().signed_in,
    true,
    'nobody was signed out',
  )

  t.equal((await browser.send('/bff/api/notes', { headers: { 'x-csrf': '1' } })).statusCode, 200)
  const origin = { 'x-csrf': '1', origin: baseUrl }
  t.equal((await browser.send('/bff/api/notes', { headers: origin })).statusCode, 200)
})

await t.test('the proxy passes what is listed, and nothing else', async (t) => {
  const { browser, seen } = await setUpBff(t)
  t.equal((await browser.call('/bff/api/notes')).statusCode, 401, 'nobody is signed in')
  await browser.signIn()
  const before = seen.length
  for (const path of [
    '/secret',
    '/notes/',
    '/notes/a/b',
    '/notes/..%2fsecret',
    '/notes/%2e%2e',
    '/notes/../secret',
    '/.%2fnotes',
    '//evil.example/notes',
    '/notes%00',
    '/notes/a%5cb',
    '/NOTES',
    '',
    '/',
    '/notes;a',
    '/@evil.example/notes',
  ]) {
    t.equal((await browser.call(`/bff/api${path}`)).statusCode, 404, path)
  }
  const put = await browser.call('/bff/api/notes', { method: 'PUT' })
  t.equal(put.statusCode, 405)
  t.equal(put.headers.allow, 'GET, POST')
  t.equal((await browser.call('/bff/api/notes/1', { method: 'GET' })).statusCode, 405)
  t.equal(seen.length, before)

  const answer = await browser.call('/bff/api/notes', {
    headers: {
      authorization: 'Bearer mine',
      'x-forwarded-for': '1.2.3.4',
      connection: 'x',
      accept: 'a/b',
    },
  })
  const { headers = {} } = seen.at(-1) ?? {}
  t.match(headers['authorization'], /^Bearer eyJ/)
  t.equal(headers['accept'], 'a/b')
  for (const name of ['cookie', 'x-forwarded-for', 'x-csrf', 'sec-fetch-site'])
    t.notOk(headers[name], name)
  t.equal(answer.headers['set-cookie'], undefined)
  t.equal(answer.headers['x-internal'], undefined)
  t.equal(answer.headers['retry-after'], '7')
  t.equal(answer.headers['x-content-type-options'], 'nosniff')
  t.match(answer.headers['content-security-policy'], /sandbox/)

  const posted = await browser.call('/bff/api/notes', { method: 'POST', payload: { text: 'é' } })
  t.equal(posted.statusCode, 201)
  t.same(posted.json(), { text: 'é' })
  t.equal((await browser.call('/bff/api/notes/7', { method: 'DELETE' })).statusCode, 204)
  const big = await browser.call('/bff/api/notes', {
    method: 'POST',
    payload: 'x'.repeat(1_100_000),
  })
  t.equal(big.statusCode, 413)
  t.match((await browser.call('/bff/api/away')).json(), { error: 'api_redirect' })
  t.equal((await browser.call('/bff/api/dead')).statusCode, 502)
})

await t.test('an expired access token: one refresh for many calls', async (t) => {
  const { browser, issuer, clock, app } = await setUpBff(t)
  await browser.signIn()
  const token = () => issuer.count('/token')
  t.equal(token(), 1)
  clock.now += 595_000
  const stale = new Map(browser.cookies)
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => browser.call('/bff/api/notes')),
  )
  t.ok(answers.every(({ statusCode }) => statusCode === 200))
  t.equal(token(), 2, 'one refresh')
  t.equal(new Set(answers.map((answer) => answer.json<{ jti: string }>().jti)).size, 1)

  const late = createBrowser(app, stale)
  t.equal((await late.call('/bff/api/notes')).statusCode, 200, 'a call with the old cookie, later')
  t.equal(token(), 2)
  clock.now += 595_000
  t.equal((await browser.call('/bff/api/notes')).statusCode, 200)
  t.equal(token(), 3, 'the next refresh uses the next refresh token')
})

await t.test('refreshing does not work', async (t) => {
  const { browser, issuer, clock } = await setUpBff(t)
  await browser.signIn()
  clock.now += 700_000
  await issuer.stop()
  const away = await browser.call('/bff/api/notes')
  t.equal(away.statusCode, 503)
  t.ok(away.headers['retry-after'])
  t.equal(
    (await browser.send('/bff/session')).json<SessionBody>().signed_in,
    true,
    'an outage signs nobody out',
  )
  await issuer.start()

  for (const [status, body] of [
    [500, '{"error":"server_error"}'],
    [429, '{"error":"slow_down"}'],
    [401, '{"error":"invalid_client"}'],
    [200, '<html>'],
    [502, ''],
  ] as const) {
    clock.now += 2000
    issuer.overrides.set('/token', (_, response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body),
    )
    t.equal((await browser.call('/bff/api/notes')).statusCode, 503, `${status} ${body}`)
    t.ok(browser.cookies.has(SESSION))
  }
  issuer.overrides.set('/token', (_, response) =>
    response
      .writeHead(400, { 'content-type': 'application/json' })
      .end('{"error":"invalid_grant"}'),
  )
  clock.now += 2000
  t.equal((await browser.call('/bff/api/notes')).statusCode, 401)
  t.notOk(browser.cookies.has(SESSION), 'a grant that is over ends the session')
})

await t.test('without a refresh token the session ends with the access token', async (t) => {
  const { browser, issuer, clock } = await setUpBff(t)
  issuer.settings.issueRefreshToken = false
  await browser.signIn()
  clock.now += 595_000
  t.equal((await browser.call('/bff/api/notes')).statusCode, 200, 'up to its end')
  clock.now += 10_000
  t.equal((await browser.call('/bff/api/notes')).statusCode, 401)
})

await t.test('a token that the API refuses is renewed once', async (t) => {
  const { browser, issuer, clock } = await setUpBff(t)
  await browser.signIn()
  t.equal((await browser.call('/bff/api/notes')).statusCode, 200)
  issuer.keys = [await createTestKey()]
  clock.now += 310_000
  await browser.call('/bff/api/notes')
  await new Promise((resolve) => setTimeout(resolve, 50))
  const answer = await browser.call('/bff/api/notes', { method: 'POST', payload: { text: 'kept' } })
  t.equal(answer.statusCode, 201, 'an emergency change of keys is not noticed')
  t.same(answer.json(), { text: 'kept' })
})

await t.test('mode tmb: the access token for scripts, no proxy', async (t) => {
  const { browser, clock, issuer } = await setUpBff(t, { mode: 'tmb' })
  t.equal((await browser.call('/bff/token')).statusCode, 401)
  await browser.signIn()
  t.equal((await browser.send('/bff/token')).statusCode, 403, 'without the header')
  const foreign = { 'x-csrf': '1', 'sec-fetch-site': 'cross-site' }
  t.equal((await browser.send('/bff/token', { headers: foreign })).statusCode, 403)
  const first = await browser.call('/bff/token')
  t.match(first.json(), { token_type: 'Bearer', scope: 'openid notes', access_token: /^eyJ/ })
  t.equal(first.headers['cache-control'], 'no-store')
  t.notMatch(first.body, 'refresh_token')
  clock.now += 595_000
  const answers = await Promise.all(Array.from({ length: 10 }, () => browser.call('/bff/token')))
  t.equal(
    new Set(answers.map((answer) => answer.json<{ access_token: string }>().access_token)).size,
    1,
  )
  t.equal(issuer.count('/token'), 2)
  t.equal((await browser.call('/bff/api/notes')).statusCode, 404)

  const { browser: inBff } = await setUpBff(t)
  await inBff.signIn()
  t.equal((await inBff.call('/bff/token')).statusCode, 404, 'never in mode bff')
})
