import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { generateKeyPair } from 'jose'
import t, { type Test } from 'tap'
import { Browser } from '../helpers/browser.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { registering } from '../helpers/registering.ts'
import {
  type Behaviour,
  answerOf,
  hmacSigned,
  signed,
  startUpstream,
  unsigned,
} from '../helpers/upstream.ts'
import { ada, world } from '../helpers/world.ts'

// Providers that lie, break or are down: no session, a page with a way on, and nothing half-made.
t.setTimeout(180_000)
const upstream = await startUpstream(t)
const now = () => Math.floor(Date.now() / 1000)
const big = 'x'.repeat(10_000_000)
const json = { 'content-type': 'application/json' }
const at =
  (path: string, answer: (response: Parameters<NonNullable<Behaviour['answer']>>[1]) => void) =>
  (asked: string, response: Parameters<NonNullable<Behaviour['answer']>>[1]): boolean => {
    if (asked !== path) return false
    answer(response)
    return true
  }
const elsewhere = 'http://169.254.169.254/latest/meta-data'
const discovery = '/.well-known/openid-configuration'

/** What goes wrong at the way back. */
const refusedAtReturn: Readonly<Record<string, Behaviour>> = {
  'issuer-other': { claims: (claims) => ({ ...claims, iss: 'https://evil.test' }) },
  'issuer-list': { claims: (claims) => ({ ...claims, iss: [claims['iss']] }) },
  'issuer-slash': { claims: (claims) => ({ ...claims, iss: `${String(claims['iss'])}/` }) },
  'audience-other': { claims: (claims) => ({ ...claims, aud: 'another-client' }) },
  'audience-missing': { claims: ({ aud: _aud, ...claims }) => claims },
  'azp-other': { claims: (claims) => ({ ...claims, azp: 'another-client' }) },
  'audience-several': { claims: (claims) => ({ ...claims, aud: [claims['aud'], 'another'] }) },
  'nonce-other': { claims: (claims) => ({ ...claims, nonce: 'another' }) },
  'nonce-missing': { claims: ({ nonce: _nonce, ...claims }) => claims },
  expired: { claims: (claims) => ({ ...claims, iat: now() - 900, exp: now() - 300 }) },
  'expiry-missing': { claims: ({ exp: _exp, ...claims }) => claims },
  'not-yet': { claims: (claims) => ({ ...claims, nbf: now() + 600 }) },
  'subject-missing': { claims: ({ sub: _sub, ...claims }) => claims },
  'subject-empty': { claims: (claims) => ({ ...claims, sub: '' }) },
  'subject-endless': { claims: (claims) => ({ ...claims, sub: 's'.repeat(256) }) },
  'subject-number': { claims: (claims) => ({ ...claims, sub: 7 }) },
  'subject-nul': { claims: (claims) => ({ ...claims, sub: 'a\0b' }) },
  // Two of these would be one text to the database.
  'subject-half': { claims: (claims) => ({ ...claims, sub: 'a\ud800' }) },
  'issued-long-ago': { claims: (claims) => ({ ...claims, iat: now() - 7200 }) },
  'issued-tomorrow': { claims: (claims) => ({ ...claims, iat: now() + 86_400 }) },
  'algorithm-none': { sign: async (claims) => unsigned(claims) },
  'algorithm-hmac': { sign: async (claims, { publicPem }) => hmacSigned(claims, publicPem) },
  'key-other': { sign: async (claims, { stranger }) => signed(claims, stranger) },
  'key-unknown': { sign: async (claims, { stranger }) => signed(claims, stranger, 'unknown') },
  'token-missing': { token: ({ id_token: _token, ...answer }) => answer },
  'token-400': {
    answer: at('/token', (response) =>
      response.writeHead(400, json).end('{"error":"invalid_grant"}'),
    ),
  },
  'token-500': { answer: at('/token', (response) => response.writeHead(500).end('oops')) },
  'token-html': {
    answer: at('/token', (response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Hello</p>'),
    ),
  },
  'token-redirects': {
    answer: at('/token', (response) =>
      response.writeHead(307, { ...json, location: elsewhere }).end(),
    ),
  },
  'token-broken': { answer: at('/token', (response) => response.writeHead(200, json).end('{')) },
  'keys-big': { answer: at('/keys', (response) => response.writeHead(200, json).end(big)) },
  'keys-none': { answer: at('/keys', (response) => response.writeHead(200, json).end('{}')) },
  'keys-elsewhere': { discovery: (metadata) => ({ ...metadata, jwks_uri: elsewhere }) },
  'token-elsewhere': { discovery: (metadata) => ({ ...metadata, token_endpoint: elsewhere }) },
  'callback-no-issuer': { callback: (parameters) => parameters.delete('iss') },
  'callback-other-issuer': { callback: (parameters) => parameters.set('iss', 'https://evil.test') },
  'callback-no-code': { callback: (parameters) => parameters.delete('code') },
  'callback-cancelled': {
    callback(parameters) {
      parameters.delete('code')
      parameters.set('error', 'access_denied')
    },
  },
  'callback-error': {
    callback(parameters) {
      parameters.delete('code')
      parameters.set('error', 'server_error')
      parameters.set('error_description', '<script>alert(1)</script>')
    },
  },
  'callback-error-long': {
    callback(parameters) {
      parameters.delete('code')
      parameters.set('error', `${'x'.repeat(99)}\u{1f600}`)
    },
  },
}

/** What goes wrong before anybody leaves. */
const refusedAtStart: Readonly<Record<string, Behaviour>> = {
  'discovery-404': { answer: at(discovery, (response) => response.writeHead(404, json).end('{}')) },
  'discovery-html': {
    answer: at(discovery, (response) => response.setHeader('content-type', 'text/html').end('<p>')),
  },
  'discovery-big': { answer: at(discovery, (response) => response.writeHead(200, json).end(big)) },
  'discovery-slow': { answer: at(discovery, () => undefined) },
  'discovery-redirects': {
    answer: at(discovery, (response) =>
      response.writeHead(302, { ...json, location: elsewhere }).end(),
    ),
  },
  'discovery-issuer': {
    discovery: (metadata) => ({ ...metadata, issuer: 'https://evil.test' }),
  },
  'discovery-no-endpoint': {
    discovery: ({ authorization_endpoint: _endpoint, ...metadata }) => metadata,
  },
}

const cases = { ...refusedAtReturn, ...refusedAtStart }
for (const [name, behaviour] of Object.entries(cases)) upstream.behave(name, behaviour)

const port = { free: 0 }
const down = createServer().listen(0, '127.0.0.1', () => {
  const address = down.address()
  port.free = typeof address === 'object' && address !== null ? address.port : 0
})
await new Promise((resolve) => down.once('listening', resolve))
await new Promise((resolve) => down.close(resolve))

// Twenty at most are configured at once.
const names = Object.keys(cases)
const services = await Promise.all(
  [0, 1, 2].map(async (at) => {
    const some = names.slice(at * 18, at * 18 + 18)
    const recovering = upstream.entry('recovering', {
      issuer: `http://127.0.0.1:${port.free}/recovering`,
    })
    const providers = [
      ...some.map((name) => upstream.entry(name, { trust_email: true })),
      recovering,
    ]
    return startIdentity(t, { config: { ...world(), providers } })
  }),
)
const serviceOf = (name: string) => services[Math.floor(names.indexOf(name) / 18)]?.issuer ?? ''

async function expectNobody(t: Test, issuer: string, name: string, browser: Browser) {
  const { isSignedIn, mailsTo } = registering({ issuer })
  t.equal(await isSignedIn(browser), false, 'no session')
  t.same(await mailsTo(`${name}@acme.test`), [], 'nobody is written to')
}

for (const name of Object.keys(refusedAtReturn))
  void t.test(`refused: ${name}`, async (t) => {
    const issuer = serviceOf(name)
    upstream.person(name, { sub: name, email: `${name}@acme.test`, email_verified: true })
    const browser = new Browser(issuer)
    const answer = await browser.open(await answerOf(browser, `${issuer}/auth/${name}`))
    const cancelled = name === 'callback-cancelled'
    t.equal(answer.status >= 400, !cancelled, String(answer.status))
    t.match(
      textOf(answer.body),
      cancelled ? /was cancelled/ : /did not work|cannot be reached|did not sign you in/,
    )
    t.match(answer.body, `href="/auth/${name}"`, 'try again')
    t.match(answer.body, 'href="/login"', 'another way')
    t.notMatch(answer.body, '<script>alert')
    await expectNobody(t, issuer, name, browser)
  })

for (const name of Object.keys(refusedAtStart))
  void t.test(`not begun: ${name}`, async (t) => {
    const issuer = serviceOf(name)
    const browser = new Browser(issuer)
    const began = performance.now()
    const answer = await browser.open(`${issuer}/auth/${name}`)
    t.ok(performance.now() - began < 10_000, 'within ten seconds')
    t.ok(answer.status >= 500, String(answer.status))
    t.match(answer.body, 'href="/login"', 'another way')
    const again = performance.now()
    await browser.open(`${issuer}/auth/${name}`)
    t.ok(performance.now() - again < 900, 'the next one does not wait')
    t.equal(
      await registering({ issuer }).signsIn(ada.email, ada.password),
      true,
      'nor do passwords',
    )
  })

void t.test('none of them left an account behind', async (t) => {
  for (const name of ['nonce-other', 'key-other', 'callback-other-issuer']) {
    const { newBrowser, register, mailTo } = registering({ issuer: serviceOf(name) })
    await register(newBrowser(), `${name}@acme.test`)
    const mail = await mailTo(`${name}@acme.test`)
    t.match(mail.code, /^\d{6}$/, 'whoever registers that address is new')
  }
})

void t.test('the control: nothing is wrong, and somebody is signed in', async (t) => {
  const issuer = serviceOf('issuer-other')
  upstream.behave('issuer-other', {})
  const browser = new Browser(issuer)
  await browser.open(await answerOf(browser, `${issuer}/auth/issuer-other`))
  t.equal(await registering({ issuer }).isSignedIn(browser), true)
})

void t.test('keys that change are fetched again at once', async (t) => {
  const issuer = serviceOf('issuer-other')
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const { exportJWK } = await import('jose')
  const key = { ...(await exportJWK(publicKey)), kid: 'next', alg: 'RS256', use: 'sig' }
  upstream.behave('issuer-other', {
    sign: async (claims) => signed(claims, privateKey, 'next'),
    answer: at('/keys', (response) =>
      response.writeHead(200, json).end(JSON.stringify({ keys: [key] })),
    ),
  })
  const browser = new Browser(issuer)
  await browser.open(await answerOf(browser, `${issuer}/auth/issuer-other`))
  t.equal(await registering({ issuer }).isSignedIn(browser), true)
})

void t.test('a provider that comes back is found without a restart', async (t) => {
  const issuer = services[0]?.issuer ?? ''
  const browser = new Browser(issuer)
  t.equal((await browser.open(`${issuer}/auth/recovering`)).status, 503)
  const base = `http://127.0.0.1:${port.free}/recovering`
  const server = createServer((_request, response) => {
    response.writeHead(200, json).end(
      JSON.stringify({
        issuer: base,
        authorization_endpoint: `${base}/authorize`,
        token_endpoint: `${base}/token`,
        jwks_uri: `${base}/keys`,
      }),
    )
  }).listen(port.free, '127.0.0.1')
  t.teardown(() => server.close())
  for (let tries = 0; ; tries += 1) {
    const { status } = await browser.get(`${issuer}/auth/recovering`)
    if (status === 303 || tries === 100) return t.equal(status, 303)
    await wait(100)
  }
})
