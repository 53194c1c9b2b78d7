// "Sign out everywhere", an application removed: at once at every process (invariant 8).
import t from 'tap'
import { Browser, fieldOf } from '../helpers/browser.ts'
import { startProcesses } from '../helpers/identity.ts'
import { Provider, tokensOf, verdict } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { ada, asker, bob, inspector, judge, world } from '../helpers/world.ts'

t.setTimeout(180_000)

const { issuer, origins } = await startProcesses(t, { config: world(), count: 2 })
const [north = issuer, south = issuer] = origins
const providers = [new Provider(issuer, north), new Provider(issuer, south)] as const
const everyOrigin = [north, south]
const dead = '400 invalid_grant'

/** A browser at one of the processes, signed in, and an application's tokens from it. */
async function device(n: number, person = ada, client = judge) {
  const provider = providers[n % 2 === 0 ? 0 : 1]
  const browser = new Browser(issuer, provider.origin)
  const scope = 'openid offline_access notes:read'
  const { tokens } = await new RelyingParty(provider, client).signIn(browser, { scope }, { person })
  return { browser, client, tokens }
}
type Device = Awaited<ReturnType<typeof device>>

/** What each process says to a device: its cookie, its refresh token, its access token. */
async function standing({ browser, client, tokens }: Device): Promise<string[]> {
  const answers = everyOrigin.map(async (origin, at) => {
    const provider = providers[at === 0 ? 0 : 1]
    const here = browser.twin()
    here.origin = origin
    const page = await here.get(`${issuer}/account`)
    const refreshed = await new RelyingParty(provider, client).refresh(tokens.refreshToken)
    const userinfo = await provider.userinfo(tokens.accessToken)
    const { active } = await provider.introspect(tokens.accessToken, inspector.authentication)
    return [page.status, verdict(refreshed), userinfo.status, String(active)].join(' ')
  })
  return Promise.all(answers)
}
const all = (words: string) => everyOrigin.map(() => words)

async function press(browser: Browser, path: string, form: Record<string, string>) {
  const page = await browser.open(`${issuer}/account/sessions`)
  return browser.post(`${issuer}${path}`, { csrf: fieldOf(page, 'csrf'), ...form })
}

void t.test('all other devices: refused at both from the next request on', async (t) => {
  const here = await device(0)
  const others = [await device(1), await device(2), await device(3)]
  const foreign = await device(4, bob)
  t.same(await standing(here), all('200 200 200 true'), 'both let it in before')
  const answer = await press(here.browser, '/account/sessions', { all: 'others' })
  t.equal(answer.status, 303)
  for (const other of others) t.same(await standing(other), all(`303 ${dead} 401 false`))
  t.match((await standing(here))[0], /^200 /, 'this one stays')
  t.match((await standing(foreign))[0], /^200 /, 'and so does everybody else')
})

void t.test('everywhere: nothing of the person lives, here neither', async (t) => {
  const devices = [await device(0), await device(1), await device(2)]
  const [here] = devices
  if (here === undefined) return
  // Tokens of a second application, in the same browser.
  const rp = new RelyingParty(providers[0], asker)
  const { tokens } = await rp.signIn(here.browser, { scope: 'openid offline_access' })
  const answer = await press(here.browser, '/account/sessions', { all: 'everywhere' })
  t.equal(answer.status, 303)
  for (const one of [...devices, { ...here, client: asker, tokens }])
    t.same(await standing(one), all(`303 ${dead} 401 false`))
})

void t.test('an application removed at one is refused at the other', async (t) => {
  const [first, second] = [await device(0, ada, asker), await device(1, ada, asker)]
  const other = await device(0)
  const path = '/account/apps/remove?client_id=asker'
  t.equal((await press(first.browser, path, {})).status, 303)
  for (const one of [first, second])
    t.same(await standing(one), all(`200 ${dead} 401 false`), 'its tokens are dead, not the person')
  t.same(await standing(other), all('200 200 200 true'), 'other applications go on')
})

void t.test('refreshing while it is removed: afterwards nothing lives', async (t) => {
  for (let round = 0; round < 3; round += 1) {
    const { browser, tokens } = await device(round, ada, asker)
    const csrf = fieldOf(await browser.open(`${issuer}/account/apps`), 'csrf')
    const rps = providers.map((provider) => new RelyingParty(provider, asker))
    const [removed, ...refreshed] = await Promise.all([
      browser.post(`${issuer}/account/apps/remove?client_id=asker`, { csrf }),
      ...Array.from({ length: 8 }, async (_, n) => rps[n % 2]?.refresh(tokens.refreshToken)),
    ])
    t.equal(removed.status, 303)
    const newest = refreshed.flatMap((answer) =>
      answer?.status === 200 ? [tokensOf(answer).refreshToken] : [],
    )
    for (const token of [tokens.refreshToken, ...newest])
      for (const rp of rps) t.equal(verdict(await rp.refresh(token)), dead)
  }
})
