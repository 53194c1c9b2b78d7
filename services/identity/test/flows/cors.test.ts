import t from 'tap'
import { Browser } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { Provider } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { type Answer, send } from '../helpers/wire.ts'
import { inspector, judge, spa, world } from '../helpers/world.ts'

// Who may read answers from a page (Fetch §3.2). No answer of ours ever takes part with cookies.
const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const own = 'https://spa.example.test'
const foreign = [
  'https://evil.example.test',
  'https://spa.example.test.evil.test',
  'https://xspa.example.test',
  'http://spa.example.test',
  'https://spa.example.test:8443',
  'https://SPA.example.test',
  'https://judge.example.test',
  'null',
]
const allowed = (answer: Answer) => answer.headers.get('access-control-allow-origin')
const form = { 'content-type': 'application/x-www-form-urlencoded' }

async function spaTokens() {
  const rp = new RelyingParty(provider, spa)
  return (await rp.signIn(new Browser(identity.issuer), { scope: 'openid offline_access' })).tokens
}

async function askAs(origin: string): Promise<[string, Answer][]> {
  const { accessToken, refreshToken } = await spaTokens()
  const call = (endpoint: string, params: Record<string, string>) =>
    provider.call(endpoint, params, spa.authentication, { origin })
  return [
    ['userinfo', await provider.userinfo(accessToken, { headers: { origin } })],
    [
      'token',
      await call('token_endpoint', { grant_type: 'refresh_token', refresh_token: refreshToken }),
    ],
    [
      'token error',
      await call('token_endpoint', { grant_type: 'refresh_token', refresh_token: 'x' }),
    ],
    ['revocation', await call('revocation_endpoint', { token: refreshToken })],
  ]
}

void t.test(
  'the origin a client has registered may read token, userinfo and revocation',
  async (t) => {
    for (const [name, answer] of await askAs(own)) {
      t.equal(allowed(answer), own, name)
      t.match(answer.headers.get('vary'), /origin/i, `${name}: caches keep origins apart`)
      t.notOk(answer.headers.has('access-control-allow-credentials'), name)
    }
  },
)

for (const origin of foreign)
  void t.test(`${origin} reads nothing of the spa’s`, async (t) => {
    for (const [name, answer] of await askAs(origin)) t.equal(allowed(answer), null, name)
  })

void t.test('preflight of the back channel allows the header and no credentials', async (t) => {
  for (const name of ['token_endpoint', 'userinfo_endpoint', 'revocation_endpoint']) {
    const answer = await send(await provider.endpoint(name), {
      method: 'OPTIONS',
      headers: {
        origin: own,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    })
    t.ok(answer.status === 204 || answer.status === 200, name)
    t.equal(allowed(answer), own)
    t.match(answer.headers.get('access-control-allow-headers'), /authorization/i)
    t.notOk(answer.headers.has('access-control-allow-credentials'))
  }
})

void t.test('introspection is for servers: no page reads it', async (t) => {
  const { accessToken } = await spaTokens()
  const headers: Record<string, string> = { ...form, origin: own }
  inspector.authentication(headers, new URLSearchParams())
  const answer = await send(await provider.endpoint('introspection_endpoint'), {
    method: 'POST',
    headers,
    body: `token=${accessToken}`,
  })
  t.equal(allowed(answer), null)
})

void t.test('discovery and keys are for every page', async (t) => {
  for (const path of [
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
    new URL(await provider.endpoint('jwks_uri')).pathname,
  ])
    for (const origin of [own, 'https://evil.example.test', 'null']) {
      const answer = await send(identity.issuer + path, { headers: { origin } })
      t.equal(allowed(answer), '*', path)
      t.notOk(answer.headers.has('access-control-allow-credentials'))
    }
})

void t.test('no page of ours can be read from elsewhere (RFC 9700 §2.6)', async (t) => {
  const { url } = await new RelyingParty(provider, judge).request()
  const end = String((await provider.metadata())['end_session_endpoint'])
  for (const address of [url, `${identity.issuer}/login`, `${identity.issuer}/`, end])
    for (const method of ['GET', 'OPTIONS']) {
      const headers = {
        origin: 'https://judge.example.test',
        'access-control-request-method': 'GET',
      }
      t.equal(allowed(await send(address, { method, headers })), null, `${method} ${address}`)
    }
})
