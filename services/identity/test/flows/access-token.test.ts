import * as oauth from 'oauth4webapi'
import t from 'tap'
import { Browser } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { decodeJwt, leftHalfHash, verifyJwt } from '../helpers/jwt.ts'
import { Provider, tokensOf } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { secondsOf } from '../helpers/time.ts'
import { ada, bob, judge, notesApi, photosApi, spa, world } from '../helpers/world.ts'

const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, judge)
const scope = 'openid email notes:read'
const newBrowser = () => new Browser(identity.issuer)

void t.test(
  'header: at+jwt, RS256, a published kid, and nothing that loads keys (RFC 9068 §2.1)',
  async (t) => {
    const { tokens } = await rp.signIn(newBrowser(), { scope })
    const { header } = decodeJwt(tokens.accessToken)
    t.equal(header['typ'], 'at+jwt')
    t.equal(header['alg'], 'RS256')
    const kids = (await provider.keys()).map((key) => key['kid'])
    t.ok(kids.includes(header['kid']))
    for (const name of ['jku', 'jwk', 'x5u', 'x5c', 'crit']) t.notOk(name in header, name)
  },
)

void t.test('claims of RFC 9068 §2.2, of the right types', async (t) => {
  const { tokens } = await rp.signIn(newBrowser(), { scope })
  const { claims } = decodeJwt(tokens.accessToken)
  t.equal(claims['iss'], identity.issuer)
  t.equal(claims['aud'], notesApi)
  t.equal(claims['client_id'], judge.id)
  t.equal(claims['sub'], decodeJwt(tokens.idToken).claims['sub'])
  t.same(String(claims['scope']).split(' ').toSorted(), scope.split(' ').toSorted())
  for (const name of ['iat', 'exp', 'auth_time'])
    t.ok(Number.isInteger(claims[name]), `${name} is a whole number`)
  t.equal(Number(claims['exp']) - Number(claims['iat']), 600)
  t.ok(Math.abs(Number(claims['iat']) - secondsOf(identity)) <= 10)
  for (const name of ['jti', 'sid', 'acr']) t.type(claims[name], 'string', name)
  t.same(claims['amr'], ['pwd'])
})

void t.test('roles of the person, and of no other', async (t) => {
  const adas = (await rp.signIn(newBrowser(), { scope }, { person: ada })).tokens
  const bobs = (await rp.signIn(newBrowser(), { scope }, { person: bob })).tokens
  t.same(decodeJwt(adas.accessToken).claims['roles'], ['admin'])
  t.same(decodeJwt(bobs.accessToken).claims['roles'] ?? [], [])
})

void t.test('no personal data that the API did not ask for (RFC 9068 §6)', async (t) => {
  const { tokens } = await rp.signIn(newBrowser(), {
    scope: 'openid profile email phone notes:read',
  })
  const { claims } = decodeJwt(tokens.accessToken)
  for (const name of [
    'email',
    'name',
    'given_name',
    'phone_number',
    'address',
    'birthdate',
    'nonce',
  ])
    t.notOk(name in claims, name)
})

void t.test('oauth4webapi accepts it as an API would', async (t) => {
  const { tokens } = await rp.signIn(newBrowser(), { scope })
  const metadata = await provider.metadata()
  const as: oauth.AuthorizationServer = {
    issuer: identity.issuer,
    jwks_uri: String(metadata['jwks_uri']),
  }
  const request = new Request(`${notesApi}/notes`, {
    headers: { authorization: `Bearer ${tokens.accessToken}` },
  })
  // oxlint-disable-next-line typescript/no-deprecated -- marked so only to stand out; this is http
  const options = { [oauth.allowInsecureRequests]: true }
  const claims = await oauth.validateJwtAccessToken(as, request, notesApi, options)
  t.equal(claims.client_id, judge.id)
  const elsewhere = oauth.validateJwtAccessToken(as, request, photosApi, options)
  await t.rejects(elsewhere, 'not for another API')
})

void t.test('an ID token is no access token, and the other way round (RFC 9068 §4)', async (t) => {
  const { tokens } = await rp.signIn(newBrowser(), { scope: 'openid' })
  await t.rejects(
    verifyJwt(provider, tokens.idToken, { audience: judge.id, typ: 'at+jwt' }),
    'the ID token has another typ',
  )
  t.not(decodeJwt(tokens.accessToken).claims['aud'], judge.id, 'aud is no client')
})

void t.test('each token has an id of its own, unguessable', async (t) => {
  const browser = newBrowser()
  const ids = new Set<unknown>()
  for (let i = 0; i < 10; i += 1) {
    const { tokens } = await rp.signIn(browser, { scope })
    ids.add(decodeJwt(tokens.accessToken).claims['jti'])
  }
  t.equal(ids.size, 10)
})

void t.test('auth_time is when the password was typed, not when the token was made', async (t) => {
  const browser = newBrowser()
  const first = decodeJwt((await rp.signIn(browser, { scope })).tokens.accessToken).claims
  identity.clock.advance(100)
  const second = decodeJwt((await rp.signIn(browser, { scope })).tokens.accessToken).claims
  t.equal(second['auth_time'], first['auth_time'])
  t.ok(Number(second['iat']) >= Number(first['iat']) + 100)
})

void t.test('sid is the session: the same for all its tokens, different for another', async (t) => {
  const [here, there] = [newBrowser(), newBrowser()]
  const sids: unknown[] = []
  for (const browser of [here, here, there]) {
    const { tokens } = await rp.signIn(browser, { scope })
    const [access, id] = [decodeJwt(tokens.accessToken), decodeJwt(tokens.idToken)]
    t.equal(access.claims['sid'], id.claims['sid'])
    sids.push(id.claims['sid'])
  }
  t.equal(sids[0], sids[1])
  t.not(sids[0], sids[2])
  const cookies = [...here.cookies.values()].map(({ value }) => value)
  t.notOk(
    cookies.some((value) => value.includes(String(sids[0]))),
    'and sid is not the cookie',
  )
})

void t.test(
  'at_hash, where given, is that of this very token (OIDC Core 1.0 §3.1.3.6)',
  async (t) => {
    const { tokens } = await rp.signIn(newBrowser(), { scope })
    const hash = decodeJwt(tokens.idToken).claims['at_hash']
    if (hash !== undefined) t.equal(hash, leftHalfHash(tokens.accessToken))
    t.notOk('c_hash' in decodeJwt(tokens.idToken).claims, 'c_hash is for the front channel')
  },
)

void t.test('a public client’s token names it', async (t) => {
  const party = new RelyingParty(provider, spa)
  const { request, callback } = await party.code(newBrowser(), { scope })
  const { accessToken } = tokensOf(await party.redeem(request, callback))
  t.equal(decodeJwt(accessToken).claims['client_id'], spa.id)
})

void t.test('small enough for any header', async (t) => {
  const { tokens } = await rp.signIn(newBrowser(), { scope })
  t.ok(tokens.accessToken.length < 2000, `${tokens.accessToken.length} characters`)
})
