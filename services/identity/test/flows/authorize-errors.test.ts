import t, { type Test } from 'tap'
import { Browser, type Callback, mustReturn } from '../helpers/browser.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { pack } from '../helpers/jwt.ts'
import { Provider } from '../helpers/provider.ts'
import { type Changes, RelyingParty } from '../helpers/relying-party.ts'
import { type Answer, send } from '../helpers/wire.ts'
import { judge, narrow, spa, world } from '../helpers/world.ts'

const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, judge)

const endpoint = async () => String((await provider.metadata())['authorization_endpoint'])

/** Asks by GET and by POST: OIDC Core 1.0 §3.1.2.1 demands both, with one behaviour. */
async function both(t: Test, pairs: URLSearchParams, check: (t: Test, answer: Answer) => void) {
  const url = await endpoint()
  void t.test('by GET', async (t) => check(t, await send(`${url}?${pairs}`)))
  void t.test('by POST', async (t) => {
    // A cross-site POST brings no Lax cookies: the service may answer by way of a GET of its own.
    const browser = new Browser(identity.issuer)
    const from = { origin: 'https://judge.example.test', 'sec-fetch-site': 'cross-site' }
    check(t, await browser.follow(await browser.post(url, pairs, from)))
  })
}

/** The fault is the person's to see: nobody is sent anywhere (RFC 6749 §4.1.2.1). */
function onPage(t: Test, answer: Answer): void {
  t.equal(answer.status, 400)
  t.equal(answer.headers.get('location'), null, 'no redirect')
  t.match(answer.headers.get('content-type'), /^text\/html/)
  t.match(answer.headers.get('cache-control'), /no-store/)
  t.ok(textOf(answer.body).length > 20, 'says something')
  t.notMatch(answer.body, /\bat .*\.[jt]s:\d+/, 'no stack')
}

/** The fault is the client's to see, at its redirect URI. */
function atClient(t: Test, answer: Answer, error: string | RegExp, state: string | null): void {
  t.equal(answer.status, 303, 'RFC 9700 §4.12')
  t.match(answer.headers.get('cache-control'), /no-store/)
  const callback = callbackIn(answer)
  t.equal(callback.uri, judge.redirectUri)
  t.match(callback.params.get('error'), error)
  t.equal(callback.params.get('state'), state, 'the state')
  t.equal(callback.params.get('iss'), identity.issuer, 'iss (RFC 9207 §2)')
  t.notOk(callback.params.has('code'), 'no code')
  const description = callback.params.get('error_description') ?? ''
  t.match(description, /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/, 'characters of RFC 6749 §4.1.2.1')
}

function callbackIn(answer: Answer): Callback {
  const url = new URL(answer.headers.get('location') ?? 'about:blank', answer.url)
  const params = new URLSearchParams(url.hash === '' ? url.search : url.hash.slice(1))
  return { uri: url.origin + url.pathname, params, mode: 'query' }
}

const pageFaults: readonly (readonly [string, Changes])[] = [
  ['client_id missing', { client_id: undefined }],
  ['client_id empty', { client_id: '' }],
  ['client_id unknown', { client_id: 'nobody' }],
  ['client_id in other case', { client_id: 'Judge' }],
  ['client_id with a space after it', { client_id: 'judge ' }],
  ['client_id with NUL (ASVS 1.3.2)', { client_id: 'judge\0' }],
  ['client_id of 5000 characters', { client_id: 'j'.repeat(5000) }],
  ['client_id like SQL', { client_id: "judge' OR '1'='1" }],
  ['client_id __proto__', { client_id: '__proto__' }],
  ['client_id constructor', { client_id: 'constructor' }],
  ['client without redirect URIs', { client_id: 'machine' }],
  ['redirect_uri missing (OIDC Core 1.0 §3.1.2.1)', { redirect_uri: undefined }],
  ['redirect_uri empty', { redirect_uri: '' }],
  ['redirect_uri not registered', { redirect_uri: 'https://evil.example.test/cb' }],
  ['redirect_uri of another client', { redirect_uri: spa.redirectUri }],
  ['redirect_uri javascript:', { redirect_uri: 'javascript:alert(1)' }],
  ['redirect_uri data:', { redirect_uri: 'data:text/html,x' }],
  ['redirect_uri relative', { redirect_uri: '/cb' }],
  ['redirect_uri no URI at all', { redirect_uri: 'not a uri' }],
  ['redirect_uri at the issuer itself', { redirect_uri: `${identity.issuer}/login` }],
  ['everything else wrong too', { redirect_uri: 'https://x.test', scope: undefined, prompt: 'x' }],
]

for (const [name, changes] of pageFaults)
  void t.test(`on a page: ${name}`, async (t) => {
    await both(t, (await rp.request(changes)).params, onPage)
  })

for (const name of ['client_id', 'redirect_uri'])
  void t.test(`on a page: ${name} repeated (RFC 6749 §3.1)`, async (t) => {
    const { params } = await rp.request()
    params.append(name, params.get(name) ?? '')
    await both(t, params, onPage)
  })

void t.test('on a page: client_id repeated with another client’s', async (t) => {
  const { params } = await rp.request()
  params.append('client_id', spa.id)
  await both(t, params, onPage)
})

void t.test('on a page: markup in a parameter stays text', async (t) => {
  const { params } = await rp.request({ client_id: '"><script>alert(1)</script>' })
  await both(t, params, (t, answer) => {
    onPage(t, answer)
    t.notMatch(answer.body, '<script>alert(1)')
  })
})

const object = `${pack({ alg: 'none' })}.${pack({ client_id: judge.id })}.`
const invalid = /^invalid_request$/

const clientFaults: readonly (readonly [string, Changes, string | RegExp])[] = [
  ['response_type missing (RFC 6749 §3.1.1)', { response_type: undefined }, invalid],
  ['response_type empty', { response_type: '' }, invalid],
  ...['token', 'id_token', 'id_token token', 'none', 'CODE', 'code code', 'code2', '__proto__'].map(
    (response_type) =>
      [`response_type ${response_type}`, { response_type }, 'unsupported_response_type'] as const,
  ),
  ...['code id_token', 'code token', 'code id_token token'].map(
    (response_type) =>
      [`response_type ${response_type}`, { response_type }, 'unsupported_response_type'] as const,
  ),
  ['response_mode unknown', { response_mode: 'smoke' }, invalid],
  ['response_mode fragment, with code', { response_mode: 'fragment' }, invalid],
  ['response_mode web_message', { response_mode: 'web_message' }, invalid],
  ['response_mode in other case', { response_mode: 'FORM_POST' }, invalid],
  ['request (OIDC Core 1.0 §6.1)', { request: object }, 'request_not_supported'],
  ['request of rubbish', { request: 'rubbish' }, 'request_not_supported'],
  [
    'request_uri (OIDC Core 1.0 §6.2)',
    { request_uri: 'https://rp.example.test/request.jwt' },
    'request_uri_not_supported',
  ],
  [
    'request_uri of PAR never pushed',
    { request_uri: 'urn:ietf:params:oauth:request_uri:x' },
    /^(request_uri_not_supported|invalid_request_uri)$/,
  ],
  [
    'registration (OIDC Core 1.0 §7.2.1)',
    { registration: '{"client_name":"x"}' },
    'registration_not_supported',
  ],
  ['code_challenge missing (RFC 7636 §4.4.1)', { code_challenge: undefined }, invalid],
  ['code_challenge empty', { code_challenge: '' }, invalid],
  ['code_challenge of 42 characters', { code_challenge: 'a'.repeat(42) }, invalid],
  ['code_challenge of 44 characters', { code_challenge: 'a'.repeat(44) }, invalid],
  ['code_challenge of 129 characters', { code_challenge: 'a'.repeat(129) }, invalid],
  ['code_challenge in base64 with +/', { code_challenge: `${'a'.repeat(41)}+/` }, invalid],
  ['code_challenge padded', { code_challenge: `${'a'.repeat(42)}=` }, invalid],
  ['code_challenge_method missing means plain', { code_challenge_method: undefined }, invalid],
  ['code_challenge_method plain', { code_challenge_method: 'plain' }, invalid],
  ['code_challenge_method s256', { code_challenge_method: 's256' }, invalid],
  ['code_challenge_method S512', { code_challenge_method: 'S512' }, invalid],
  ['prompt unknown', { prompt: 'dance' }, invalid],
  ['prompt in other case', { prompt: 'NONE' }, invalid],
  ['prompt none and login (OIDC Core 1.0 §3.1.2.1)', { prompt: 'none login' }, invalid],
  ['prompt none and consent', { prompt: 'consent none' }, invalid],
  ['prompt none and select_account', { prompt: 'none select_account' }, invalid],
  ['max_age no number', { max_age: 'soon' }, invalid],
  ['max_age negative', { max_age: '-1' }, invalid],
  ['max_age fractional', { max_age: '1.5' }, invalid],
  ['max_age exponential', { max_age: '1e3' }, invalid],
  ['max_age hexadecimal', { max_age: '0x10' }, invalid],
  ['max_age with a space', { max_age: '1 0' }, invalid],
  ['claims no JSON (OIDC Core 1.0 §5.5)', { claims: '{' }, invalid],
  ['claims a list', { claims: '[]' }, invalid],
  ['claims a string', { claims: '"name"' }, invalid],
  ['claims null', { claims: 'null' }, invalid],
  ['claims with a list for userinfo', { claims: '{"userinfo":[]}' }, invalid],
  ['claims with a string for a member', { claims: '{"id_token":{"name":"x"}}' }, invalid],
  [
    'resource unknown (RFC 8707 §2)',
    { resource: 'https://nowhere.example.test' },
    'invalid_target',
  ],
  ['resource relative', { resource: '/notes' }, 'invalid_target'],
  ['resource with a fragment', { resource: 'https://notes.example.test#x' }, 'invalid_target'],
  ['resource in other case', { resource: 'https://NOTES.example.test' }, 'invalid_target'],
  ['resource with a slash more', { resource: 'https://notes.example.test/' }, 'invalid_target'],
  ['scope the client may not have', { scope: 'openid photos:admin' }, 'invalid_scope'],
  [
    'scope with a quotation mark (RFC 6749 §3.3)',
    { scope: 'openid "x"' },
    /^invalid_(scope|request)$/,
  ],
  ['scope with a backslash', { scope: 'openid a\\b' }, /^invalid_(scope|request)$/],
  ['scope with a control character', { scope: 'openid a\tb' }, /^invalid_(scope|request)$/],
  ['prompt=none and nobody there', { prompt: 'none' }, 'login_required'],
  ['id_token_hint rubbish with prompt=none', { prompt: 'none', id_token_hint: 'x.y.z' }, /./],
]

for (const [name, changes, error] of clientFaults)
  void t.test(`at the client: ${name}`, async (t) => {
    const request = await rp.request(changes)
    await both(t, request.params, (t, answer) => atClient(t, answer, error, request.state))
  })

for (const name of [
  'response_type',
  'scope',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'prompt',
  'max_age',
  'display',
  'login_hint',
  'id_token_hint',
  'ui_locales',
  'acr_values',
  'claims',
  'response_mode',
])
  void t.test(`at the client: ${name} repeated (RFC 6749 §3.1)`, async (t) => {
    const request = await rp.request({ response_mode: 'query' })
    if (!request.params.has(name)) request.params.append(name, '1')
    request.params.append(name, request.params.get(name) ?? '')
    await both(t, request.params, (t, answer) => atClient(t, answer, invalid, request.state))
  })

void t.test('at the client: state repeated, none is believed (RFC 6749 §3.1)', async (t) => {
  const { params } = await rp.request()
  params.append('state', 'second')
  await both(t, params, (t, answer) => {
    const callback = callbackIn(answer)
    t.equal(callback.params.get('error'), 'invalid_request')
    t.not(callback.params.get('state'), 'second')
    t.ok(callback.params.getAll('state').length <= 1)
  })
})

void t.test('at the client: no state came, none goes back', async (t) => {
  const { params } = await rp.request({ state: undefined, prompt: 'none' })
  await both(t, params, (t, answer) => atClient(t, answer, 'login_required', null))
})

void t.test('at the client: an empty state counts as none (RFC 6749 §3.1)', async (t) => {
  const { params } = await rp.request({ state: '', prompt: 'none' })
  await both(t, params, (t, answer) => atClient(t, answer, 'login_required', null))
})

void t.test('at the client: a grant the client does not have', async (t) => {
  const request = await new RelyingParty(provider, narrow).request({ scope: 'openid email' })
  const { callback } = await new Browser(identity.issuer).authorize(request.url)
  t.equal(callback?.params.get('error'), 'invalid_scope')
})

for (const state of [
  'a b+c%20d&e=f#g',
  '"><script>alert(1)</script>',
  'ünïcödé ☃ 漢字',
  '\r\nSet-Cookie: x=y',
  'x'.repeat(2000),
])
  void t.test(
    `state comes back byte for byte: ${JSON.stringify(state.slice(0, 30))}`,
    async (t) => {
      const { params } = await rp.request({ state, prompt: 'none' })
      await both(t, params, (t, answer) => {
        atClient(t, answer, 'login_required', state)
        t.equal(answer.headers.get('set-cookie')?.includes('x=y') ?? false, false)
      })
    },
  )

void t.test('errors by form_post are a form to the redirect URI, escaped', async (t) => {
  const state = '"><script>alert(1)</script>'
  const { url } = await rp.request({ state, prompt: 'none', response_mode: 'form_post' })
  const landing = await new Browser(identity.issuer).authorize(url)
  const { mode, uri, params } = mustReturn(landing)
  t.equal(mode, 'form_post')
  t.equal(uri, judge.redirectUri)
  t.same(
    [params.get('error'), params.get('state'), params.get('iss')],
    ['login_required', state, identity.issuer],
  )
  t.match(landing.answer.headers.get('cache-control'), /no-store/)
  t.notMatch(landing.answer.body, '<script>alert(1)')
})

void t.test('the authorization endpoint has no CORS (RFC 9700 §2.6)', async (t) => {
  const { url } = await rp.request({ prompt: 'none' })
  for (const method of ['GET', 'OPTIONS']) {
    const headers = { origin: 'https://judge.example.test', 'access-control-request-method': 'GET' }
    const answer = await send(url, { method, headers })
    t.equal(answer.headers.get('access-control-allow-origin'), null, method)
  }
})

for (const method of ['PUT', 'DELETE', 'PATCH'])
  void t.test(`${method} is no method of the authorization endpoint`, async (t) => {
    const { url } = await rp.request()
    const { status } = await send(url, { method })
    t.ok(status === 405 || status === 404, `${status}`)
  })

void t.test('a JSON body is no authorization request', async (t) => {
  const { params } = await rp.request()
  const answer = await send(await endpoint(), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(Object.fromEntries(params)),
  })
  t.match(String(answer.status), /^4(00|15)$/)
  t.equal(answer.headers.get('location'), null)
})
