// Two processes, one PostgreSQL: an account closed at one is closed at the other at once.
import t from 'tap'
import { Browser, mustReturn } from '../helpers/browser.ts'
import { withoutPostgres } from '../helpers/database.ts'
import { startProcesses } from '../helpers/identity.ts'
import { Provider, verdict } from '../helpers/provider.ts'
import { pathOf } from '../helpers/registering.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { bob, inspector, judge, world } from '../helpers/world.ts'

t.setTimeout(120_000)
const skip = await withoutPostgres()

void t.test('after a person has left at one process', { skip }, async (t) => {
  const { issuer, origins } = await startProcesses(t, { config: world(), count: 2 })
  const [north = issuer, south = issuer] = origins
  const rpNorth = new RelyingParty(new Provider(issuer, north), judge)
  const rpSouth = new RelyingParty(new Provider(issuer, south), judge)
  const scope = { scope: 'openid offline_access' }
  const [here, there] = [new Browser(issuer, north), new Browser(issuer, south)]
  const one = await rpNorth.signIn(here, scope, { person: bob })
  const two = await rpSouth.signIn(there, scope, { person: bob })
  const stolen = here.twin()
  stolen.origin = south
  const pending = await rpSouth.code(there, scope)

  const page = await here.open(`${issuer}/account/delete`)
  const gone = await here.submit(page, { confirm: 'DELETE' })
  t.equal(pathOf(gone), '/keep-account')

  for (const [what, browser] of [
    ['the other device', there],
    ['a copy of the cookie', stolen],
  ] as const)
    for (const origin of [north, south]) {
      browser.origin = origin
      const asked = await rpNorth.request({ prompt: 'none' })
      const { params } = mustReturn(await browser.authorize(asked.url))
      t.equal(params.get('error'), 'login_required', `${what} at ${origin}`)
    }
  for (const { tokens } of [one, two])
    for (const rp of [rpSouth, rpNorth]) {
      t.equal(verdict(await rp.refresh(tokens.refreshToken)), '400 invalid_grant')
      t.equal((await rp.provider.userinfo(tokens.accessToken)).status, 401)
      const seen = await rp.provider.introspect(tokens.accessToken, inspector.authentication)
      t.same(seen, { active: false })
    }
  t.equal(
    verdict(await rpSouth.redeem(pending.request, pending.callback)),
    '400 invalid_grant',
    'nor does a code that was on its way',
  )

  const back = new Browser(issuer, south)
  const kept = await back.submit(await back.open(gone.url), {})
  t.equal(pathOf(kept), '/login', 'the way back is at every process')
  const again = await rpNorth.signIn(new Browser(issuer, north), {}, { person: bob })
  t.ok(again.tokens.idToken)
})
