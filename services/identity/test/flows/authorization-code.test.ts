import * as openid from 'openid-client'
import t from 'tap'
import { Browser, mustReturn } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { decodeJwt, verifyJwt } from '../helpers/jwt.ts'
import { Provider, tokensOf, verdict } from '../helpers/provider.ts'
import { openidClient, RelyingParty } from '../helpers/relying-party.ts'
import { dateOf, secondsOf } from '../helpers/time.ts'
import { jsonOf } from '../helpers/wire.ts'
import { ada, bob, judge, narrow, notesApi, poster, rival, spa, world } from '../helpers/world.ts'

const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, judge)
const newBrowser = () => new Browser(identity.issuer)

void t.test('openid-client signs a person in, and accepts every answer', async (t) => {
  const config = await openidClient(identity.issuer, judge)
  const verifier = openid.randomPKCECodeVerifier()
  const [state, nonce] = [openid.randomState(), openid.randomNonce()]
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: judge.redirectUri,
    scope: 'openid email offline_access',
    state,
    nonce,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  const { answer } = await newBrowser().authorize(url.href, { person: ada, consent: 'allow' })
  const back = new URL(answer.headers.get('location') ?? '')
  const tokens = await openid.authorizationCodeGrant(config, back, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  })
  const sub = tokens.claims()?.sub ?? ''
  const person = await openid.fetchUserInfo(config, tokens.access_token, sub)
  t.equal(person.email, ada.email)
  const next = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '')
  t.not(next.access_token, tokens.access_token)
  await openid.tokenRevocation(config, next.refresh_token ?? '')
  const dead = await openid
    .refreshTokenGrant(config, next.refresh_token ?? '')
    .catch((error: unknown) => error)
  t.match(dead, { error: 'invalid_grant' })
})

void t.test('every kind of client redeems its code', async (t) => {
  for (const client of [judge, poster, spa, narrow]) {
    const { tokens } = await new RelyingParty(provider, client).signIn(newBrowser())
    t.ok(tokens.accessToken, client.id)
    t.match(tokens.answer.headers.get('cache-control'), /no-store/, 'RFC 6749 §5.1')
    t.match(tokens.answer.headers.get('content-type'), /^application\/json/)
    t.equal(tokens.json['token_type'], 'Bearer')
    t.equal(tokens.json['expires_in'], 600)
    t.equal(tokens.json['scope'], 'openid')
  }
})

void t.test('a signed-in person with consent costs no page', async (t) => {
  const browser = newBrowser()
  await rp.signIn(browser)
  const second = await rp.signIn(browser, {}, { stop: true })
  t.same(second.landing.steps, [])
})

void t.test('single sign-on: a second client asks no password', async (t) => {
  const browser = newBrowser()
  const first = await rp.signIn(browser)
  const second = await new RelyingParty(provider, rival).signIn(browser, {}, { stop: true })
  t.same(second.landing.steps, [])
  const [one, two] = [decodeJwt(first.tokens.idToken), decodeJwt(second.tokens.idToken)]
  t.equal(one.claims['sub'], two.claims['sub'], 'public subjects are the same (OIDC Core §8)')
  t.equal(two.claims['aud'], rival.id)
})

void t.test('two people have two subjects, and neither is an address', async (t) => {
  const [one, two] = await Promise.all(
    [ada, bob].map(async (person) => {
      const { tokens } = await rp.signIn(newBrowser(), {}, { person })
      return String(decodeJwt(tokens.idToken).claims['sub'])
    }),
  )
  t.not(one, two)
  t.notMatch(`${one} ${two}`, '@')
})

void t.test('the answer holds code, state and iss, once each, and nothing else', async (t) => {
  const { callback } = await rp.code(newBrowser())
  t.same([...callback.params.keys()].toSorted(), ['code', 'iss', 'state'])
})

void t.test('the code is opaque: it tells nobody about the person', async (t) => {
  const { callback } = await rp.code(newBrowser(), { nonce: 'nonce-that-must-not-show' })
  const code = callback.params.get('code') ?? ''
  for (const text of [code, Buffer.from(code, 'base64url').toString('latin1')]) {
    t.notMatch(text, 'nonce-that-must-not-show')
    t.notMatch(text, judge.redirectUri)
    t.notMatch(text, ada.email)
  }
})

void t.test('the ID token says what happened (OIDC Core 1.0 §2)', async (t) => {
  const { tokens, request } = await rp.signIn(newBrowser(), { scope: 'openid profile email' })
  const { claims, header } = await verifyJwt(provider, tokens.idToken, {
    audience: judge.id,
    now: dateOf(identity),
  })
  t.equal(claims['nonce'], request.nonce)
  t.equal(Number(claims['exp']) - Number(claims['iat']), 3600)
  t.ok(Math.abs(Number(claims['auth_time']) - secondsOf(identity)) < 20)
  t.type(claims['acr'], 'string')
  t.same(claims['amr'], ['pwd'], 'RFC 8176 §2')
  t.type(claims['sid'], 'string')
  t.not(header['typ'], 'at+jwt', 'never to be taken for an access token')
  for (const name of ['name', 'email', 'family_name', 'picture'])
    t.notOk(name in claims, `${name} is for userinfo (§5.4)`)
})

void t.test('claims asked for in the ID token come in the ID token (§5.5)', async (t) => {
  const claims = JSON.stringify({ id_token: { email: null, given_name: { essential: true } } })
  const { tokens } = await rp.signIn(newBrowser(), { claims })
  const id = decodeJwt(tokens.idToken).claims
  t.match(id, { email: ada.email, given_name: 'Ada' })
  t.notOk('family_name' in id, 'and no others')
})

void t.test('claims that ask for a secret or for nonsense get nothing of it (§5.5)', async (t) => {
  const claims = JSON.stringify({
    id_token: { password: null, __proto__x: null, passwordHash: null, roles_x: null },
    userinfo: { password: null, credentials: null, constructor: null },
  })
  const { tokens } = await rp.signIn(newBrowser(), { claims })
  const id = decodeJwt(tokens.idToken).claims
  const info = jsonOf(await provider.userinfo(tokens.accessToken))
  for (const set of [id, info])
    for (const name of ['password', 'passwordHash', 'credentials'])
      t.notOk(Object.hasOwn(set, name), name)
  t.notOk(Object.hasOwn(info, 'constructor'))
})

void t.test('without openid in the scope there is no ID token (§3.1.2.1)', async (t) => {
  const { tokens } = await rp.signIn(newBrowser(), { scope: 'notes:read' })
  t.notOk('id_token' in tokens.json)
  t.equal(tokens.json['scope'], 'notes:read')
})

void t.test('unknown scopes are left out, and the answer says so (RFC 6749 §3.3)', async (t) => {
  const { tokens } = await rp.signIn(newBrowser(), { scope: 'openid fly_to_the_moon notes:read' })
  t.same(String(tokens.json['scope']).split(' ').toSorted(), ['notes:read', 'openid'])
  t.equal(decodeJwt(tokens.accessToken).claims['aud'], notesApi)
})

void t.test('no refresh token without offline_access, or without the grant type', async (t) => {
  t.notOk('refresh_token' in (await rp.signIn(newBrowser())).tokens.json)
  const other = new RelyingParty(provider, narrow)
  t.notOk('refresh_token' in (await other.signIn(newBrowser())).tokens.json)
  t.ok((await rp.signIn(newBrowser(), { scope: 'openid offline_access' })).tokens.refreshToken)
})

void t.test('a code lives 60 seconds (RFC 6749 §4.1.2)', async (t) => {
  const late = await rp.code(newBrowser())
  const inTime = await rp.code(newBrowser())
  identity.clock.advance(57)
  t.equal(verdict(await rp.redeem(inTime.request, inTime.callback)), '200')
  identity.clock.advance(5)
  t.equal(verdict(await rp.redeem(late.request, late.callback)), '400 invalid_grant')
})

void t.test('a code is bound to its client (RFC 6749 §4.1.3)', async (t) => {
  const { request, callback } = await rp.code(newBrowser())
  const thief = new RelyingParty(provider, rival)
  for (const redirectUri of [judge.redirectUri, rival.redirectUri]) {
    const answer = await thief.redeem(request, callback, { redirect_uri: redirectUri })
    t.equal(verdict(answer), '400 invalid_grant')
  }
  t.equal(verdict(await rp.redeem(request, callback)), '200', 'the owner is not hurt')
})

void t.test('a code of a session that has ended is dead', async (t) => {
  const browser = newBrowser()
  const { tokens } = await rp.signIn(browser)
  const { request, callback } = await rp.code(browser)
  const url = String((await provider.metadata())['end_session_endpoint'])
  await browser.open(`${url}?id_token_hint=${tokens.idToken}`)
  t.equal(verdict(await rp.redeem(request, callback)), '400 invalid_grant')
})

void t.test('POST request: the page after it is reached by GET (RFC 9700 §4.12)', async (t) => {
  const { url, params } = await rp.request()
  const browser = newBrowser()
  const answer = await browser.post(url.replace(/\?.*$/, ''), params)
  t.equal(answer.status, 303)
  const landing = await browser.walk(await browser.follow(answer), { person: ada })
  t.ok(mustReturn(landing).params.has('code'))
})

void t.test('empty parameters count as left out (RFC 6749 §3.1)', async (t) => {
  const empty = { prompt: '', max_age: '', claims: '', login_hint: '', display: '', resource: '' }
  const { landing, tokens } = await rp.signIn(newBrowser(), { ...empty, nonce: '' })
  t.same(landing.steps, ['login'])
  t.notOk('nonce' in decodeJwt(tokens.idToken).claims)
})

void t.test('a nonce of 384 characters comes back exactly', async (t) => {
  const nonce = 'n0-S6_WzA2Mj'.repeat(32)
  const { tokens } = await rp.signIn(newBrowser(), { nonce })
  t.equal(decodeJwt(tokens.idToken).claims['nonce'], nonce)
})

void t.test('two codes are two grants: the same person, other token ids', async (t) => {
  const browser = newBrowser()
  const first = await rp.signIn(browser)
  const { request, callback } = await rp.code(browser)
  const second = tokensOf(await rp.redeem(request, callback))
  const ids = [first.tokens, second].map((tokens) => decodeJwt(tokens.accessToken).claims['jti'])
  t.not(ids[0], ids[1])
})
