import type { ServerResponse } from 'node:http'
import t, { type Test } from 'tap'
import { boundedFetch, platformFetch } from '../src/bounded-fetch.ts'
import { createTestKey, mintTestToken, startTestIssuer } from '../src/testing.ts'
import { createVerifier } from '../src/verify.ts'
import { metadataUrls } from '../src/verify/issuer-keys.ts'

const audience = 'https://api.example'

async function setUp(t: Test) {
  const issuer = await startTestIssuer()
  t.teardown(() => issuer.stop())
  const clock = { now: Date.now() }
  const verifier = createVerifier({ issuer: issuer.url, audience, clock: () => clock.now })
  const mint = () => {
    const [key] = issuer.keys
    if (key === undefined) throw new Error('no key')
    return mintTestToken({ key, issuer: issuer.url, audience, now: clock.now, ttlSeconds: 7200 })
  }
  return { issuer, clock, verifier, mint }
}

const answer =
  (body: unknown, type = 'application/json') =>
  (_: unknown, response: ServerResponse) =>
    response.writeHead(200, { 'content-type': type }).end(JSON.stringify(body))

await t.test('keys are found by discovery, once for many', async (t) => {
  const { issuer, verifier, mint } = await setUp(t)
  const tokens = await Promise.all(Array.from({ length: 30 }, mint))
  await Promise.all(tokens.map((token) => verifier.verify(token)))
  t.same(issuer.requests, ['GET /.well-known/oauth-authorization-server', 'GET /jwks'])
})

await t.test('an issuer with only the OpenID document', async (t) => {
  const { issuer, verifier, mint } = await setUp(t)
  issuer.overrides.set('/.well-known/oauth-authorization-server', (_, response) => {
    response.writeHead(404).end()
  })
  t.ok(await verifier.verify(await mint()))
})

await t.test('where metadata is, for issuers with a path', async (t) => {
  t.same(metadataUrls('https://id.example/tenant/'), [
    'https://id.example/.well-known/oauth-authorization-server/tenant',
    'https://id.example/tenant/.well-known/openid-configuration',
  ])
})

await t.test('a token outlives the issuer; a stranger to it does not get in', async (t) => {
  const { issuer, clock, verifier, mint } = await setUp(t)
  const [early, late] = [await mint(), await mint()]
  await verifier.verify(early)
  await issuer.stop()
  clock.now += 3_600_000
  t.ok(await verifier.verify(late), 'an hour into the outage')
  const key = await createTestKey()
  const foreign = await mintTestToken({ key, issuer: issuer.url, audience, now: clock.now })
  await t.rejects(verifier.verify(foreign), { code: 'unknown_key' })
})

await t.test('rotation: the next key at once, the removed one not after the refresh', async (t) => {
  const { issuer, clock, verifier, mint } = await setUp(t)
  const old = await mint()
  await verifier.verify(old)
  issuer.keys = [await createTestKey(), ...issuer.keys]
  t.ok(await verifier.verify(await mint()))
  t.ok(await verifier.verify(old))
  issuer.keys = issuer.keys.slice(0, 1)
  clock.now += 400_000
  await t.rejects(verifier.verify(old), { code: 'unknown_key' }, 'though it was verified before')
  t.ok(await verifier.verify(await mint()))
})

await t.test('another key under an old id: nothing that the old one signed passes', async (t) => {
  const { issuer, clock, verifier, mint } = await setUp(t)
  const old = await mint()
  await verifier.verify(old)
  issuer.keys = [await createTestKey(issuer.keys[0]?.kid)]
  clock.now += 400_000
  await t.rejects(verifier.verify(old), { code: 'bad_signature' }, 'though it was verified before')
  t.ok(await verifier.verify(await mint()))
})

await t.test('cold start without the issuer', async (t) => {
  const { issuer, clock, verifier, mint } = await setUp(t)
  await issuer.stop()
  const token = await mint()
  await t.rejects(verifier.verify(token), { code: 'keys_unavailable', retryAfterSeconds: 1 })
  await t.rejects(
    verifier.verify('rubbish'),
    { code: 'malformed' },
    'rubbish is refused all the same',
  )
  await issuer.start()
  clock.now += 1500
  t.ok(await verifier.verify(token))
})

await t.test('answers of the issuer that are not used', async (t) => {
  const evil = await createTestKey()
  const stranger = await startTestIssuer()
  t.teardown(() => stranger.stop())
  stranger.keys = [evil]
  const discovery = '/.well-known/oauth-authorization-server'
  const { issuer } = await setUp(t)
  const cases: [string, string, Parameters<typeof issuer.overrides.set>[1]][] = [
    [
      'a redirect of the keys',
      '/jwks',
      (_, r) => r.writeHead(302, { location: `${stranger.url}/jwks` }).end(),
    ],
    ['a huge key set', '/jwks', (_, r) => r.writeHead(200).end(`{"keys":[${' '.repeat(70_000)}]}`)],
    ['no JSON', '/jwks', (_, r) => r.writeHead(200).end('<html>')],
    ['no set', '/jwks', answer({ keys: 'k' })],
    ['null', '/jwks', answer(null)],
    ['an empty set', '/jwks', answer({ keys: [] })],
    ['a server error', '/jwks', (_, r) => r.writeHead(500).end()],
    [
      'metadata of another issuer',
      discovery,
      answer({ issuer: stranger.url, jwks_uri: `${stranger.url}/jwks` }),
    ],
    [
      'metadata of an issuer but for a slash',
      discovery,
      answer({ issuer: `${issuer.url}/`, jwks_uri: `${issuer.url}/jwks` }),
    ],
    [
      'keys over plain http elsewhere',
      discovery,
      answer({ issuer: issuer.url, jwks_uri: 'http://id.example/jwks' }),
    ],
    ['metadata without keys', discovery, answer({ issuer: issuer.url })],
    [
      'a redirect of the metadata',
      discovery,
      (_, r) => r.writeHead(302, { location: `${stranger.url}${discovery}` }).end(),
    ],
  ]
  for (const [name, path, handler] of cases) {
    issuer.overrides.clear()
    issuer.overrides.set(path, handler)
    if (path === discovery) issuer.overrides.set('/.well-known/openid-configuration', handler)
    const verifier = createVerifier({ issuer: issuer.url, audience })
    const token = await mintTestToken({ key: evil, issuer: issuer.url, audience })
    await t.rejects(verifier.verify(token), { code: 'keys_unavailable' }, name)
  }
  t.same(stranger.requests, [], 'nobody else was asked')
})

await t.test('a flood of invented key ids costs two fetches', async (t) => {
  const { issuer, verifier, mint } = await setUp(t)
  await verifier.verify(await mint())
  const [key] = issuer.keys
  if (key === undefined) throw new Error('no key')
  const forged = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      mintTestToken({ key: { ...key, kid: `evil-${index}` }, issuer: issuer.url, audience }),
    ),
  )
  const results = await Promise.allSettled(forged.map((token) => verifier.verify(token)))
  t.ok(results.every(({ status }) => status === 'rejected'))
  t.equal(issuer.count('/jwks'), 2)
})

await t.test('limits of one answer', async (t) => {
  const { issuer } = await setUp(t)
  issuer.overrides.set('/silent', () => undefined)
  issuer.overrides.set('/slow-body', (_, response) => {
    response.writeHead(200)
    response.write('x')
  })
  issuer.overrides.set('/endless', (_, response) => {
    response.writeHead(200)
    const more = () => {
      while (response.writable && response.write('x'.repeat(65_536)));
    }
    response.on('drain', more)
    more()
  })
  const get = boundedFetch(platformFetch, { timeoutMs: 150, maxBytes: 100_000 })
  await t.rejects(get(`${issuer.url}/silent`), { name: 'TimeoutError' })
  await t.rejects(get(`${issuer.url}/slow-body`), { name: 'TimeoutError' }, 'the body counts too')
  await t.rejects(get(`${issuer.url}/endless`), /larger than 100000 bytes/)
})
