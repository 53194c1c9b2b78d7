import { createPublicKey } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose'
import t from 'tap'
import { Browser } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { decodeJwt, verifyJwt } from '../helpers/jwt.ts'
import { Provider, tokensOf } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { dateOf } from '../helpers/time.ts'
import { send } from '../helpers/wire.ts'
import { judge, machine, notesApi, world } from '../helpers/world.ts'

const day = 86_400
const settings = {
  refresh_idle_seconds: 100 * day,
  refresh_max_seconds: 800 * day,
  session_idle_seconds: 800 * day,
  session_max_seconds: 800 * day,
}
const identity = await startIdentity(t, { config: world(settings) })
const provider = new Provider(identity.issuer)

void t.test('public members only, each key with kty, kid, alg and use (RFC 7517 §4)', async (t) => {
  const keys = await provider.keys()
  t.ok(keys.length >= 1)
  for (const key of keys) {
    t.same(Object.keys(key).toSorted(), ['alg', 'e', 'kid', 'kty', 'n', 'use'])
    t.match(key, { kty: 'RSA', alg: 'RS256', use: 'sig', e: 'AQAB' })
    const { asymmetricKeyDetails } = createPublicKey({ key, format: 'jwk' })
    t.ok((asymmetricKeyDetails?.modulusLength ?? 0) >= 2048, 'RFC 7518 §3.3')
    t.ok(await calculateJwkThumbprint({ ...key, kty: 'RSA' }))
  }
  t.equal(new Set(keys.map((key) => key['kid'])).size, keys.length)
})

void t.test('cacheable, with an ETag that saves the body, for every origin', async (t) => {
  const url = await provider.endpoint('jwks_uri')
  const answer = await send(url, { headers: { origin: 'https://any.example.test' } })
  t.match(answer.headers.get('content-type'), /^application\/(jwk-set\+)?json/)
  t.equal(answer.headers.get('cache-control'), 'public, max-age=300, stale-while-revalidate=60')
  t.equal(answer.headers.get('access-control-allow-origin'), '*')
  t.notOk(answer.headers.has('set-cookie'))
  const etag = answer.headers.get('etag') ?? ''
  t.match(etag, /^(W\/)?".+"$/)
  const again = await send(url, { headers: { 'if-none-match': etag } })
  t.equal(again.status, 304)
  t.equal(again.body, '')
  const other = await send(url, { headers: { 'if-none-match': '"other"' } })
  t.equal(other.status, 200)
})

void t.test('only GET and HEAD', async (t) => {
  const url = await provider.endpoint('jwks_uri')
  t.equal((await send(url, { method: 'HEAD' })).status, 200)
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
    const { status } = await send(url, { method })
    t.ok(status === 404 || status === 405, `${method} ${status}`)
  }
})

void t.test('the signing key turns over; nothing signed or granted before is lost', async (t) => {
  const rp = new RelyingParty(provider, judge)
  const { tokens } = await rp.signIn(new Browser(identity.issuer), {
    scope: 'openid offline_access notes:read',
  })
  let { accessToken, refreshToken } = tokens
  const kids = new Set([decodeJwt(accessToken).header['kid']])
  let published = new Set((await provider.keys()).map((key) => key['kid']))
  for (let passed = 0; passed < 400 && kids.size < 3; passed += 5) {
    identity.clock.advance(5 * day)
    await identity.maintain()
    const next = tokensOf(await rp.refresh(refreshToken))
    const { kid } = decodeJwt(next.accessToken).header
    if (!kids.has(kid)) t.ok(published.has(kid), `published 5 days before it signs (${passed} d)`)
    kids.add(kid)
    published = new Set((await provider.keys()).map((key) => key['kid']))
    await verifyJwt(provider, next.accessToken, { audience: notesApi, now: dateOf(identity) })
    ;({ accessToken, refreshToken } = next)
  }
  t.ok(kids.size >= 3, `${kids.size} signing keys in 400 days`)
  t.ok(published.size <= 4, 'old keys leave the document')
  t.equal((await provider.userinfo(accessToken)).status, 200)
})

void t.test('no token is ever signed by a key that is not published', async (t) => {
  for (let i = 0; i < 20; i += 1) {
    identity.clock.advance(7 * 3600)
    if (i % 2 === 0) await identity.maintain()
    const { accessToken } = tokensOf(
      await provider.token(
        { grant_type: 'client_credentials', scope: 'notes:read' },
        machine.authentication,
      ),
    )
    const kids = (await provider.keys()).map((key) => key['kid'])
    t.ok(kids.includes(decodeJwt(accessToken).header['kid']))
  }
})
