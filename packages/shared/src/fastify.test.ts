import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { signet, type SignetOptions } from './fastify.ts'
import { createTestKey, mintTestToken, type TestTokenOptions } from './testing.ts'

const issuer = 'https://id.example'
const audience = 'https://api.example'
const key = await createTestKey()
const METADATA = 'resource_metadata="https://api.example/.well-known/oauth-protected-resource"'
const mint = (options: Partial<TestTokenOptions> = {}) =>
  mintTestToken({ key, issuer, audience, ...options })

async function setUp(t: Test, options: Partial<SignetOptions> = {}) {
  const lines: string[] = []
  const app = Fastify({
    logger: { level: 'info', stream: { write: (line) => void lines.push(line) } },
  })
  await app.register(signet, { issuer, audience, jwks: { keys: [key.publicJwk] }, ...options })
  app.get('/me', { onRequest: app.authenticate }, async ({ auth }) => auth)
  app.get('/read', { onRequest: app.requireScopes('notes:read') }, async () => 'ok')
  app.get('/both', { onRequest: app.requireScopes('a', 'b') }, async () => 'ok')
  app.get(
    '/admin',
    { onRequest: [app.requireScopes('a'), app.requireRoles('admin')] },
    async () => 'ok',
  )
  app.get('/two', { onRequest: app.requireRoles('admin', 'editor') }, async () => 'ok')
  app.get('/strong', { onRequest: app.requireAcr('aal2') }, async () => 'ok')
  app.get('/danger', { onRequest: app.requireAcr('aal2', { maxAge: 300 }) }, async () => 'ok')
  app.post('/write', { onRequest: app.authenticate }, async () => 'ok')
  app.get('/open', async (request) => request.auth)
  t.teardown(() => app.close())
  const ask = (url: string, authorization?: string) =>
    app.inject({ url, headers: authorization === undefined ? {} : { authorization } })
  return { app, ask, lines }
}

await t.test('a good token passes; the scheme has no case', async (t) => {
  const { ask } = await setUp(t)
  const token = await mint({ sub: 'ada', scope: 'notes:read' })
  for (const scheme of ['Bearer', 'bearer', 'BEARER', 'Bearer  ']) {
    const answer = await ask('/me', `${scheme} ${token}`)
    t.equal(answer.statusCode, 200, scheme)
    t.match(answer.json(), { sub: 'ada', clientId: 'test-client', scopes: ['notes:read'] })
  }
  t.equal((await ask('/read', `Bearer ${token}`)).statusCode, 200)
})

await t.test('no credentials: a challenge without an error code (RFC 6750 §3.1)', async (t) => {
  const { ask } = await setUp(t)
  for (const authorization of [undefined, '', 'Basic dXNlcjpwYXNz', 'DPoP abc', 'Bearerabc']) {
    const answer = await ask('/me', authorization)
    t.equal(answer.statusCode, 401)
    t.equal(answer.headers['www-authenticate'], `Bearer realm="https://api.example", ${METADATA}`)
    t.equal(answer.headers['access-control-expose-headers'], 'WWW-Authenticate')
    t.equal(answer.headers['cache-control'], 'no-store')
  }
})

await t.test('bad tokens: invalid_token, and one sentence for all of them', async (t) => {
  const { ask, lines } = await setUp(t)
  const bad = {
    malformed: 'rubbish',
    token_expired: await mint({ ttlSeconds: -60 }),
    wrong_audience: await mint({ audience: 'https://other.example' }),
    wrong_type: await mint({ header: { typ: 'JWT' } }),
    unknown_key: await mint({ key: await createTestKey() }),
    bad_signature: `${(await mint()).slice(0, -8)}AAAAAAAA`,
    token_too_large: 'x'.repeat(9000),
  }
  const answers = new Set<string>()
  for (const [code, token] of Object.entries(bad)) {
    const answer = await ask('/me', `Bearer ${token}`)
    t.equal(answer.statusCode, 401, code)
    t.match(
      answer.headers['www-authenticate'],
      /^Bearer realm="[^"]+", error="invalid_token", error_description="[^"]+", resource_metadata=/,
    )
    answers.add(`${String(answer.headers['www-authenticate'])}${answer.body}`)
    t.ok(
      lines.some((line) => line.includes(`"code":"${code}"`)),
      `${code} is logged`,
    )
    t.notOk(
      lines.some((line) => line.includes(token.slice(0, 40)) && token.length > 40),
      'the token is not',
    )
  }
  t.equal(answers.size, 1)
})

await t.test('malformed credentials: 400 invalid_request', async (t) => {
  const { app, ask } = await setUp(t)
  const token = await mint()
  for (const authorization of [
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a,b',
    `Bearer ${token}, Bearer ${token}`,
    'Bearer "x"',
    'Bearer =',
    'Bearer a=b',
  ]) {
    const answer = await ask('/me', authorization)
    t.equal(answer.statusCode, 400, authorization.slice(0, 20))
    t.match(answer.headers['www-authenticate'], 'error="invalid_request"')
  }
  t.equal((await ask(`/me?access_token=${token}`)).statusCode, 400, 'in the URL')
  t.equal((await ask(`/me?access_token=${token}`, `Bearer ${token}`)).statusCode, 400, 'in both')
  t.equal((await ask(`/me?a=b&%61ccess_token=x`)).statusCode, 400, 'in the URL, encoded')
  t.equal((await ask(`/me?a=b?&access_token=x`)).statusCode, 400, 'after a second question mark')
  const body = await app.inject({
    method: 'POST',
    url: '/write',
    payload: { access_token: token },
  })
  t.equal(body.statusCode, 401, 'in the body')

  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  const { request } = await import('node:http')
  const status = await new Promise((resolve) => {
    const headers = [
      'Host',
      'x',
      'Authorization',
      `Bearer ${token}`,
      'authorization',
      `Bearer ${token}`,
    ]
    request({ port, path: '/me', host: '127.0.0.1', headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).end()
  })
  t.equal(status, 400, 'two headers on the wire')
})

await t.test('missing scopes and roles: 403', async (t) => {
  const { ask } = await setUp(t)
  const part = await ask('/both', `Bearer ${await mint({ scope: 'a bb' })}`)
  t.equal(part.statusCode, 403)
  t.match(
    part.headers['www-authenticate'],
    /error="insufficient_scope", error_description="[^"]+", scope="a b", resource_metadata/,
  )
  t.equal((await ask('/both', `Bearer ${await mint({ scope: 'b a' })}`)).statusCode, 200)
  t.equal((await ask('/read', `Bearer ${await mint()}`)).statusCode, 403)
  const user = await ask('/admin', `Bearer ${await mint({ scope: 'a', roles: ['administrator'] })}`)
  t.equal(user.statusCode, 403)
  t.notMatch(user.headers['www-authenticate'], 'scope="')
  t.equal((await ask('/admin', `Bearer ${await mint({ roles: ['admin'] })}`)).statusCode, 403)
  t.equal(
    (await ask('/admin', `Bearer ${await mint({ scope: 'a', roles: ['x', 'admin'] })}`)).statusCode,
    200,
  )
  t.equal((await ask('/admin')).statusCode, 401)
  t.equal((await ask('/two', `Bearer ${await mint({ roles: ['admin'] })}`)).statusCode, 403)
  const both = await mint({ roles: ['editor', 'admin'] })
  t.equal((await ask('/two', `Bearer ${both}`)).statusCode, 200)
})

await t.test('a sign-in that is too weak or too old: 401 (RFC 9470 §3)', async (t) => {
  const now = Date.now()
  const { ask } = await setUp(t, { clock: () => now })
  const seconds = Math.floor(now / 1000)
  const bearer = async (claims: Record<string, unknown>) => `Bearer ${await mint({ now, claims })}`
  const recent = { auth_time: seconds - 300 }

  t.equal((await ask('/strong', await bearer({ acr: 'aal2' }))).statusCode, 200)
  t.equal((await ask('/danger', await bearer({ acr: 'aal2', ...recent }))).statusCode, 200)
  const weak = await ask('/danger', await bearer({ acr: 'aal1', ...recent }))
  t.equal(weak.statusCode, 401)
  t.equal(
    weak.headers['www-authenticate'],
    'Bearer realm="https://api.example", error="insufficient_user_authentication", ' +
      'error_description="This needs a stronger or more recent authentication.", ' +
      `acr_values="aal2", max_age="300", ${METADATA}`,
  )
  t.equal(weak.headers['access-control-expose-headers'], 'WWW-Authenticate')
  t.equal(weak.headers['cache-control'], 'no-store')
  t.match(weak.json(), { error: 'insufficient_user_authentication' })
  const plain = await ask('/strong', await bearer({}))
  t.equal(plain.statusCode, 401, 'a token that does not say, as that of a program')
  t.match(plain.headers['www-authenticate'], 'acr_values="aal2", resource_metadata')

  for (const claims of [
    { acr: 'aal2' },
    { acr: 'aal2', auth_time: seconds - 301 },
    { acr: 'aal2', auth_time: seconds + 60 },
    { amr: ['pwd', 'otp', 'mfa'], ...recent },
    { acr: 'AAL2', ...recent },
  ])
    t.equal((await ask('/danger', await bearer(claims))).statusCode, 401, JSON.stringify(claims))
  t.match(
    (await ask('/danger', await bearer({ acr: ['aal2'], ...recent }))).headers['www-authenticate'],
    'error="invalid_token"',
  )
  t.notMatch((await ask('/danger')).headers['www-authenticate'], 'acr_values', 'no token at all')
  const expired = await mint({ now, ttlSeconds: -60, claims: { acr: 'aal2', ...recent } })
  t.match((await ask('/danger', `Bearer ${expired}`)).headers['www-authenticate'], 'invalid_token')
})

await t.test('levels of another issuer, and needs that make no sense', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  const jwks = { keys: [key.publicJwk] }
  await app.register(signet, { issuer, audience, jwks, acrLevels: ['bronze', 'silver', 'gold'] })
  app.get('/silver', { onRequest: app.requireAcr('silver') }, async () => 'ok')
  const ask = async (acr: string) =>
    app.inject({
      url: '/silver',
      headers: { authorization: `Bearer ${await mint({ claims: { acr } })}` },
    })
  t.equal((await ask('silver')).statusCode, 200)
  t.equal((await ask('gold')).statusCode, 200)
  const bronze = await ask('bronze')
  t.equal(bronze.statusCode, 401)
  t.match(bronze.headers['www-authenticate'], 'acr_values="silver gold"')
  t.equal((await ask('aal2')).statusCode, 401)
  t.throws(() => app.requireAcr('a b'), TypeError)
  t.throws(() => app.requireAcr('silver', { maxAge: -1 }), TypeError)
})

await t.test('keys that cannot be had: 503, never 200 and never 401', async (t) => {
  const app = Fastify()
  const fetch = async () => Promise.reject(new Error('no route'))
  await app.register(signet, { issuer, audience, fetch })
  app.get('/me', { onRequest: app.authenticate }, async () => 'ok')
  const answer = await app.inject({
    url: '/me',
    headers: { authorization: `Bearer ${await mint()}` },
  })
  t.equal(answer.statusCode, 503)
  t.equal(answer.headers['retry-after'], '1')
  t.notOk(answer.headers['www-authenticate'])
  t.equal((await app.inject('/me')).statusCode, 401, 'who brings nothing is told so all the same')
})

await t.test('reading request.auth without a guard is a fault of the program', async (t) => {
  const { ask } = await setUp(t)
  t.equal((await ask('/open', `Bearer ${await mint()}`)).statusCode, 500)
})

await t.test('metadata of the protected resource (RFC 9728)', async (t) => {
  const { app } = await setUp(t, { resourceName: 'API', scopesSupported: ['a'] })
  const answer = await app.inject('/.well-known/oauth-protected-resource')
  t.same(answer.json(), {
    resource: audience,
    authorization_servers: [issuer],
    scopes_supported: ['a'],
    bearer_methods_supported: ['header'],
    resource_name: 'API',
  })
  t.equal(answer.headers['access-control-allow-origin'], '*')

  const { app: deep } = await setUp(t, { audience: 'https://api.example/v1/notes' })
  const path = '/.well-known/oauth-protected-resource/v1/notes'
  t.equal(
    (await deep.inject(path)).json<{ resource: string }>().resource,
    'https://api.example/v1/notes',
  )
  t.match((await deep.inject('/me')).headers['www-authenticate'], `"https://api.example${path}"`)

  const { app: named } = await setUp(t, { audience: 'urn:api', realm: 'a "realm"\r\nX: y' })
  const challenge = (await named.inject('/me')).headers['www-authenticate']
  t.equal(challenge, 'Bearer realm="a realmX: y"')
})
