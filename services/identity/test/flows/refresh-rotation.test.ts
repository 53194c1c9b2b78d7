import t from 'tap'
import { Browser } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { bent, decodeJwt, verifyJwt } from '../helpers/jwt.ts'
import { Provider, type Tokens, tokensOf, verdict } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { dateOf } from '../helpers/time.ts'
import { bob, judge, notesApi, rival, spa, world } from '../helpers/world.ts'

const settings = {
  refresh_idle_seconds: 1000,
  refresh_max_seconds: 3000,
  refresh_grace_seconds: 10,
  session_idle_seconds: 40_000_000,
  session_max_seconds: 40_000_000,
}
const identity = await startIdentity(t, { config: world(settings) })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, judge)
const scope = 'openid email offline_access notes:read notes:write'
const dead = '400 invalid_grant'

async function grant(party = rp, browser = new Browser(identity.issuer)): Promise<Tokens> {
  return (await party.signIn(browser, { scope })).tokens
}

async function rotate(token: string, party = rp): Promise<Tokens> {
  return tokensOf(await party.refresh(token))
}

for (const client of [judge, spa])
  void t.test(`${client.id}: each use brings a new refresh token (RFC 9700 §4.14.2)`, async (t) => {
    const party = new RelyingParty(provider, client)
    const first = await grant(party)
    const second = await rotate(first.refreshToken, party)
    t.ok(second.refreshToken)
    t.not(second.refreshToken, first.refreshToken)
    t.not(second.accessToken, first.accessToken)
    t.equal(second.json['token_type'], 'Bearer')
    t.match(second.answer.headers.get('cache-control'), /no-store/)
    t.equal((await provider.userinfo(second.accessToken)).status, 200)
    const [one, two] = [first, second].map(({ accessToken }) => decodeJwt(accessToken).claims)
    t.equal(two?.['sub'], one?.['sub'])
    t.equal(two?.['auth_time'], one?.['auth_time'], 'nobody signed in again')
    t.not(two?.['jti'], one?.['jti'])
    t.notOk('id_token' in second.json, 'no ID token unless asked')
  })

void t.test('an ID token on demand keeps sub, aud, auth_time (OIDC Core 1.0 §12.2)', async (t) => {
  const first = await grant()
  const next = tokensOf(await rp.refresh(first.refreshToken, { scope }))
  const [one, two] = [decodeJwt(first.idToken).claims, decodeJwt(next.idToken).claims]
  for (const name of ['iss', 'sub', 'aud', 'auth_time']) t.same(two[name], one[name], name)
  if (two['nonce'] !== undefined) t.equal(two['nonce'], one['nonce'])
})

void t.test('50 at once: one rotation, 50 identical answers', async (t) => {
  const { refreshToken } = await grant()
  const answers = await Promise.all(Array.from({ length: 50 }, () => rp.refresh(refreshToken)))
  const all = answers.map(tokensOf)
  t.equal(new Set(all.map((tokens) => tokens.refreshToken)).size, 1, 'one refresh token')
  t.equal(new Set(all.map((tokens) => tokens.accessToken)).size, 1, 'one access token')
  t.equal(new Set(all.map((tokens) => JSON.stringify(tokens.json))).size, 1, 'one answer')
  const next = await rotate(all[0]?.refreshToken ?? '')
  t.ok(next.refreshToken, 'and the one token goes on')
})

void t.test('the predecessor within the grace gets the same answer again', async (t) => {
  const { refreshToken } = await grant()
  const first = await rotate(refreshToken)
  identity.clock.advance(8)
  const again = await rotate(refreshToken)
  t.equal(again.refreshToken, first.refreshToken)
  t.equal(again.accessToken, first.accessToken)
  t.ok((await rotate(first.refreshToken)).refreshToken, 'and the new one lives')
})

void t.test(
  'the predecessor within the grace gains no scope and no ID token (RFC 6749 §6)',
  async (t) => {
    const { tokens } = await rp.signIn(new Browser(identity.issuer), {
      scope: 'offline_access notes:read',
    })
    t.notOk('id_token' in tokens.json)
    const next = await rotate(tokens.refreshToken)
    for (const wider of ['openid', 'openid email', 'notes:read notes:write', 'photos:read']) {
      const answer = await rp.refresh(tokens.refreshToken, { scope: wider })
      t.notMatch(answer.body, 'id_token', wider)
      if (answer.status === 200) t.equal(tokensOf(answer).accessToken, next.accessToken, wider)
      else t.equal(verdict(answer), '400 invalid_scope', wider)
    }
    const answer = await rp.refresh(tokens.refreshToken, {
      resource: 'https://photos.example.test/v1',
    })
    if (answer.status === 200) t.equal(tokensOf(answer).accessToken, next.accessToken)
    else t.equal(verdict(answer), '400 invalid_target')
    t.ok((await rotate(next.refreshToken)).refreshToken)
  },
)

void t.test(
  'the predecessor after the grace is theft: the grant dies (RFC 9700 §4.14.2)',
  async (t) => {
    const { refreshToken } = await grant()
    const next = await rotate(refreshToken)
    identity.clock.advance(12)
    t.equal(verdict(await rp.refresh(refreshToken)), dead)
    t.equal(verdict(await rp.refresh(next.refreshToken)), dead, 'the live one is dead too')
    t.equal(
      (await provider.userinfo(next.accessToken)).status,
      401,
      'and so is the access token here',
    )
  },
)

void t.test('the grandparent is theft, even within the grace', async (t) => {
  const { refreshToken } = await grant()
  const second = await rotate(refreshToken)
  const third = await rotate(second.refreshToken)
  t.equal(verdict(await rp.refresh(refreshToken)), dead)
  t.equal(verdict(await rp.refresh(third.refreshToken)), dead)
  t.equal(verdict(await rp.refresh(second.refreshToken)), dead)
})

void t.test('a dead grant stays dead, whichever of its tokens is tried', async (t) => {
  const { refreshToken } = await grant()
  const second = await rotate(refreshToken)
  const third = await rotate(second.refreshToken)
  await rp.refresh(refreshToken)
  identity.clock.advance(11)
  for (const token of [refreshToken, second.refreshToken, third.refreshToken])
    t.equal(verdict(await rp.refresh(token)), dead)
})

void t.test('theft kills that one grant and no other', async (t) => {
  const browser = new Browser(identity.issuer)
  const [robbed, other] = [await grant(rp, browser), await grant(rp, browser)]
  const party = new RelyingParty(provider, rival)
  const elsewhere = await grant(party, browser)
  const second = await rotate(robbed.refreshToken)
  identity.clock.advance(12)
  t.equal(verdict(await rp.refresh(robbed.refreshToken)), dead)
  t.equal(verdict(await rp.refresh(second.refreshToken)), dead)
  t.ok((await rotate(other.refreshToken)).refreshToken, 'same person, same client, same session')
  t.ok((await rotate(elsewhere.refreshToken, party)).refreshToken, 'same person, other client')
  const { url } = await rp.request({ prompt: 'none' })
  t.ok((await browser.authorize(url)).callback?.params.has('code'), 'the session goes on')
})

void t.test('another client gains nothing and harms nobody (RFC 6749 §6)', async (t) => {
  const { refreshToken } = await grant()
  for (const client of [rival, spa])
    t.equal(verdict(await new RelyingParty(provider, client).refresh(refreshToken)), dead)
  t.ok((await rotate(refreshToken)).refreshToken)
})

void t.test('an old token at another client does not kill the grant', async (t) => {
  const { refreshToken } = await grant()
  const next = await rotate(refreshToken)
  identity.clock.advance(12)
  t.equal(verdict(await new RelyingParty(provider, rival).refresh(refreshToken)), dead)
  t.ok((await rotate(next.refreshToken)).refreshToken)
})

void t.test('tampered tokens are refused and harm nobody', async (t) => {
  const { refreshToken } = await grant()
  const parts = refreshToken.split('.')
  const [id = '', generation = '', mac = ''] = parts
  const forged = [
    bent(refreshToken),
    refreshToken.slice(0, -1),
    `${refreshToken}A`,
    refreshToken.toUpperCase(),
    ` ${refreshToken}`,
    `${refreshToken} `,
    refreshToken.split('').toReversed().join(''),
    `${id}.${Number(generation) + 1}.${mac}`,
    `${id}.${Number(generation) - 1}.${mac}`,
    `${id}.0${generation}.${mac}`,
    `${id}.${generation}.`,
    `${id}.${generation}.${mac}.${mac}`,
    `.${generation}.${mac}`,
  ].filter((token) => token !== refreshToken)
  for (const token of forged) t.equal(verdict(await rp.refresh(token)), dead, token.slice(-24))
  const other = await grant()
  const crossed = [id, ...other.refreshToken.split('.').slice(1)].join('.')
  t.equal(verdict(await rp.refresh(crossed)), dead, 'the MAC of another grant')
  t.ok((await rotate(refreshToken)).refreshToken)
  t.ok((await rotate(other.refreshToken)).refreshToken)
})

void t.test('scope may be narrowed for one answer (RFC 6749 §6)', async (t) => {
  const { refreshToken } = await grant()
  const narrow = tokensOf(await rp.refresh(refreshToken, { scope: 'notes:read' }))
  t.equal(narrow.json['scope'], 'notes:read')
  t.equal(decodeJwt(narrow.accessToken).claims['scope'], 'notes:read')
  const full = await rotate(narrow.refreshToken)
  t.same(
    String(full.json['scope']).split(' ').toSorted(),
    scope.split(' ').toSorted(),
    'the refresh token keeps the scope of the grant',
  )
})

for (const wider of ['openid photos:read', 'notes:read phone', 'admin', 'openid email address'])
  void t.test(`scope beyond the grant is refused: ${wider} (RFC 6749 §6)`, async (t) => {
    const { refreshToken } = await grant()
    t.equal(verdict(await rp.refresh(refreshToken, { scope: wider })), '400 invalid_scope')
    t.ok((await rotate(refreshToken)).refreshToken, 'a refusal uses nothing up')
  })

void t.test('a resource that was not granted is refused (RFC 8707 §2.2)', async (t) => {
  const { refreshToken } = await grant()
  for (const resource of ['https://photos.example.test/v1', 'https://nowhere.example.test'])
    t.equal(verdict(await rp.refresh(refreshToken, { resource })), '400 invalid_target')
  const next = tokensOf(await rp.refresh(refreshToken, { resource: notesApi }))
  t.equal(decodeJwt(next.accessToken).claims['aud'], notesApi)
})

void t.test('unused for longer than the idle time: dead', async (t) => {
  const { refreshToken } = await grant()
  identity.clock.advance(990)
  const next = await rotate(refreshToken)
  identity.clock.advance(1005)
  t.equal(verdict(await rp.refresh(next.refreshToken)), dead)
})

void t.test('the absolute end set at sign-in never moves', async (t) => {
  let { refreshToken } = await grant()
  for (let used = 900; used < 3000; used += 900) {
    identity.clock.advance(900)
    refreshToken = (await rotate(refreshToken)).refreshToken
  }
  identity.clock.advance(320)
  t.equal(verdict(await rp.refresh(refreshToken)), dead, 'used 320 seconds ago, and still dead')
})

void t.test('sign-out ends the grants of that session, not those of others', async (t) => {
  const [here, there] = [new Browser(identity.issuer), new Browser(identity.issuer)]
  const [one, two] = [await grant(rp, here), await grant(rp, there)]
  const url = String((await provider.metadata())['end_session_endpoint'])
  await here.open(`${url}?id_token_hint=${one.idToken}`)
  t.equal(verdict(await rp.refresh(one.refreshToken)), dead)
  t.ok((await rotate(two.refreshToken)).refreshToken)
})

void t.test(
  'whoever signs in beside them or again, a person keeps the grants until signing out',
  async (t) => {
    const browser = new Browser(identity.issuer)
    const first = await grant(rp, browser)
    const { tokens } = await rp.signIn(browser, { scope, prompt: 'login' })
    const sids = [first, tokens].map(({ idToken }) => decodeJwt(idToken).claims['sid'])
    t.equal(sids[0], sids[1], 'one session')
    const next = await rotate(first.refreshToken)
    const bobs = await rp.signIn(browser, { scope, prompt: 'login' }, { person: bob })
    t.not(decodeJwt(bobs.tokens.idToken).claims['sid'], sids[0])
    const kept = await rotate(next.refreshToken)
    t.ok((await rotate(tokens.refreshToken)).refreshToken, 'bob came beside them')
    const url = String((await provider.metadata())['end_session_endpoint'])
    await browser.open(`${url}?id_token_hint=${tokens.idToken}`)
    t.equal(verdict(await rp.refresh(kept.refreshToken)), dead)
    t.ok((await rotate(bobs.tokens.refreshToken)).refreshToken, 'bob is still signed in')
  },
)

void t.test('a grant belongs to its person', async (t) => {
  const browser = new Browser(identity.issuer)
  const { tokens } = await rp.signIn(browser, { scope }, { person: bob })
  const next = await rotate(tokens.refreshToken)
  const subs = [tokens, next].map(({ accessToken }) => decodeJwt(accessToken).claims['sub'])
  t.equal(subs[0], subs[1])
})

void t.test('access tokens after a refresh verify by the published keys', async (t) => {
  const next = await rotate((await grant()).refreshToken)
  const { claims } = await verifyJwt(provider, next.accessToken, {
    audience: notesApi,
    typ: 'at+jwt',
    now: dateOf(identity),
  })
  t.equal(Number(claims['exp']) - Number(claims['iat']), 600)
})
