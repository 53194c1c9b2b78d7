import t from 'tap'
import { Browser } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { altered, bent, decodeJwt, unsigned } from '../helpers/jwt.ts'
import { Provider, tokensOf, verdict } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { send } from '../helpers/wire.ts'
import { inspector, judge, machine, notesApi, rival, world } from '../helpers/world.ts'

const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, judge)
const scope = 'openid offline_access notes:read'
const inactive = { active: false }
const by = inspector.authentication
const signIn = (browser = new Browser(identity.issuer)) => rp.signIn(browser, { scope })

void t.test('an access token, in full (RFC 7662 §2.2)', async (t) => {
  const { tokens } = await signIn()
  const answer = await provider.call('introspection_endpoint', { token: tokens.accessToken }, by)
  t.equal(answer.status, 200)
  t.match(answer.headers.get('content-type'), /^application\/json/)
  t.match(answer.headers.get('cache-control'), /no-store/)
  const seen = await provider.introspect(tokens.accessToken, by)
  const { claims } = decodeJwt(tokens.accessToken)
  t.equal(seen['active'], true)
  for (const name of ['iss', 'sub', 'aud', 'client_id', 'exp', 'iat', 'scope', 'jti'])
    t.same(seen[name], claims[name], name)
  t.equal(seen['aud'], notesApi)
  t.match(seen['token_type'], /^(Bearer|access_token)$/)
})

void t.test('hints of any kind do not hide a token (RFC 7662 §2.1)', async (t) => {
  const { tokens } = await signIn()
  for (const token_type_hint of ['access_token', 'refresh_token', 'nonsense', '']) {
    const params = { token: tokens.accessToken, token_type_hint }
    const answer = await provider.call('introspection_endpoint', params, by)
    t.match(answer.body, /"active":true/, token_type_hint)
  }
})

const rubbish: readonly (readonly [string, (token: string) => string])[] = [
  ['rubbish', () => 'rubbish'],
  ['dots', () => '...'],
  ['NUL', () => '\0'],
  ['100 kB', () => 'x'.repeat(100_000)],
  ['a bent signature', bent],
  ['alg none', (token) => unsigned(token)],
  ['another subject', (token) => altered(token, { sub: 'x' })],
  ['a later end', (token) => altered(token, { exp: 4_000_000_000 })],
  ['a space after', (token) => `${token} x`],
  ['a JSON object', () => '{"active":true}'],
]
for (const [name, forge] of rubbish)
  void t.test(`inactive, and nothing but inactive: ${name} (RFC 7662 §2.2)`, async (t) => {
    const { tokens } = await signIn()
    const token = forge(tokens.accessToken)
    const answer = await provider.call('introspection_endpoint', { token }, by)
    if ((name === '100 kB' || name === 'NUL') && answer.status !== 200)
      t.match(String(answer.status), /^4(00|13)$/)
    else t.same(JSON.parse(answer.body), inactive)
  })

void t.test('an ID token is not active as a token', async (t) => {
  t.same(await provider.introspect((await signIn()).tokens.idToken, by), inactive)
})

void t.test('an authorization code is not a token', async (t) => {
  const { callback } = await rp.code(new Browser(identity.issuer))
  t.same(await provider.introspect(callback.params.get('code') ?? '', by), inactive)
})

void t.test('a refresh token: active without leaking, or not shown at all', async (t) => {
  const { tokens } = await signIn()
  const seen = await provider.introspect(tokens.refreshToken, by)
  if (seen['active'] === true) t.equal(seen['client_id'], judge.id)
  else t.same(seen, inactive)
  const next = await rp.refresh(tokens.refreshToken)
  t.equal(verdict(next), '200', 'being looked at uses nothing up')
  identity.clock.advance(11)
  t.same(await provider.introspect(tokens.refreshToken, by), inactive, 'a used one is inactive')
  const after = await rp.refresh(tokensOf(next).refreshToken)
  t.equal(verdict(after), '200', 'and asking about a used one is no theft')
})

void t.test('expired is inactive', async (t) => {
  const { tokens } = await signIn()
  identity.clock.advance(601)
  t.same(await provider.introspect(tokens.accessToken, by), inactive)
})

void t.test('revoked is inactive: by token, by grant, by sign-out, by replay', async (t) => {
  const byToken = (await signIn()).tokens
  await provider.revoke(byToken.accessToken, judge.authentication)
  t.same(await provider.introspect(byToken.accessToken, by), inactive)

  const byGrant = (await signIn()).tokens
  await provider.revoke(byGrant.refreshToken, judge.authentication)
  t.same(await provider.introspect(byGrant.accessToken, by), inactive)
  t.same(await provider.introspect(byGrant.refreshToken, by), inactive)

  const browser = new Browser(identity.issuer)
  const bySignOut = (await signIn(browser)).tokens
  const url = String((await provider.metadata())['end_session_endpoint'])
  await browser.open(`${url}?id_token_hint=${bySignOut.idToken}`)
  t.same(await provider.introspect(bySignOut.accessToken, by), inactive)

  const byReplay = await signIn()
  await rp.redeem(byReplay.request, byReplay.callback)
  t.same(await provider.introspect(byReplay.tokens.accessToken, by), inactive)
})

for (const client of [judge, rival, machine])
  void t.test(`${client.id} may not ask (RFC 7662 §2.1)`, async (t) => {
    const { tokens } = await signIn()
    for (const token of [tokens.accessToken, tokens.refreshToken, 'rubbish']) {
      const params = { token }
      const answer = await provider.call('introspection_endpoint', params, client.authentication)
      t.equal(answer.status, 403)
      t.notMatch(answer.body, '"active"')
    }
  })

void t.test('a bearer token is no authentication here unless said so', async (t) => {
  const { tokens } = await signIn()
  const answer = await provider.call(
    'introspection_endpoint',
    { token: tokens.accessToken },
    undefined,
    { authorization: `Bearer ${tokens.accessToken}` },
  )
  t.match(String(answer.status), /^40[013]$/)
  t.notMatch(answer.body, '"active":true')
})

for (const [name, params] of [
  ['missing', []],
  ['empty', [['token', '']]],
  [
    'repeated',
    [
      ['token', 'a'],
      ['token', 'b'],
    ],
  ],
] as const)
  void t.test(`token ${name}: 400 invalid_request (RFC 6749 §5.2)`, async (t) => {
    const answer = await provider.call('introspection_endpoint', params, by)
    if (name === 'empty' && answer.status === 200) t.same(JSON.parse(answer.body), inactive)
    else t.equal(verdict(answer), '400 invalid_request')
  })

void t.test('only POST, only a form (RFC 7662 §2.1)', async (t) => {
  const url = await provider.endpoint('introspection_endpoint')
  const headers: Record<string, string> = {}
  by(headers, new URLSearchParams())
  const got = await send(`${url}?token=x`, { headers })
  t.ok(got.status === 405 || got.status === 404, `${got.status}`)
  const json = await send(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"token":"x"}',
  })
  t.match(String(json.status), /^4(00|15)$/)
})
