import t from 'tap'
import { Browser } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { Provider, tokensOf, verdict } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { judge, narrow, rival, spa, world } from '../helpers/world.ts'

const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const dead = '400 invalid_grant'
const scope = 'openid offline_access'

for (const client of [judge, spa]) {
  const rp = new RelyingParty(provider, client)
  const code = () => rp.code(new Browser(identity.issuer), { scope })

  void t.test(`${client.id}: 20 at once, one success (GHSA-7w99-5wm4-3g79)`, async (t) => {
    const { request, callback } = await code()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => rp.redeem(request, callback)),
    )
    const verdicts = answers.map(verdict)
    t.equal(verdicts.filter((seen) => seen === '200').length, 1)
    t.equal(verdicts.filter((seen) => seen === dead).length, 19)
  })

  void t.test(
    `${client.id}: a valid replay revokes what the code gave (RFC 6749 §4.1.2)`,
    async (t) => {
      const { request, callback } = await code()
      const tokens = tokensOf(await rp.redeem(request, callback))
      t.equal((await provider.userinfo(tokens.accessToken)).status, 200)
      t.equal(verdict(await rp.redeem(request, callback)), dead)
      t.equal(verdict(await rp.refresh(tokens.refreshToken)), dead)
      t.equal((await provider.userinfo(tokens.accessToken)).status, 401)
    },
  )

  void t.test(`${client.id}: the replay of a rotated grant revokes it too`, async (t) => {
    const { request, callback } = await code()
    const first = tokensOf(await rp.redeem(request, callback))
    const second = tokensOf(await rp.refresh(first.refreshToken))
    t.equal(verdict(await rp.redeem(request, callback)), dead)
    t.equal(verdict(await rp.refresh(second.refreshToken)), dead)
  })

  for (const [name, wrong] of [
    ['with a wrong verifier', { code_verifier: 'w'.repeat(43) }],
    ['without a verifier', { code_verifier: undefined }],
    ['with another redirect URI', { redirect_uri: 'https://evil.example.test/cb' }],
  ] as const)
    void t.test(
      `${client.id}: a replay ${name} does not hurt the owner (OAuth 2.1 §7.5.2)`,
      async (t) => {
        const { request, callback } = await code()
        const tokens = tokensOf(await rp.redeem(request, callback))
        const answer = await rp.redeem(request, callback, wrong)
        t.match(verdict(answer), /^400 invalid_(grant|request)$/)
        t.equal((await provider.userinfo(tokens.accessToken)).status, 200)
        t.ok(tokensOf(await rp.refresh(tokens.refreshToken)).refreshToken)
      },
    )

  void t.test(`${client.id}: a replay by another client does not hurt the owner`, async (t) => {
    const { request, callback } = await code()
    const tokens = tokensOf(await rp.redeem(request, callback))
    const thief = new RelyingParty(provider, rival)
    t.equal(verdict(await thief.redeem(request, callback)), dead)
    t.ok(tokensOf(await rp.refresh(tokens.refreshToken)).refreshToken)
  })

  void t.test(`${client.id}: a replay kills that one grant and no other`, async (t) => {
    const browser = new Browser(identity.issuer)
    const one = await rp.code(browser, { scope })
    const two = await rp.code(browser, { scope })
    const tokens = tokensOf(await rp.redeem(one.request, one.callback))
    const others = tokensOf(await rp.redeem(two.request, two.callback))
    t.equal(verdict(await rp.redeem(one.request, one.callback)), dead)
    t.equal(verdict(await rp.refresh(tokens.refreshToken)), dead)
    t.ok(tokensOf(await rp.refresh(others.refreshToken)).refreshToken)
  })

  void t.test(`${client.id}: a replay long after the code’s life gives nothing`, async (t) => {
    const { request, callback } = await code()
    const tokens = tokensOf(await rp.redeem(request, callback))
    identity.clock.advance(3600)
    t.equal(verdict(await rp.redeem(request, callback)), dead)
    t.type(tokens.refreshToken, 'string')
  })

  void t.test(`${client.id}: an expired code never redeemed leaves no grant behind`, async (t) => {
    const { request, callback } = await code()
    identity.clock.advance(61)
    for (let i = 0; i < 3; i += 1) t.equal(verdict(await rp.redeem(request, callback)), dead)
  })
}

void t.test('50 codes of one session, redeemed at once, are 50 grants', async (t) => {
  const rp = new RelyingParty(provider, judge)
  const browser = new Browser(identity.issuer)
  await rp.signIn(browser)
  const codes = await Promise.all(Array.from({ length: 50 }, () => rp.code(browser, { scope })))
  const tokens = (
    await Promise.all(codes.map(({ request, callback }) => rp.redeem(request, callback)))
  ).map(tokensOf)
  t.equal(new Set(tokens.map(({ refreshToken }) => refreshToken)).size, 50)
  t.equal(new Set(tokens.map(({ accessToken }) => accessToken)).size, 50)
})

void t.test('a code that outlives its access token is spent all the same', async (t) => {
  const settings = { access_token_ttl_seconds: 60, code_ttl_seconds: 600 }
  const lasting = await startIdentity(t, { config: world(settings) })
  const rp = new RelyingParty(new Provider(lasting.issuer), narrow)
  const { request, callback } = await rp.code(new Browser(lasting.issuer), { scope: 'openid' })
  t.equal(verdict(await rp.redeem(request, callback)), '200')
  lasting.clock.advance(500)
  await lasting.maintain()
  t.equal(verdict(await rp.redeem(request, callback)), dead)
})
