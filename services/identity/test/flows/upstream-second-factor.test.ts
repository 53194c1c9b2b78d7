// Another provider is a first proof: what the operator and the account ask for besides is asked for after it.
import t from 'tap'
import { Browser, stepOf } from '../helpers/browser.ts'
import { needsPostgres } from '../helpers/database.ts'
import { startIdentity } from '../helpers/identity.ts'
import { pathOf, registering } from '../helpers/registering.ts'
import { factorRoom, showCode } from '../helpers/second-factor.ts'
import { clientId, clientSecret, startUpstream, visit } from '../helpers/upstream.ts'
import { world } from '../helpers/world.ts'

await needsPostgres(t)

const upstream = await startUpstream(t)

async function house(settings: Record<string, unknown>) {
  const identity = await startIdentity(t, {
    config: world(settings),
    database: 'postgres',
    env: {
      GOOGLE_CLIENT_ID: clientId,
      GOOGLE_CLIENT_SECRET: clientSecret,
      GOOGLE_ISSUER: upstream.issuerOf('google'),
    },
  })
  const room = await factorRoom(t, identity.databaseUrl ?? '')
  const byGoogle = async (browser: Browser) => visit(browser, `${identity.issuer}/auth/google`)
  return { ...registering(identity), identity, room, byGoogle }
}

const as = (name: string) => {
  const email = `${name}@gmail.com`
  upstream.person('google', { sub: `sub-${name}`, email, email_verified: true, name })
  return { email }
}

void t.test('with a second factor: no session before it was shown', async (t) => {
  const { identity, room, byGoogle, isSignedIn } = await house({ sign_up: 'open' })
  const person = as('lin')
  await byGoogle(new Browser(identity.issuer))
  const { userId, app } = await room.enrol(person)
  const before = await room.count('sessions', userId)

  const browser = new Browser(identity.issuer)
  const page = await byGoogle(browser)
  t.equal(stepOf(page), 'mfa')
  t.equal(await room.count('sessions', userId), before, 'no session yet')
  for (const path of ['/account', '/account/two-step', '/account/connections'])
    t.match(pathOf(await browser.open(`${identity.issuer}${path}`)), '/login', path)
  const wrong = await showCode(browser, page, '000000')
  t.equal(wrong.status, 401)
  t.equal(await room.count('sessions', userId), before, 'nor after a wrong code')

  await showCode(browser, page, app.code(identity.clock.now()))
  t.ok(await isSignedIn(browser))
  const latest = (await room.liveSessions(userId)).at(-1)
  t.match(latest, { acr: 'aal2', amr: ['fed', 'otp', 'mfa'] })
})

void t.test('where one is required and there is none: set up first', async (t) => {
  const { identity, room, byGoogle, isSignedIn } = await house({ sign_up: 'open', mfa: 'required' })
  const person = as('mae')
  const browser = new Browser(identity.issuer)
  const page = await byGoogle(browser)
  t.equal(pathOf(page), '/enrol')
  t.equal(await room.count('sessions', await room.userId(person)), 0)
  t.notOk(await isSignedIn(browser))
})
