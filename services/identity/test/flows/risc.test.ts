import t from 'tap'
import { Browser } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { registering } from '../helpers/registering.ts'
import {
  type Claims,
  clientId,
  clientSecret,
  hmacSigned,
  signed,
  startUpstream,
  unsigned,
  visit,
} from '../helpers/upstream.ts'
import { send } from '../helpers/wire.ts'
import { world } from '../helpers/world.ts'

// News from Google of accounts in danger: OpenID RISC 1.0, RFC 8417, RFC 8935.
const upstream = await startUpstream(t)
const issuer = upstream.issuerOf('google')
const identity = await startIdentity(t, {
  config: world(),
  env: { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret, GOOGLE_ISSUER: issuer },
})
const { isSignedIn } = registering(identity)
let jtis = 0

function event(type: string, more: Claims = {}, sub = 'sub-1'): Claims {
  const subject = { subject_type: 'iss-sub', iss: `${issuer}/`, sub }
  return {
    iss: `${issuer}/`,
    aud: [clientId, 'another-client'],
    iat: Math.floor(Date.now() / 1000) - 86_400,
    jti: `jti-${(jtis += 1)}`,
    events: { [`https://schemas.openid.net/secevent/${type}`]: { subject, reason: 'hijacking' } },
    ...more,
  }
}

async function tell(token: string, type = 'application/secevent+jwt'): Promise<number> {
  const headers = { 'content-type': type }
  const url = `${identity.issuer}/auth/google/risc`
  return (await send(url, { method: 'POST', headers, body: token })).status
}

async function signIn(sub = 'sub-1'): Promise<Browser> {
  upstream.person('google', { sub, email: `${sub}@gmail.com`, email_verified: true })
  const browser = new Browser(identity.issuer)
  await visit(browser, `${identity.issuer}/auth/google`)
  return browser
}

const own = async (claims: Claims) => signed(claims, upstream.keys.current)

for (const type of [
  'risc/event-type/sessions-revoked',
  'risc/event-type/account-disabled',
  'oauth/event-type/tokens-revoked',
])
  void t.test(`${type} ends the sessions of its person`, async (t) => {
    const [browser, other] = [await signIn(), await signIn('sub-2')]
    t.equal(await isSignedIn(browser), true)
    const token = await own(event(type))
    t.equal(await tell(token), 202)
    t.equal(await isSignedIn(browser), false)
    t.equal(await isSignedIn(other), true, 'and of nobody else')
    const later = await signIn()
    t.equal(await tell(token), 202, 'delivered again')
    t.equal(await isSignedIn(later), true, 'it is done once')
  })

void t.test('other news end nothing', async (t) => {
  const browser = await signIn()
  t.equal(await tell(await own(event('risc/event-type/account-enabled'))), 202)
  t.equal(await tell(await own(event('risc/event-type/sessions-revoked', {}, 'nobody'))), 202)
  const verification = event('risc/event-type/verification', {
    events: { 'https://schemas.openid.net/secevent/risc/event-type/verification': { state: 'x' } },
  })
  t.equal(await tell(await own(verification)), 202)
  t.equal(await isSignedIn(browser), true)
})

void t.test('what is not Google’s, or not for us, ends nothing', async (t) => {
  const browser = await signIn()
  const good = event('risc/event-type/sessions-revoked')
  const { events: _events, ...eventless } = good
  const tokens: Record<string, string> = {
    'another key': await signed(good, upstream.keys.stranger),
    'an unknown key': await signed(good, upstream.keys.stranger, 'unknown'),
    'no signature': unsigned(good),
    'an HMAC': hmacSigned(good, upstream.keys.publicPem),
    'another issuer': await own({ ...good, iss: 'https://evil.test' }),
    'another audience': await own({ ...good, aud: 'another-client' }),
    'no jti': await own({ ...good, jti: undefined }),
    'no events': await own(eventless),
    'no token': 'made up',
    nothing: '',
  }
  for (const [name, token] of Object.entries(tokens)) t.equal(await tell(token), 400, name)
  t.equal(await tell(await own(good), 'application/json'), 415, 'as JSON')
  t.equal(await isSignedIn(browser), true)
  t.equal(await tell(await own(good)), 202, 'the control')
  t.equal(await isSignedIn(browser), false)
})
