import t from 'tap'
import { startIdentity } from '../helpers/identity.ts'
import { decodeJwt, verifyJwt } from '../helpers/jwt.ts'
import { Provider, stringOf, tokensOf, verdict } from '../helpers/provider.ts'
import { dateOf } from '../helpers/time.ts'
import { inspector, judge, machine, notesApi, photosApi, world } from '../helpers/world.ts'

const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const ask = (params: Record<string, string> = {}, client = machine) =>
  provider.token({ grant_type: 'client_credentials', ...params }, client.authentication)

void t.test('a token of the client itself (RFC 6749 §4.4, RFC 9068 §2.2)', async (t) => {
  const tokens = tokensOf(await ask({ scope: 'notes:read' }))
  const { claims, header } = await verifyJwt(provider, tokens.accessToken, {
    audience: notesApi,
    typ: 'at+jwt',
    now: dateOf(identity),
  })
  t.equal(header['alg'], 'RS256')
  t.match(claims, { sub: machine.id, client_id: machine.id, scope: 'notes:read', aud: notesApi })
  for (const name of ['auth_time', 'acr', 'amr', 'sid', 'nonce', 'email'])
    t.notOk(name in claims, `no ${name}: nobody signed in`)
  t.match(tokens.answer.headers.get('cache-control'), /no-store/)
})

void t.test('no refresh token and no ID token (RFC 6749 §4.4.3)', async (t) => {
  for (const scope of ['notes:read', 'notes:read notes:write'])
    for (const client of [machine, judge]) {
      const { json } = tokensOf(await ask({ scope }, client))
      t.notOk('refresh_token' in json)
      t.notOk('id_token' in json)
    }
})

for (const scope of [
  'photos:read',
  'notes:read photos:read',
  'admin',
  'notes:READ',
  'unknown',
  'notes:read unknown',
  'notes:*',
  '__proto__',
  'constructor',
  'openid',
])
  void t.test(`scope beyond the client: ${scope} (RFC 6749 §5.2)`, async (t) => {
    t.equal(verdict(await ask({ scope })), '400 invalid_scope')
  })

for (const scope of ['openid', 'offline_access', 'openid notes:read', 'profile'])
  void t.test(`scope of a person without a person: ${scope}`, async (t) => {
    const answer = await ask({ scope }, judge)
    if (answer.status === 200) {
      const granted = stringOf(tokensOf(answer).json['scope']).split(' ')
      for (const name of scope.split(' '))
        if (name !== 'notes:read') t.notOk(granted.includes(name), `${name} is not granted`)
    } else t.equal(verdict(answer), '400 invalid_scope')
    t.notMatch(answer.body, 'id_token')
    t.notMatch(answer.body, 'refresh_token')
  })

void t.test('such a token opens no userinfo (OIDC Core 1.0 §5.3)', async (t) => {
  const { accessToken } = tokensOf(await ask({ scope: 'notes:read' }))
  const { status } = await provider.userinfo(accessToken)
  t.ok(status === 401 || status === 403, `${status}`)
})

void t.test('without a scope: never more than the client has (RFC 6749 §3.3)', async (t) => {
  const answer = await ask()
  if (answer.status === 200) {
    const scopes = stringOf(tokensOf(answer).json['scope']).split(' ')
    for (const scope of scopes) t.ok(['', 'notes:read', 'notes:write'].includes(scope), scope)
  } else t.equal(verdict(answer), '400 invalid_scope')
})

void t.test('resource names the audience (RFC 8707 §2.2)', async (t) => {
  const tokens = tokensOf(await ask({ resource: notesApi, scope: 'notes:read' }))
  t.equal(decodeJwt(tokens.accessToken).claims['aud'], notesApi)
  t.match(
    verdict(await ask({ resource: photosApi, scope: 'notes:read' })),
    /^400 invalid_(target|scope)$/,
  )
  t.equal(verdict(await ask({ resource: 'https://nowhere.test' })), '400 invalid_target')
})

void t.test('authorization parameters in the form change nothing', async (t) => {
  const tokens = tokensOf(
    await ask({ scope: 'notes:read', sub: 'ada', username: 'ada', aud: 'x', roles: 'admin' }),
  )
  const { claims } = decodeJwt(tokens.accessToken)
  t.equal(claims['sub'], machine.id)
  t.notOk('roles' in claims)
})

void t.test('20 at once are 20 tokens with 20 ids (RFC 9068 §2.2)', async (t) => {
  const all = await Promise.all(Array.from({ length: 20 }, () => ask({ scope: 'notes:read' })))
  const ids = all.map((answer) => decodeJwt(tokensOf(answer).accessToken).claims['jti'])
  t.equal(new Set(ids).size, 20)
})

void t.test('the token is active, and is not after its time', async (t) => {
  const { accessToken } = tokensOf(await ask({ scope: 'notes:read' }))
  const seen = await provider.introspect(accessToken, inspector.authentication)
  t.match(seen, { active: true, client_id: machine.id, sub: machine.id, scope: 'notes:read' })
  t.notOk('username' in seen)
  identity.clock.advance(601)
  t.same(await provider.introspect(accessToken, inspector.authentication), { active: false })
})
