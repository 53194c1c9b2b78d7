import type { FastifyRequest } from 'fastify'
import t from 'tap'
import { type Client, ClientMetadata } from '../domain/clients/client.ts'
import { OAuthError } from '../domain/oauth/error.ts'
import { toParameters } from '../domain/oauth/parameters.ts'
import { sha256 } from '../platform/crypto/hash.ts'
import { bearerToken } from './bearer-token.ts'
import { createClientAuthentication } from './client-authentication.ts'
import { cookieJar } from './session/cookies.ts'
import { failureLimit } from './sign-in/failure-limit.ts'
import { peerNetwork } from './peer-address.ts'

void t.test('limits count an IPv4 peer by its address and an IPv6 one by its /64', async (t) => {
  const rows: [string, string][] = [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::', '2001:db8:1:2'],
    ['2001:db8:1:2::ffff', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:db8:0:0:ffff:ffff:ffff:ffff', '2001:db8:0:0'],
    ['2001:db8::1:2:3:4:5', '2001:db8:0:1'],
    ['1::', '1:0:0:0'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0'],
    ['not an address', 'not an address'],
  ]
  for (const [ip, network] of rows) t.equal(peerNetwork({ ip }), network, ip)
  for (const [a, b] of [
    ['192.0.2.1', '192.0.2.2'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.2'],
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['2001:db8::1:0:0:0:1', '2001:db8::2:0:0:0:1'],
  ] as const)
    t.not(peerNetwork({ ip: a }), peerNetwork({ ip: b }), `${a} ${b}`)
})

void t.test('failures are counted by peer, in windows, for so many peers', async (t) => {
  const limit = failureLimit({ windowMs: 60_000, maxPeers: 3 })
  t.equal(limit.retryAfterSeconds('a', 2), undefined)
  limit.failed('a')
  t.equal(limit.retryAfterSeconds('a', 2), undefined)
  limit.failed('a')
  const wait = limit.retryAfterSeconds('a', 2) ?? 0
  t.ok(wait > 0 && wait <= 60 && Number.isInteger(wait), `${wait}`)
  t.equal(limit.retryAfterSeconds('b', 2), undefined, 'nobody else')
  t.equal(limit.retryAfterSeconds('a', 3), undefined, 'the limit is asked for each time')
  for (const peer of ['b', 'c', 'd']) limit.failed(peer)
  t.equal(limit.retryAfterSeconds('a', 1), undefined, 'the oldest made room')
  for (const peer of ['b', 'c', 'd']) t.ok(limit.retryAfterSeconds(peer, 1), peer)

  const short = failureLimit({ windowMs: 20, maxPeers: 3 })
  short.failed('a')
  t.equal(short.retryAfterSeconds('a', 1), 1)
  await new Promise((resolve) => setTimeout(resolve, 30))
  t.equal(short.retryAfterSeconds('a', 1), undefined, 'the window is over')
  short.failed('a')
  t.equal(short.retryAfterSeconds('a', 2), undefined, 'and the count began anew')
})

const secrets = {
  app: 'secret of the app %41+:',
  'a b:c': 'colon-client-secret',
  post: 'posted-secret',
}
const clientOf = (id: string): Client | undefined => {
  const method =
    id === 'post' ? 'client_secret_post' : id === 'spa' ? 'none' : 'client_secret_basic'
  const metadata = ClientMetadata.parse({ token_endpoint_auth_method: method })
  if (id === 'spa') return { id, secretHash: undefined, metadata }
  const secret = Object.entries(secrets).find(([known]) => known === id)?.[1]
  return secret === undefined ? undefined : { id, secretHash: sha256(secret), metadata }
}

/** What the module needs of a request, and no more. */
const requestWith = (authorization: string | undefined, ip = '192.0.2.1') =>
  ({ ip, headers: authorization === undefined ? {} : { authorization } }) as FastifyRequest

function authentication(failuresPerMinute = 1_000) {
  const asked: string[] = []
  const clients = {
    get: async (id: string) => {
      asked.push(id)
      return clientOf(id)
    },
    clear: () => undefined,
  }
  const authenticate = createClientAuthentication(clients, () => failuresPerMinute)
  const attempt = async (authorization?: string, form: object = {}, ip?: string) => {
    try {
      return (await authenticate(requestWith(authorization, ip), toParameters(form))).id
    } catch (error) {
      if (error instanceof OAuthError) return error
      throw error
    }
  }
  return { attempt, asked }
}

const base64 = (text: string) => Buffer.from(text).toString('base64')
const form = (text: string) => encodeURIComponent(text).replaceAll('%20', '+')
const basic = (id: string, secret: string) => `Basic ${base64(`${form(id)}:${form(secret)}`)}`

void t.test(
  'Basic credentials are form-encoded (RFC 6749 §2.3.1), or sent as they are',
  async (t) => {
    const { attempt, asked } = authentication()
    for (const good of [
      basic('app', secrets.app),
      basic('app', secrets.app).replace('Basic', 'bASIC'),
      basic('app', secrets.app).replace(' ', '   '),
      `Basic ${base64(`app:${secrets.app}`)}`,
      `Basic ${base64(`%61pp:${form(secrets.app)}`)}`,
    ])
      t.equal(await attempt(good), 'app', good)
    t.equal(await attempt(basic('a b:c', secrets['a b:c'])), 'a b:c', 'a colon in the id')
    t.equal(await attempt(basic('app', secrets.app), { client_id: 'app' }), 'app')
    t.ok(asked.every((id) => id === 'app' || id === 'a b:c'))
  },
)

void t.test('malformed or wrong Basic credentials are refused with a challenge', async (t) => {
  const { attempt } = authentication()
  const encoded = base64(`app:${form(secrets.app)}`)
  for (const bad of [
    '',
    'Basic',
    'Basic ',
    `Basic${encoded}`,
    `Bearer ${encoded}`,
    `Basic ${encoded} x`,
    `Basic ${encoded},`,
    `Basic ${encoded}===`,
    `Basic ${encoded.slice(0, 4)} ${encoded.slice(4)}`,
    `Basic ${base64('app')}`,
    `Basic ${base64(':secret')}`,
    `Basic ${base64(`app\0:${secrets.app}`)}`,
    `Basic ${base64(`app:${secrets.app}\0`)}`,
    `Basic ${base64(`%zz:${secrets.app}`)}`,
    `Basic ${base64(`app%00:${form(secrets.app)}`)}`,
    `Basic ${base64(` app:${form(secrets.app)}`)}`,
    basic('APP', secrets.app),
    basic('app', secrets.app.toUpperCase()),
    basic('app', ''),
    basic('app', `${secrets.app} `),
    basic('nobody', secrets.app),
    basic('spa', ''),
    basic('spa', 'x'),
    basic('post', secrets.post),
    basic('__proto__', 'x'),
  ]) {
    const refused = await attempt(bad)
    t.match(refused, { code: 'invalid_client', status: 401 }, bad)
    // RFC 6749 §5.2: and one answer for all.
    if (refused instanceof OAuthError) {
      t.match(refused.headers['www-authenticate'], /^Basic realm="/)
      t.same(refused.toJSON(), {
        error: 'invalid_client',
        error_description: 'client authentication failed',
      })
    }
  }
})

void t.test('the registered method and no other, one a request', async (t) => {
  const { attempt } = authentication()
  const good = basic('app', secrets.app)
  t.equal(await attempt(undefined, { client_id: 'post', client_secret: secrets.post }), 'post')
  t.equal(await attempt(undefined, { client_id: 'spa' }), 'spa')
  const rows: [string | undefined, object, string][] = [
    [undefined, {}, 'invalid_client'],
    [undefined, { client_secret: secrets.post }, 'invalid_client'],
    [undefined, { client_id: 'app' }, 'invalid_client'],
    [undefined, { client_id: 'app', client_secret: secrets.app }, 'invalid_client'],
    [undefined, { client_id: 'post' }, 'invalid_client'],
    [undefined, { client_id: 'post', client_secret: '' }, 'invalid_client'],
    [undefined, { client_id: 'post', client_secret: 'x' }, 'invalid_client'],
    [undefined, { client_id: 'post', client_secret: form(`${secrets.post} `) }, 'invalid_client'],
    [undefined, { client_id: 'spa', client_secret: 'x' }, 'invalid_client'],
    [undefined, { client_id: 'nobody' }, 'invalid_client'],
    [undefined, { client_id: 'app', client_assertion: 'ey' }, 'invalid_client'],
    [undefined, { client_id: 'spa', client_assertion_type: 'urn:x' }, 'invalid_client'],
    [good, { client_secret: secrets.app }, 'invalid_request'],
    [good, { client_id: 'app', client_secret: secrets.app }, 'invalid_request'],
    [good, { client_assertion: 'ey' }, 'invalid_request'],
    [good, { client_id: 'post' }, 'invalid_request'],
    [good, { client_id: 'App' }, 'invalid_request'],
  ]
  for (const [authorization, fields, code] of rows)
    t.match(await attempt(authorization, fields), { code }, JSON.stringify(fields))
})

void t.test(
  'too many failures of one peer: 429 for it alone, however right it then is',
  async (t) => {
    const { attempt, asked } = authentication(3)
    const good = basic('app', secrets.app)
    for (let tries = 0; tries < 20; tries += 1)
      t.equal(await attempt(good), 'app', 'successes are free')
    for (let tries = 0; tries < 3; tries += 1)
      t.match(await attempt(basic('app', `${tries}`)), { status: 401 })
    const before = asked.length
    const refused = await attempt(good)
    t.match(refused, { code: 'invalid_client', status: 429 })
    if (refused instanceof OAuthError) t.match(refused.headers['retry-after'], /^[1-9]\d?$/)
    t.equal(asked.length, before, 'and nothing is looked up')
    t.match(await attempt(good, {}, '::ffff:192.0.2.1'), { status: 429 }, 'the same peer')
    t.equal(await attempt(good, {}, '192.0.2.2'), 'app')
  },
)

void t.test('one access token, from the header or the body (RFC 6750 §2)', async (t) => {
  const token = (authorization: string | undefined, fields: object = {}) => {
    try {
      return bearerToken(requestWith(authorization), toParameters(fields))
    } catch (error) {
      return error
    }
  }
  t.equal(token('Bearer a.b-c_d~e+f/g=='), 'a.b-c_d~e+f/g==')
  t.equal(token('bearer  abc'), 'abc')
  t.equal(token(undefined, { access_token: 'abc' }), 'abc')
  const bare = token(undefined)
  t.match(bare, { status: 401 })
  if (bare instanceof OAuthError) t.equal(bare.headers['www-authenticate'], 'Bearer realm="signet"')
  for (const bad of [
    '',
    'Bearer',
    'Bearer ',
    'Bearerabc',
    'Basic abc',
    'DPoP abc',
    'Bearer a b',
    'Bearer a,b',
    'Bearer é',
    'Bearer =',
    'Bearer a=b',
    'Bearer "abc"',
    'Bearer abc\n',
  ])
    t.match(token(bad), { code: 'invalid_request', status: 400 }, JSON.stringify(bad))
  t.match(token('Bearer abc', { access_token: 'abc' }), { code: 'invalid_request', status: 400 })
})

void t.test('cookies are host-bound and secure wherever the issuer is https', async (t) => {
  const jar = cookieJar(new URL('https://id.example.com'))
  for (const name of [jar.session, jar.browser, jar.device]) t.match(name, /^__Host-signet_/)
  t.same(jar.options, { path: '/', httpOnly: true, sameSite: 'lax', secure: true })
  const local = cookieJar(new URL('http://localhost:4000'))
  for (const name of [local.session, local.browser, local.device]) t.match(name, /^signet_/)
  t.match(local.options, { httpOnly: true, sameSite: 'lax', secure: false })
})
