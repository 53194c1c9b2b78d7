import { setTimeout as wait } from 'node:timers/promises'
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

async function answerTo(token: string, type = 'application/secevent+jwt') {
  const headers = { 'content-type': type }
  return send(`${identity.issuer}/auth/google/risc`, { method: 'POST', headers, body: token })
}
const tell = async (token: string, type?: string) => (await answerTo(token, type)).status

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
    'no iat': await own({ ...good, iat: undefined }),
    'an iat that is text': await own({ ...good, iat: 'today' }),
    'a list of events': await own({ ...good, events: [] }),
    'no events': await own(eventless),
    'no token': 'made up',
    nothing: '',
  }
  for (const [name, token] of Object.entries(tokens)) t.equal(await tell(token), 400, name)
  // RFC 8935 §2.4: by its own codes, so that the sender knows what to mend.
  for (const [name, err] of [
    ['another key', 'invalid_key'],
    ['an unknown key', 'invalid_key'],
    ['an HMAC', 'invalid_key'],
    ['another issuer', 'invalid_issuer'],
    ['another audience', 'invalid_audience'],
    ['no jti', 'invalid_request'],
    ['no token', 'invalid_request'],
  ] as const) {
    const answer = await answerTo(tokens[name] ?? '')
    t.match(JSON.parse(answer.body), { err, description: /\w/ }, name)
    t.match(answer.headers.get('content-type'), 'application/json')
  }
  t.equal(await tell(await own(good), 'application/json'), 415, 'as JSON')
  t.equal(await isSignedIn(browser), true)
  t.equal(await tell(await own(good)), 202, 'the control')
  t.equal(await isSignedIn(browser), false)
})

void t.test('whom it is about', async (t) => {
  const [one, two] = [await signIn('sub-7'), await signIn('sub-8')]
  const of = (sub: string) => ({ subject: { subject_type: 'iss-sub', iss: issuer, sub } })
  const type = (name: string) => `https://schemas.openid.net/secevent/risc/event-type/${name}`
  const events = {
    [type('account-enabled')]: of('sub-7'),
    [type('sessions-revoked')]: of('sub-8'),
  }
  t.equal(await tell(await own(event('', { events }))), 202)
  t.equal(await isSignedIn(one), true, 'news of somebody else in one token')
  t.equal(await isSignedIn(two), false)
  const revoked = 'risc/event-type/sessions-revoked'
  for (const sub of ['sub-7\0', '\ud800', ''])
    t.equal(await tell(await own(event(revoked, {}, sub))), 202, `nobody: ${JSON.stringify(sub)}`)
  const old = { iat: Math.floor(Date.now() / 1000) - 31 * 86_400 }
  t.equal(await tell(await own(event(revoked, old, 'sub-7'))), 202)
  t.equal(await isSignedIn(one), true, 'kept back for longer than we remember')
})

void t.test('whatever strangers send, the provider is asked for its keys seldom', async (t) => {
  let asked = 0
  let answer: readonly [number, string] = [500, '{}']
  upstream.behave('google', {
    answer(path, response) {
      if (path !== '/keys') return false
      asked += 1
      const [status, body] = answer
      const never = { 'content-type': 'application/json', 'cache-control': 'no-store' }
      response.writeHead(status, never).end(body)
      return true
    },
  })
  t.teardown(() => upstream.behave('google', {}))
  // A service that has not seen the keys yet.
  const fresh = await startIdentity(t, {
    config: world(),
    env: { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret, GOOGLE_ISSUER: issuer },
  })
  const headers = { 'content-type': 'application/secevent+jwt' }
  const url = `${fresh.issuer}/auth/google/risc`
  const strange = async (body: string) =>
    (await send(url, { method: 'POST', headers, body })).status
  const tokens = [
    'made up',
    await own(event('risc/event-type/sessions-revoked')),
    await signed(event('risc/event-type/sessions-revoked'), upstream.keys.stranger, 'unknown'),
  ]
  const many = async () => {
    const sent = Array.from({ length: 60 }, async (_, n) => strange(tokens[n % 3] ?? ''))
    return [...new Set(await Promise.all(sent))]
  }
  t.same(await many(), [503], 'no keys is no fault of the token: it may be sent again')
  t.ok(asked <= 3, `${asked} requests for 60 tokens while it is down`)
  answer = [200, '{"keys":[null]}']
  const before = asked
  for (let tries = 0; tries < 100; tries += 1) {
    await wait(50)
    if (asked > before) break
    t.equal(await strange('made up'), 503)
  }
  t.equal(asked, before + 1, 'it is asked again after a while')
})
