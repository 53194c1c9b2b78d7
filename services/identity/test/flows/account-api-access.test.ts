import t from 'tap'
import {
  accountApi,
  accountClients,
  keeper,
  problemOf,
  robot,
  stranger,
  viewer,
  withAccountScope,
} from '../helpers/account-api.ts'
import { Browser } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { altered, bent, decodeJwt, unsigned } from '../helpers/jwt.ts'
import { tokensOf, verdict } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { isRecord, jsonOf, send, sendRaw } from '../helpers/wire.ts'
import { ada, bob, judge, notesApi, spa, world } from '../helpers/world.ts'

t.setTimeout(120_000)

const perMinute = 400
const settings = { access_token_ttl_seconds: 3600, rate_limit_per_minute: perMinute }
const identity = await startIdentity(t, {
  config: withAccountScope(world(settings, [...accountClients])),
})
const api = accountApi(identity)
const audience = `${identity.issuer}/account/api`
const challenge = (answer: { headers: Headers }) => answer.headers.get('www-authenticate') ?? ''
const json = { 'content-type': 'application/json' }

/** Every operation, as the document lists them, with a body that would do. */
const document = jsonOf(await send(`${identity.issuer}/openapi.json`))
interface Route {
  readonly method: string
  readonly path: string
  readonly changes: boolean
}
const routes: Route[] = Object.entries(
  isRecord(document['paths']) ? document['paths'] : {},
).flatMap(([path, item]) =>
  Object.entries(isRecord(item) ? item : {}).map(([method]) => ({
    method: method.toUpperCase(),
    path: path
      .replace('/account/api/v1', '')
      .replace('{id}', '00000000-0000-7000-8000-000000000000')
      .replace('{client_id}', 'nobody'),
    changes: method !== 'get',
  })),
)

async function everywhere(
  t: { equal(found: unknown, wanted: unknown, message: string): boolean },
  token: string,
  expected: (route: Route) => string,
) {
  for (const route of routes) {
    const body = route.method === 'POST' || route.method === 'PATCH' ? {} : undefined
    const answer = await api.call(token, route.method, route.path, body)
    t.equal(problemOf(answer), expected(route), `${route.method} ${route.path}`)
  }
}

void t.test('the API is known to discovery without configuration', async (t) => {
  const scopes = (await api.provider.metadata())['scopes_supported']
  t.ok(Array.isArray(scopes) && ['account', 'account:read'].every((name) => scopes.includes(name)))
  t.ok(routes.length >= 15, `${routes.length} operations`)
})

void t.test('a token of it names it as its audience, with or without resource', async (t) => {
  for (const changes of [{}, { resource: audience }]) {
    const { claims } = decodeJwt(await api.tokenOf(ada, changes))
    t.match(claims, { aud: audience, scope: /\baccount\b/, client_id: 'keeper' })
  }
})

void t.test('a client may ask only for scopes of its own', async (t) => {
  for (const [client, scope] of [
    [judge, 'openid account'],
    [judge, 'openid account:read'],
    [viewer.client, 'openid account'],
  ] as const) {
    const rp = new RelyingParty(api.provider, client)
    const { callback } = await new Browser(identity.issuer).authorize(
      (await rp.request({ scope })).url,
    )
    t.equal(callback?.params.get('error'), 'invalid_scope', `${client.id} ${scope}`)
  }
  const rp = new RelyingParty(api.provider, judge)
  const { url } = await rp.request({ scope: 'openid', resource: audience })
  const { callback } = await new Browser(identity.issuer).authorize(url)
  t.equal(callback?.params.get('error'), 'invalid_target')
})

for (const [language, words] of [
  ['en', /Manage your account: change its details/],
  ['de', /Ihr Konto verwalten: Angaben/],
  ['ar', /إدارة حسابك/],
] as const)
  void t.test(`consent says in ${language} what is asked for`, async (t) => {
    const rp = new RelyingParty(api.provider, stranger.client)
    const { url } = await rp.request({ scope: 'openid account', ui_locales: language })
    const { answer, steps } = await new Browser(identity.issuer).authorize(url, { person: ada })
    t.ok(steps.includes('consent'))
    t.match(answer.body, words)
  })

void t.test('without a token: 401, and the challenge names no error (RFC 6750 §3.1)', async (t) => {
  for (const { method, path } of routes) {
    const answer = await api.raw(path, { method })
    t.equal(problemOf(answer), '401 unauthenticated', `${method} ${path}`)
    t.match(challenge(answer), /^Bearer realm="signet"$/)
    t.match(answer.headers.get('cache-control'), /no-store/)
  }
})

void t.test('a session cookie is no token', async (t) => {
  const browser = new Browser(identity.issuer)
  await api.signedIn(ada, {}, keeper.client, browser)
  const headers = { 'sec-fetch-site': 'same-origin', origin: identity.issuer }
  const answer = await browser.get(`${api.base}/profile`, headers)
  t.equal(problemOf(answer), '401 unauthenticated')
  const form = await browser.post(`${api.base}/deletion`, { confirm: ada.email })
  t.equal(problemOf(form), '401 unauthenticated')
})

void t.test('a token in the query or in a form is not taken', async (t) => {
  const token = await api.tokenOf()
  t.equal(problemOf(await api.raw(`/profile?access_token=${token}`)), '401 unauthenticated')
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await api.raw('/deletion', {
    method: 'POST',
    headers: form,
    body: `access_token=${token}&confirm=${ada.email}`,
  })
  t.equal(problemOf(answer), '401 unauthenticated')
})

for (const value of ['Bearer', 'Bearer a b', 'Basic eDp5', 'DPoP x', 'Bearer \u00e9'])
  void t.test(`malformed Authorization ${JSON.stringify(value)}`, async (t) => {
    const { pathname } = new URL(`${api.base}/profile`)
    const answer = await sendRaw(identity.issuer, pathname, { headers: { authorization: value } })
    t.match(problemOf(answer), /^40[01] (malformed|unauthenticated)$/)
    t.match(challenge(answer), /^Bearer\b/)
  })

void t.test('tokens that are not for this API are refused everywhere (RFC 9068 §4)', async (t) => {
  const rp = new RelyingParty(api.provider, keeper.client)
  const browser = new Browser(identity.issuer)
  const notes = await rp.signIn(browser, { scope: 'openid notes:read', resource: notesApi })
  const plain = await rp.signIn(browser, { scope: 'openid' })
  const { tokens } = await rp.signIn(browser, { scope: 'openid account' })
  for (const [name, token] of [
    ['another API', notes.tokens.accessToken],
    ['no API', plain.tokens.accessToken],
    ['an ID token', tokens.idToken],
    ['a bent signature', bent(tokens.accessToken)],
    ['no signature', unsigned(tokens.accessToken)],
    ['another audience', altered(notes.tokens.accessToken, { aud: audience })],
    ['rubbish', 'rubbish'],
  ] as const) {
    const answer = await api.call(token, 'GET', '/profile')
    t.equal(problemOf(answer), '401 invalid_token', name)
    t.match(challenge(answer), /error="invalid_token"/)
  }
  await everywhere(t, notes.tokens.accessToken, () => '401 invalid_token')
})

void t.test('the narrow scope looks, and changes nothing', async (t) => {
  const { accessToken } = await api.signedIn(ada, { scope: 'openid account:read' }, viewer.client)
  for (const { method, path, changes } of routes) {
    const answer = await api.call(accessToken, method, path, changes ? {} : undefined)
    if (!changes) t.equal(answer.status, 200, path)
    else {
      t.equal(problemOf(answer), '403 insufficient_scope', `${method} ${path}`)
      t.match(challenge(answer), /error="insufficient_scope".*scope="account"/)
    }
  }
})

void t.test(
  'a token that holds both APIs’ scopes counts for the one of its audience',
  async (t) => {
    const rp = new RelyingParty(api.provider, keeper.client)
    const request = await rp.request({
      scope: 'openid account notes:read offline_access',
      resource: undefined,
    })
    request.params.append('resource', audience)
    request.params.append('resource', notesApi)
    const [endpoint] = request.url.split('?')
    const browser = new Browser(identity.issuer)
    const { callback } = await browser.authorize(`${endpoint}?${request.params}`, { person: ada })
    if (callback === undefined) throw new Error('no callback')
    const first = tokensOf(await rp.redeem(request, callback, { resource: notesApi }))
    t.equal(problemOf(await api.call(first.accessToken, 'GET', '/profile')), '401 invalid_token')
    const second = tokensOf(await rp.refresh(first.refreshToken, { resource: audience }))
    t.equal((await api.call(second.accessToken, 'GET', '/profile')).status, 200)
  },
)

void t.test('a client of its own accord is no person', async (t) => {
  const answer = await api.provider.token(
    { grant_type: 'client_credentials', scope: 'account' },
    robot.client.authentication,
  )
  t.equal(verdict(answer), '200')
  await everywhere(t, tokensOf(answer).accessToken, () => '403 person_required')
})

void t.test(
  'an old sign-in looks, and is sent to sign in again for a change (RFC 9470 §3)',
  async (t) => {
    const browser = new Browser(identity.issuer)
    const { accessToken, refreshToken } = await api.signedIn(
      ada,
      { scope: 'openid offline_access account' },
      keeper.client,
      browser,
    )
    identity.clock.advance(601)
    const rp = new RelyingParty(api.provider, keeper.client)
    const refreshed = tokensOf(await rp.refresh(refreshToken))
    for (const token of [accessToken, refreshed.accessToken]) {
      t.equal((await api.call(token, 'GET', '/profile')).status, 200)
      const answer = await api.call(token, 'PATCH', '/profile', { nickname: 'stale' })
      t.equal(problemOf(answer), '401 insufficient_user_authentication')
      t.match(
        challenge(answer),
        /^Bearer .*error="insufficient_user_authentication".*max_age="600"/,
      )
    }
    for (const { method, path, changes } of routes.filter(
      (route) => route.changes || route.path === '/data',
    ))
      t.equal(
        problemOf(await api.call(accessToken, method, path, changes ? {} : undefined)),
        '401 insufficient_user_authentication',
        `${method} ${path}`,
      )
    const max_age = /max_age="(\d+)"/.exec(
      challenge(await api.call(accessToken, 'DELETE', '/sessions')),
    )?.[1]
    const again = await rp.signIn(browser, { scope: 'openid account', max_age })
    t.ok(again.landing.steps.includes('login'), 'the person was asked')
    const answer = await api.call(again.tokens.accessToken, 'PATCH', '/profile', {
      nickname: 'fresh',
    })
    t.equal(answer.status, 200)
  },
)

void t.test('an expired token, a revoked one, and one of an ended session', async (t) => {
  const browser = new Browser(identity.issuer)
  const ended = await api.signedIn(bob, {}, keeper.client, browser)
  const end = String((await api.provider.metadata())['end_session_endpoint'])
  await browser.open(`${end}?id_token_hint=${ended.idToken}`)
  await everywhere(t, ended.accessToken, () => '401 invalid_token')

  const revoked = await api.tokenOf(bob)
  await api.provider.revoke(revoked, keeper.client.authentication)
  t.equal(problemOf(await api.call(revoked, 'GET', '/profile')), '401 invalid_token')

  const expired = await api.tokenOf(bob)
  identity.clock.advance(3601)
  t.equal(problemOf(await api.call(expired, 'GET', '/profile')), '401 invalid_token')
})

void t.test('an address with another method says which it takes (RFC 9110 §15.5.6)', async (t) => {
  const token = await api.tokenOf()
  for (const [method, path, allow] of [
    ['POST', '/profile', 'GET, HEAD, PATCH'],
    ['PUT', '/profile', 'GET, HEAD, PATCH'],
    ['GET', '/password', 'POST'],
    ['DELETE', '/email', 'GET, HEAD'],
    ['GET', '/sessions/x', 'DELETE'],
    ['PATCH', '/apps', 'GET, HEAD'],
  ] as const) {
    const answer = await api.call(token, method, path)
    t.equal(problemOf(answer), '405 method_not_allowed', `${method} ${path}`)
    t.equal(answer.headers.get('allow'), allow)
  }
})

void t.test('unknown addresses are problems, too', async (t) => {
  for (const path of ['', '/', '/nothing', '/profile/', '/profile/x', '/sessions/a/b', '//profile'])
    t.equal(problemOf(await api.raw(path)), '404 not_found', path)
})

void t.test('only JSON is read', async (t) => {
  const authorization = `Bearer ${await api.tokenOf()}`
  const text = JSON.stringify({ nickname: 'x' })
  for (const [type, body, expected] of [
    ['application/x-www-form-urlencoded', 'nickname=x', '415 unsupported_media_type'],
    ['text/plain', text, '415 unsupported_media_type'],
    ['multipart/form-data; boundary=x', text, '415 unsupported_media_type'],
    ['application/merge-patch+json', text, '415 unsupported_media_type'],
    ['application/json', `{"nickname":"${'x'.repeat(70_000)}"}`, '413 too_large'],
    ['application/json', 'nickname=x', '400 malformed'],
  ] as const) {
    const sending = { method: 'PATCH', headers: { authorization, 'content-type': type }, body }
    t.equal(problemOf(await api.raw('/profile', sending)), expected, type)
  }
  const sending = {
    method: 'PATCH',
    headers: { authorization, ...json, origin: 'null' },
    body: text,
  }
  t.equal((await api.raw('/profile', sending)).status, 200)
})

void t.test('without a token no body is read', async (t) => {
  const started = performance.now()
  const answer = await sendRaw(identity.issuer, new URL(`${api.base}/profile`).pathname, {
    method: 'PATCH',
    headers: { ...json, 'content-length': '1000000' },
    body: '{',
  })
  t.equal(problemOf(answer), '401 unauthenticated')
  t.ok(performance.now() - started < 5000, 'it was not waited for')
})

void t.test('pages of registered origins may read the answers, others not', async (t) => {
  const own = 'https://spa.example.test'
  const { accessToken } = await api.signedIn(ada, {}, spa)
  const read = async (origin: string, path = '/profile', method = 'GET') => {
    const sending = { method, headers: { origin, authorization: `Bearer ${accessToken}` } }
    return api.raw(path, sending)
  }
  const answer = await read(own)
  t.equal(answer.headers.get('access-control-allow-origin'), own)
  t.notOk(answer.headers.has('access-control-allow-credentials'))
  for (const origin of ['https://evil.example.test', 'null', 'https://keeper.example.test'])
    t.notOk((await read(origin)).headers.has('access-control-allow-origin'), origin)
  identity.clock.advance(601)
  const stale = await read(own, '/sessions', 'DELETE')
  t.equal(stale.headers.get('access-control-allow-origin'), own, 'a page can see the challenge')
  t.match(stale.headers.get('access-control-expose-headers'), /www-authenticate, retry-after/)

  const preflight = await api.raw('/profile', {
    method: 'OPTIONS',
    headers: { origin: own, 'access-control-request-method': 'PATCH' },
  })
  t.equal(preflight.status, 204)
  t.match(preflight.headers.get('access-control-allow-methods'), /PATCH/)
  t.match(preflight.headers.get('access-control-allow-headers'), /authorization/)
})

void t.test('each problem has an id that leads to its explanation', async (t) => {
  const { instance, type } = jsonOf(await api.raw('/profile'))
  t.match(instance, new RegExp(`^${identity.issuer}/error\\?id=[\\w-]{12}$`))
  const page = await send(String(type))
  t.equal(page.status, 200)
  t.match(page.body, 'id="unauthenticated"')
})

void t.test('one person’s calls are counted by person, not by address', async (t) => {
  const token = await api.tokenOf(bob)
  const calls = Array.from({ length: perMinute + 20 }, () => api.call(token, 'GET', '/email'))
  const answers = await Promise.all(calls)
  const refused = answers.filter(({ status }) => status === 429)
  t.ok(refused.length >= 20, `${refused.length} were refused`)
  t.equal(answers.length - refused.length, perMinute, 'the others were not')
  for (const answer of refused.slice(0, 3)) {
    t.equal(problemOf(answer), '429 too_many_requests')
    t.match(answer.headers.get('retry-after'), /^[1-9]\d*$/)
  }
  const twin = await api.tokenOf(bob)
  t.equal((await api.call(twin, 'GET', '/email')).status, 429, 'another token is the same person')
  t.equal((await api.call(await api.tokenOf(ada), 'GET', '/email')).status, 200, 'and nobody else')
})
