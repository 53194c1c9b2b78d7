import { createPublicKey } from 'node:crypto'
import t from 'tap'
import { Browser } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { altered, bent, confused, decodeJwt, unsigned } from '../helpers/jwt.ts'
import { Provider, tokensOf } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { jsonOf, type Sending, send, sendRaw } from '../helpers/wire.ts'
import { ada, adaClaims, bob, judge, machine, world } from '../helpers/world.ts'

const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, judge)
const browser = new Browser(identity.issuer)
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const tokenFor = async (scope: string) => (await rp.signIn(browser, { scope })).tokens
const endpoint = () => provider.endpoint('userinfo_endpoint')

void t.test('claims by scope, with their values (OIDC Core 1.0 §5.4)', async (t) => {
  const all = await tokenFor('openid profile email address phone')
  const claims = jsonOf(await provider.userinfo(all.accessToken))
  const { address, ...flat } = adaClaims
  t.match(claims, { ...flat, email: ada.email, email_verified: true })
  t.same(claims['address'], address)
  t.equal(claims['sub'], decodeJwt(all.idToken).claims['sub'])
  const few = jsonOf(await provider.userinfo((await tokenFor('openid')).accessToken))
  t.same(Object.keys(few), ['sub'], 'openid alone says who, and no more')
})

void t.test('claims a person does not have are left out, never null (§5.3.2)', async (t) => {
  const { tokens } = await rp.signIn(
    new Browser(identity.issuer),
    { scope: 'openid profile phone address' },
    { person: bob },
  )
  const claims = jsonOf(await provider.userinfo(tokens.accessToken))
  t.equal(claims['given_name'], 'Bob')
  for (const [name, value] of Object.entries(claims)) t.ok(value !== null && value !== '', name)
  t.notOk('phone_number' in claims)
})

void t.test('never cached', async (t) => {
  const answer = await provider.userinfo((await tokenFor('openid')).accessToken)
  t.match(answer.headers.get('cache-control'), /no-store/)
})

void t.test('the scheme is case-insensitive (RFC 9110 §11.1)', async (t) => {
  const { accessToken } = await tokenFor('openid')
  const answer = await send(await endpoint(), {
    headers: { authorization: `bearer ${accessToken}` },
  })
  t.equal(answer.status, 200)
})

void t.test('no token: 401 with a challenge and no error code (RFC 6750 §3.1)', async (t) => {
  for (const method of ['GET', 'POST']) {
    const answer = await send(await endpoint(), { method })
    t.equal(answer.status, 401)
    t.match(answer.headers.get('www-authenticate'), /^Bearer\b/)
    t.notMatch(answer.headers.get('www-authenticate'), /error=/)
  }
})

const hostile: readonly (readonly [string, (token: string) => string | Promise<string>])[] = [
  ['rubbish', () => 'rubbish'],
  ['three dots', () => '...'],
  ['empty parts', () => '..'],
  ['a bent signature', bent],
  ['no signature', (token) => token.replace(/[^.]*$/, '')],
  ['alg none (RFC 8725 §2.1)', (token) => unsigned(token)],
  ['alg NONE', (token) => unsigned(token).replace(/^[^.]*/, pack({ alg: 'NONE', typ: 'at+jwt' }))],
  ['HS256 with the public PEM (CVE-2023-48223)', async (token) => confused(token, await pem())],
  [
    'HS256 with the modulus',
    async (token) => confused(token, String((await provider.keys())[0]?.['n'])),
  ],
  ['HS256 with an empty key', (token) => confused(token, '')],
  ['another subject', (token) => altered(token, { sub: 'somebody-else' })],
  ['a later end', (token) => altered(token, { exp: 4_000_000_000 })],
  ['more scope', (token) => altered(token, { scope: 'openid email admin' })],
  ['a token of 20 kB', (token) => `${token}${'A'.repeat(12_000)}`],
  ['a kid like a path', (token) => headed(token, { kid: '../../../../etc/passwd' })],
  ['a kid like SQL', (token) => headed(token, { kid: "' OR 1=1 --" })],
  ['an unknown kid', (token) => headed(token, { kid: 'unknown' })],
  ['a jwk of its own', (token) => headed(token, { jwk: { kty: 'RSA', n: 'AQ', e: 'AQAB' } })],
  ['a jku of its own', (token) => headed(token, { jku: 'https://evil.test/jwks' })],
  ['a critical extension', (token) => headed(token, { crit: ['b64'], b64: false })],
  ['typ JWT', (token) => headed(token, { typ: 'JWT' })],
]

for (const [name, forge] of hostile)
  void t.test(`forged: ${name}`, async (t) => {
    const token = await forge((await tokenFor('openid email')).accessToken)
    const answer = await provider.userinfo(token)
    t.notMatch(answer.body, ada.email)
    if (name.includes('20 kB')) return t.match(String(answer.status), /^4(00|01|31)$/)
    t.equal(answer.status, 401)
    return t.match(answer.headers.get('www-authenticate'), /error="invalid_token"/)
  })

void t.test('an ID token is not accepted (RFC 9068 §4)', async (t) => {
  const { idToken } = await tokenFor('openid')
  t.equal((await provider.userinfo(idToken)).status, 401)
})

void t.test('an expired token: 401 invalid_token (RFC 6750 §3.1)', async (t) => {
  const { accessToken } = await tokenFor('openid')
  identity.clock.advance(601)
  const answer = await provider.userinfo(accessToken)
  t.equal(answer.status, 401)
  t.match(answer.headers.get('www-authenticate'), /error="invalid_token"/)
})

void t.test('a token without openid: 403 insufficient_scope (OIDC Core 1.0 §5.3)', async (t) => {
  const { accessToken } = await tokenFor('notes:read')
  const answer = await provider.userinfo(accessToken)
  t.match(String(answer.status), /^40[13]$/)
  t.match(answer.headers.get('www-authenticate'), /error="(insufficient_scope|invalid_token)"/)
})

void t.test('a token of no person', async (t) => {
  const { accessToken } = tokensOf(
    await provider.token(
      { grant_type: 'client_credentials', scope: 'notes:read' },
      machine.authentication,
    ),
  )
  t.match(String((await provider.userinfo(accessToken)).status), /^40[13]$/)
})

void t.test('a token in the query is not taken (RFC 9700 §4.3.2)', async (t) => {
  const { accessToken } = await tokenFor('openid')
  const answer = await send(`${await endpoint()}?access_token=${accessToken}`)
  t.match(String(answer.status), /^40[01]$/)
})

const twice: readonly (readonly [string, (token: string) => Sending])[] = [
  [
    'header and body',
    (token) => ({
      method: 'POST',
      headers: { ...form, authorization: `Bearer ${token}` },
      body: `access_token=${token}`,
    }),
  ],
  [
    'body twice',
    (token) => ({
      method: 'POST',
      headers: form,
      body: `access_token=${token}&access_token=${token}`,
    }),
  ],
]
for (const [name, sending] of twice)
  void t.test(`one token a request: ${name} (RFC 6750 §2, §3.1)`, async (t) => {
    const { accessToken } = await tokenFor('openid')
    const answer = await send(await endpoint(), sending(accessToken))
    t.equal(answer.status, 400)
    t.match(answer.headers.get('www-authenticate'), /error="invalid_request"/)
  })

void t.test('two Authorization headers', async (t) => {
  const { accessToken } = await tokenFor('openid')
  const { pathname } = new URL(await endpoint())
  const answer = await sendRaw(identity.issuer, pathname, {
    headers: { authorization: [`Bearer ${accessToken}`, 'Bearer x'] },
  })
  t.ok(answer.status < 500)
})

for (const value of [
  'Bearer',
  'Bearer ',
  'Bearer  ',
  'Bearer a b',
  'Basic eDp5',
  'Token x',
  'bearer:x',
])
  void t.test(`malformed header ${JSON.stringify(value)}`, async (t) => {
    const answer = await send(await endpoint(), { headers: { authorization: value } })
    t.match(String(answer.status), /^40[01]$/)
    t.match(answer.headers.get('www-authenticate'), /^Bearer\b/)
  })

for (const [type, body] of [
  ['application/json', '{"access_token":"TOKEN"}'],
  ['text/plain', 'access_token=TOKEN'],
] as const)
  void t.test(`a token in ${type} is not taken (RFC 6750 §2.2)`, async (t) => {
    const { accessToken } = await tokenFor('openid')
    const answer = await send(await endpoint(), {
      method: 'POST',
      headers: { 'content-type': type },
      body: body.replace('TOKEN', accessToken),
    })
    t.match(String(answer.status), /^4(00|01|15)$/)
  })

void t.test(
  'after sign-out the token is dead here (issue: revocation at the service at once)',
  async (t) => {
    const own = new Browser(identity.issuer)
    const { tokens } = await rp.signIn(own)
    const url = String((await provider.metadata())['end_session_endpoint'])
    await own.open(`${url}?id_token_hint=${tokens.idToken}`)
    t.equal((await provider.userinfo(tokens.accessToken)).status, 401)
  },
)

void t.test('a foreign origin may not read it (ASVS 3.4.2)', async (t) => {
  const { accessToken } = await tokenFor('openid')
  const answer = await provider.userinfo(accessToken, {
    headers: { origin: 'https://evil.example.test' },
  })
  const allowed = answer.headers.get('access-control-allow-origin')
  t.ok(allowed === null || allowed === '*', 'not reflected')
  t.notOk(answer.headers.has('access-control-allow-credentials'))
})

async function pem(): Promise<string> {
  const [key] = await provider.keys()
  if (key === undefined) throw new Error('no key')
  return createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString()
}

function headed(token: string, header: Record<string, unknown>): string {
  return token.replace(/^[^.]*/, pack({ ...decodeJwt(token).header, ...header }))
}

function pack(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
