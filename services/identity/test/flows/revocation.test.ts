import t from 'tap'
import { Browser } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { bent } from '../helpers/jwt.ts'
import { nobody, Provider, tokensOf, verdict } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { send } from '../helpers/wire.ts'
import { inspector, judge, poster, rival, spa, world } from '../helpers/world.ts'

const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, judge)
const scope = 'openid offline_access notes:read'
const dead = '400 invalid_grant'
const own = judge.authentication

async function grant(party = rp, browser = new Browser(identity.issuer)) {
  return (await party.signIn(browser, { scope })).tokens
}

for (const client of [judge, poster, spa])
  void t.test(
    `${client.id}: revoking a refresh token ends its grant (RFC 7009 §2.1)`,
    async (t) => {
      const party = new RelyingParty(provider, client)
      const tokens = await grant(party)
      const answer = await provider.revoke(tokens.refreshToken, client.authentication)
      t.equal(answer.status, 200)
      t.equal(verdict(await party.refresh(tokens.refreshToken)), dead)
      t.equal((await provider.userinfo(tokens.accessToken)).status, 401, 'access tokens too')
    },
  )

for (const hint of ['refresh_token', 'access_token', 'nonsense', ''])
  void t.test(`a hint is only a hint: ${hint} (RFC 7009 §2.1)`, async (t) => {
    const tokens = await grant()
    t.equal((await provider.revoke(tokens.refreshToken, own, hint)).status, 200)
    t.equal(verdict(await rp.refresh(tokens.refreshToken)), dead)
  })

void t.test('an access token, revoked, is dead at the service', async (t) => {
  const tokens = await grant()
  t.equal((await provider.revoke(tokens.accessToken, own)).status, 200)
  t.equal((await provider.userinfo(tokens.accessToken)).status, 401)
  const seen = await provider.introspect(tokens.accessToken, inspector.authentication)
  t.same(seen, { active: false })
})

void t.test('a token of no person, revoked, is dead; the next one lives', async (t) => {
  const ask = async () =>
    tokensOf(
      await provider.token(
        { grant_type: 'client_credentials', scope: 'notes:read' },
        judge.authentication,
      ),
    ).accessToken
  const [one, two] = [await ask(), await ask()]
  t.equal((await provider.revoke(one, own)).status, 200)
  t.same(await provider.introspect(one, inspector.authentication), { active: false })
  t.match(await provider.introspect(two, inspector.authentication), { active: true })
})

void t.test('twice is as good as once', async (t) => {
  const tokens = await grant()
  for (let i = 0; i < 3; i += 1)
    t.equal((await provider.revoke(tokens.refreshToken, own)).status, 200)
})

void t.test('a used refresh token still ends its grant', async (t) => {
  const tokens = await grant()
  const next = tokensOf(await rp.refresh(tokens.refreshToken))
  t.equal((await provider.revoke(tokens.refreshToken, own)).status, 200)
  t.equal(verdict(await rp.refresh(next.refreshToken)), dead)
})

void t.test('one grant only', async (t) => {
  const browser = new Browser(identity.issuer)
  const [one, two] = [await grant(rp, browser), await grant(rp, browser)]
  await provider.revoke(one.refreshToken, own)
  t.ok(tokensOf(await rp.refresh(two.refreshToken)).refreshToken)
  t.equal((await provider.userinfo(two.accessToken)).status, 200)
})

for (const token of ['rubbish', '...', 'a.1.b', '-', 'x'.repeat(5000), '{"a":1}', '__proto__'])
  void t.test(
    `unknown: ${JSON.stringify(token.slice(0, 12))} is 200 (RFC 7009 §2.2)`,
    async (t) => {
      t.equal((await provider.revoke(token, own)).status, 200)
    },
  )

void t.test('a tampered token revokes nothing', async (t) => {
  const tokens = await grant()
  const [id = '', generation = ''] = tokens.refreshToken.split('.')
  for (const token of [bent(tokens.refreshToken), `${id}.${generation}.AAAA`, id])
    await provider.revoke(token, own)
  t.ok(tokensOf(await rp.refresh(tokens.refreshToken)).refreshToken)
})

for (const client of [rival, spa, inspector])
  void t.test(`${client.id} cannot revoke another’s token (RFC 7009 §2.1)`, async (t) => {
    const tokens = await grant()
    for (const token of [tokens.refreshToken, tokens.accessToken]) {
      const answer = await provider.revoke(token, client.authentication)
      t.match(String(answer.status), /^(200|400|403)$/)
    }
    t.equal((await provider.userinfo(tokens.accessToken)).status, 200)
    t.ok(tokensOf(await rp.refresh(tokens.refreshToken)).refreshToken)
  })

for (const [name, params] of [
  ['missing', []],
  [
    'repeated',
    [
      ['token', 'a'],
      ['token', 'b'],
    ],
  ],
] as const)
  void t.test(`token ${name}: 400 invalid_request (RFC 7009 §2.2.1)`, async (t) => {
    t.equal(verdict(await provider.call('revocation_endpoint', params, own)), '400 invalid_request')
  })

void t.test('without authentication nothing is revoked (RFC 7009 §2.1)', async (t) => {
  const tokens = await grant()
  t.match(verdict(await provider.revoke(tokens.refreshToken, nobody)), /^40[01] invalid_/)
  t.ok(tokensOf(await rp.refresh(tokens.refreshToken)).refreshToken)
})

void t.test('only POST, only a form', async (t) => {
  const tokens = await grant()
  const url = await provider.endpoint('revocation_endpoint')
  const headers: Record<string, string> = {}
  own(headers, new URLSearchParams())
  const got = await send(`${url}?token=${tokens.refreshToken}`, { headers })
  t.ok(got.status === 405 || got.status === 404, `${got.status}`)
  const json = await send(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ token: tokens.refreshToken }),
  })
  t.match(String(json.status), /^4(00|15)$/)
  t.ok(tokensOf(await rp.refresh(tokens.refreshToken)).refreshToken)
})

void t.test('revocation and rotation at once: in the end all are dead', async (t) => {
  const tokens = await grant()
  const [revoked, ...rotations] = await Promise.all([
    provider.revoke(tokens.refreshToken, own),
    ...Array.from({ length: 10 }, () => rp.refresh(tokens.refreshToken)),
  ])
  t.equal(revoked.status, 200)
  for (const answer of rotations)
    if (answer.status === 200)
      t.equal(verdict(await rp.refresh(tokensOf(answer).refreshToken)), dead)
  t.equal(verdict(await rp.refresh(tokens.refreshToken)), dead)
})
