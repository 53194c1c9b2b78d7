import t from 'tap'
import { Browser } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { bent, decodeJwt } from '../helpers/jwt.ts'
import { basic, formOf, type Params, Provider, publicId, verdict } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { jsonOf, send } from '../helpers/wire.ts'
import { judge, machine, narrow, secrets, spa, world } from '../helpers/world.ts'

const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, judge)
const code = () => rp.code(new Browser(identity.issuer), { scope: 'openid offline_access' })

const cases: readonly (readonly [string, Params, RegExp])[] = [
  ['grant_type missing (RFC 6749 §5.2)', {}, /^400 invalid_request$/],
  ['grant_type empty', { grant_type: '' }, /^400 (invalid_request|unsupported_grant_type)$/],
  ...['password', 'implicit', 'AUTHORIZATION_CODE', 'urn:x', '__proto__', 'constructor', 'toString']
    .map((grant_type) => ({ grant_type, username: 'ada@example.test', password: 'x' }))
    .map(
      (params) =>
        [`grant_type ${params.grant_type}`, params, /^400 unsupported_grant_type$/] as const,
    ),
  [
    'grant_type repeated (RFC 6749 §3.2)',
    [
      ['grant_type', 'client_credentials'],
      ['grant_type', 'client_credentials'],
    ],
    /^400 invalid_request$/,
  ],
  [
    'scope repeated',
    [
      ['grant_type', 'client_credentials'],
      ['scope', 'notes:read'],
      ['scope', 'notes:write'],
    ],
    /^400 invalid_request$/,
  ],
  ['code missing', { grant_type: 'authorization_code' }, /^400 invalid_request$/],
  ['code empty', { grant_type: 'authorization_code', code: '' }, /^400 invalid_(request|grant)$/],
  ...['x', '.', '..', 'null', 'a.b.c', '\0', '漢字', 'x'.repeat(10_000), '{"a":1}', '-1'].map(
    (rubbish) =>
      [
        `code ${JSON.stringify(rubbish.slice(0, 12))}`,
        {
          grant_type: 'authorization_code',
          code: rubbish,
          redirect_uri: judge.redirectUri,
          code_verifier: 'v'.repeat(43),
        },
        rubbish === '\0' ? /^400 invalid_(grant|request)$/ : /^400 invalid_grant$/,
      ] as const,
  ),
  ['refresh_token missing', { grant_type: 'refresh_token' }, /^400 invalid_request$/],
  [
    'refresh_token empty',
    { grant_type: 'refresh_token', refresh_token: '' },
    /^400 invalid_(request|grant)$/,
  ],
  ...['x', '.', '..', '...', 'a.1.b', 'null', '\0', 'x'.repeat(10_000), '-1.-1.-1', '%00'].map(
    (refresh_token) =>
      [
        `refresh_token ${JSON.stringify(refresh_token.slice(0, 12))}`,
        { grant_type: 'refresh_token', refresh_token },
        refresh_token === '\0' ? /^400 invalid_(grant|request)$/ : /^400 invalid_grant$/,
      ] as const,
  ),
]

for (const [name, params, expected] of cases)
  void t.test(name, async (t) => {
    const answer = await provider.token(params, judge.authentication)
    t.match(verdict(answer), expected)
    t.match(answer.headers.get('content-type'), /^application\/json/)
    t.match(answer.headers.get('cache-control'), /no-store/)
    t.notMatch(answer.body, /\bat .*\.[jt]s:\d+/, 'no stack')
  })

const repeatable = ['code', 'redirect_uri', 'code_verifier', 'client_id'] as const
for (const name of repeatable)
  void t.test(`${name} repeated (RFC 6749 §3.2)`, async (t) => {
    const { request, callback } = await code()
    const form = formOf({
      grant_type: 'authorization_code',
      code: callback.params.get('code') ?? '',
      redirect_uri: request.redirectUri,
      code_verifier: request.verifier,
      client_id: judge.id,
    })
    form.append(name, form.get(name) ?? '')
    const answer = await provider.token([...form], judge.authentication)
    t.match(verdict(answer), /^40[01] invalid_(request|client)$/)
    t.equal(verdict(await rp.redeem(request, callback)), '200', 'the code is not used up')
  })

void t.test('redirect_uri left out though it was in the request (RFC 6749 §4.1.3)', async (t) => {
  const { request, callback } = await code()
  const answer = await rp.redeem(request, callback, { redirect_uri: undefined })
  t.match(verdict(answer), /^400 invalid_(grant|request)$/)
})

for (const [name, change] of [
  ['with a slash more', (uri: string) => `${uri}/`],
  ['in other case', (uri: string) => uri.toUpperCase()],
  ['empty', () => ''],
  ['of another client', () => spa.redirectUri],
] as const)
  void t.test(`redirect_uri ${name} (RFC 6749 §4.1.3)`, async (t) => {
    const { request, callback } = await code()
    const wrong = { redirect_uri: change(request.redirectUri) }
    t.match(verdict(await rp.redeem(request, callback, wrong)), /^400 invalid_(grant|request)$/)
    t.equal(verdict(await rp.redeem(request, callback)), '200', 'the code is not used up')
  })

void t.test('a tampered code', async (t) => {
  const { request, callback } = await code()
  const real = callback.params.get('code') ?? ''
  for (const wrong of [bent(real), real.slice(1), `${real}A`, real.slice(0, -4), ` ${real}`])
    t.equal(verdict(await rp.redeem(request, callback, { code: wrong })), '400 invalid_grant')
  t.equal(verdict(await rp.redeem(request, callback)), '200')
})

void t.test('one kind of secret never passes for another (CVE-2026-4282)', async (t) => {
  const browser = new Browser(identity.issuer)
  const { tokens, request, callback } = await rp.signIn(browser, {
    scope: 'openid offline_access',
  })
  const { url } = await rp.request({ prompt: 'login' })
  const page = await browser.open(url)
  const tx = new URL(page.url).searchParams.get('tx') ?? 'none'
  for (const code of [tokens.accessToken, tokens.idToken, tokens.refreshToken, tx])
    t.equal(verdict(await rp.redeem(request, callback, { code })), '400 invalid_grant')
  const fresh = await rp.code(browser)
  const others = [tokens.accessToken, tokens.idToken, tx, fresh.callback.params.get('code') ?? '']
  for (const other of others) t.equal(verdict(await rp.refresh(other)), '400 invalid_grant')
  for (const other of [tokens.refreshToken, tokens.idToken, tx])
    t.equal((await provider.userinfo(other)).status, 401)
  const pretended = await browser.get(`/login?tx=${fresh.callback.params.get('code')}`)
  t.ok(pretended.status >= 400 && pretended.status < 500, 'a code is no tx')
})

void t.test('a grant type the client is not registered for (RFC 6749 §5.2)', async (t) => {
  const code = { grant_type: 'authorization_code', code: 'x', redirect_uri: 'https://x.test' }
  t.equal(verdict(await provider.token(code, machine.authentication)), '400 unauthorized_client')
  const refresh = { grant_type: 'refresh_token', refresh_token: 'x' }
  t.equal(verdict(await provider.token(refresh, narrow.authentication)), '400 unauthorized_client')
  const own = { grant_type: 'client_credentials' }
  t.equal(verdict(await provider.token(own, narrow.authentication)), '400 unauthorized_client')
})

void t.test('public clients never get client_credentials (RFC 6749 §4.4)', async (t) => {
  const answer = await provider.token({ grant_type: 'client_credentials' }, publicId(spa.id))
  t.match(verdict(answer), /^40[01] (unauthorized_client|invalid_client)$/)
})

const bodies: readonly (readonly [string, string, string])[] = [
  ['JSON', 'application/json', '{"grant_type":"client_credentials"}'],
  ['broken JSON', 'application/json', '{"grant_type":'],
  ['text', 'text/plain', 'grant_type=client_credentials'],
  ['multipart', 'multipart/form-data; boundary=x', '--x--'],
  ['XML', 'application/xml', '<grant_type>client_credentials</grant_type>'],
  ['a nonsense type', 'nonsense', 'grant_type=client_credentials'],
]
for (const [name, type, body] of bodies)
  void t.test(`a body of ${name} (RFC 6749 §3.2, Appendix B)`, async (t) => {
    const headers: Record<string, string> = { 'content-type': type }
    judge.authentication(headers, new URLSearchParams())
    const url = await provider.endpoint('token_endpoint')
    const answer = await send(url, { method: 'POST', headers, body })
    t.match(String(answer.status), /^4(00|15)$/)
    t.notMatch(answer.body, 'access_token')
    t.match(answer.headers.get('cache-control'), /no-store/)
  })

void t.test('a form type with a charset is a form', async (t) => {
  const answer = await provider.call(
    'token_endpoint',
    { grant_type: 'client_credentials', scope: 'notes:read' },
    machine.authentication,
    { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
  )
  t.equal(verdict(answer), '200')
})

void t.test('GET, PUT and DELETE give no tokens (RFC 6749 §3.2)', async (t) => {
  const url = await provider.endpoint('token_endpoint')
  const headers: Record<string, string> = {}
  machine.authentication(headers, new URLSearchParams())
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH']) {
    const answer = await send(`${url}?grant_type=client_credentials`, { method, headers })
    t.ok(answer.status === 405 || answer.status === 404, `${method} ${answer.status}`)
    t.notMatch(answer.body, 'access_token')
  }
})

void t.test('parameters in the query do not count (RFC 6749 §2.3.1)', async (t) => {
  const url = await provider.endpoint('token_endpoint')
  const query = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: 'machine',
    client_secret: secrets.secretOf('machine'),
  })
  const answer = await send(`${url}?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: '',
  })
  t.match(String(answer.status), /^40[01]$/)
  t.notMatch(answer.body, 'access_token')
})

void t.test(
  'an error answer has error and words of its own alphabet (RFC 6749 §5.2)',
  async (t) => {
    const evil = '"><script>\\é\n'
    const answer = await provider.token({ grant_type: evil }, judge.authentication)
    const { error, error_description: words } = jsonOf(answer)
    t.equal(error, 'unsupported_grant_type')
    if (words !== undefined) t.match(words, /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/)
  },
)

void t.test('the client of a token is the one that authenticated, whatever it says', async (t) => {
  const asOther = basic('machine', secrets.secretOf('machine'))
  const answer = await provider.token(
    { grant_type: 'client_credentials', client_id: judge.id, scope: 'notes:read' },
    asOther,
  )
  if (answer.status === 200)
    t.equal(decodeJwt(String(jsonOf(answer)['access_token'])).claims['client_id'], 'machine')
  else t.match(verdict(answer), /^40[01] invalid_(request|client)$/)
})
