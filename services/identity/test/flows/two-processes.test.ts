import t from 'tap'
import { Browser, mustReturn } from '../helpers/browser.ts'
import { startProcesses } from '../helpers/identity.ts'
import { Provider, tokensOf, verdict } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { ada, inspector, judge, world } from '../helpers/world.ts'

// Two processes, one PostgreSQL, one issuer: no sticky sessions, no memory that decides.
const { issuer, origins } = await startProcesses(t, { config: world(), count: 2 })
const [north = issuer, south = issuer] = origins
const rpNorth = new RelyingParty(new Provider(issuer, north), judge)
const rpSouth = new RelyingParty(new Provider(issuer, south), judge)
const scope = 'openid offline_access notes:read'
const dead = '400 invalid_grant'

const rounds = 5

void t.test('they are two, and one issuer', async (t) => {
  t.not(north, south)
  for (const rp of [rpNorth, rpSouth]) t.equal((await rp.provider.metadata())['issuer'], issuer)
  t.same(await rpNorth.provider.keys(), await rpSouth.provider.keys(), 'the same keys')
})

void t.test('a conversation wanders: each request to the other process', async (t) => {
  const browser = new Browser(issuer, north)
  const request = await rpNorth.request({ scope })
  const first = await browser.open(request.url)
  browser.origin = south
  const next = await browser.signIn(first, ada)
  browser.origin = north
  const callback = mustReturn(await browser.walk(next, { person: ada }))
  const tokens = tokensOf(await rpSouth.redeem(request, callback))
  t.equal((await rpNorth.provider.userinfo(tokens.accessToken)).status, 200)
  t.equal(verdict(await rpNorth.refresh(tokens.refreshToken)), '200')
})

void t.test(`refresh race: ${rounds} rounds of 20 on both, one rotation each`, async (t) => {
  const browser = new Browser(issuer, north)
  for (let round = 0; round < rounds; round += 1) {
    const { tokens } = await rpNorth.signIn(browser, { scope })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 === 0 ? rpNorth : rpSouth).refresh(tokens.refreshToken),
      ),
    )
    const all = answers.map(tokensOf)
    t.equal(new Set(all.map(({ refreshToken }) => refreshToken)).size, 1, 'one refresh token')
    t.equal(new Set(all.map(({ accessToken }) => accessToken)).size, 1, 'one access token')
    t.equal(verdict(await rpSouth.refresh(all[0]?.refreshToken ?? '')), '200')
  }
})

void t.test(`code race: ${rounds} rounds of 20 on both, one success each`, async (t) => {
  const browser = new Browser(issuer, south)
  for (let round = 0; round < rounds; round += 1) {
    const { request, callback } = await rpSouth.code(browser, { scope })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 === 0 ? rpNorth : rpSouth).redeem(request, callback),
      ),
    )
    const verdicts = answers.map(verdict)
    t.equal(verdicts.filter((seen) => seen === '200').length, 1)
    t.equal(verdicts.filter((seen) => seen === dead).length, 19)
  }
})

void t.test('revoked at one, dead at the other at once (invariant 8)', async (t) => {
  const { tokens } = await rpNorth.signIn(new Browser(issuer, north), { scope })
  await rpNorth.provider.revoke(tokens.refreshToken, judge.authentication)
  t.equal(verdict(await rpSouth.refresh(tokens.refreshToken)), dead)
  t.equal((await rpSouth.provider.userinfo(tokens.accessToken)).status, 401)
  const seen = await rpSouth.provider.introspect(tokens.accessToken, inspector.authentication)
  t.same(seen, { active: false })
})

void t.test('signed out at one, signed out at the other', async (t) => {
  const browser = new Browser(issuer, north)
  const { tokens } = await rpNorth.signIn(browser, { scope })
  const url = String((await rpNorth.provider.metadata())['end_session_endpoint'])
  const stolen = browser.twin()
  await browser.open(`${url}?id_token_hint=${tokens.idToken}`)
  stolen.origin = south
  const { params } = mustReturn(
    await stolen.authorize((await rpSouth.request({ prompt: 'none' })).url),
  )
  t.equal(params.get('error'), 'login_required')
  t.equal(verdict(await rpSouth.refresh(tokens.refreshToken)), dead)
})

void t.test('revocation races rotation on both: afterwards nothing lives', async (t) => {
  const browser = new Browser(issuer, south)
  for (let round = 0; round < rounds; round += 1) {
    const { tokens } = await rpSouth.signIn(browser, { scope })
    const [revoked, ...rotations] = await Promise.all([
      rpSouth.provider.revoke(tokens.refreshToken, judge.authentication),
      ...Array.from({ length: 8 }, (_, i) =>
        (i % 2 === 0 ? rpNorth : rpSouth).refresh(tokens.refreshToken),
      ),
    ])
    t.equal(revoked.status, 200)
    for (const answer of rotations)
      if (answer.status === 200)
        t.equal(verdict(await rpNorth.refresh(tokensOf(answer).refreshToken)), dead)
    t.equal(verdict(await rpNorth.refresh(tokens.refreshToken)), dead)
  }
})

void t.test('120 wrong passwords over both processes stay within one budget', async (t) => {
  const tries = await Promise.all(
    Array.from({ length: 120 }, async (_, i) => {
      const browser = new Browser(issuer, i % 2 === 0 ? north : south)
      const page = await browser.open((await rpNorth.request()).url)
      return { browser, page }
    }),
  )
  const answers = []
  for (let i = 0; i < tries.length; i += 20)
    answers.push(
      ...(await Promise.all(
        tries
          .slice(i, i + 20)
          .map(({ browser, page }) =>
            browser.signIn(page, { email: 'target@example.test', password: 'wrong' }),
          ),
      )),
    )
  const checked = answers.filter(({ status }) => status !== 429).length
  // 503 is the full hashing queue, which checks nothing either.
  const busy = answers.filter(({ status }) => status === 503).length
  t.ok(checked - busy <= 100, `${checked} of 120 were checked, the budget is 100`)
})
