// One API on three kinds of server: what is let in, what is refused, and in which words, must be the same.
import { createServer, request as httpRequest, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import t, { type Test } from 'tap'
import { signet as expressGuards } from '../../src/express.ts'
import { signet as fastifyGuards } from '../../src/fastify.ts'
import { signet as honoGuards } from '../../src/hono.ts'
import type { SignetOptions } from '../../src/resource/guards.ts'
import { createTestKey, mintTestToken, type TestTokenOptions } from '../../src/testing.ts'

const issuer = 'https://id.example'
const audience = 'https://api.example/v1'
const METADATA_PATH = '/.well-known/oauth-protected-resource/v1'
const key = await createTestKey()
const mint = async (options: Partial<TestTokenOptions> = {}) =>
  mintTestToken({ key, issuer, audience, ...options })

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}
type Ask = (path: string, headers?: Record<string, string>, method?: string) => Promise<Answer>
interface Server {
  readonly ask: Ask
  /** What was noted about tokens that did not pass. */
  readonly noted: string[]
}

const answerOf = async (response: Response): Promise<Answer> => ({
  status: response.status,
  headers: response.headers,
  body: await response.text(),
})

async function served(t: Test, listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}

const servers: Readonly<Record<string, (t: Test, options: SignetOptions) => Promise<Server>>> = {
  async express(t, options) {
    const noted: string[] = []
    const api = expressGuards({ ...options, onRefusal: ({ code }) => noted.push(code) })
    const app = express()
    app.use(api.metadata)
    app.get('/me', api.authenticate, (request, response) => {
      response.json(api.auth(request))
    })
    const ok = (_request: unknown, response: { send(body: string): unknown }) => {
      response.send('ok')
    }
    app.get('/read', api.requireScopes('notes:read', 'b'), ok)
    app.get('/admin', api.requireScopes('a'), api.requireRoles('admin'), ok)
    app.get('/danger', api.requireAcr('aal2', { maxAge: 300 }), ok)
    app.get('/open', (request, response) => {
      response.json(api.auth(request))
    })
    // Mounted: the path that a guard sees is shorter, the query and the headers are not.
    const inner = express.Router()
    inner.get('/me', api.authenticate, ok)
    app.use('/inner', inner)
    app.use(
      (
        _error: unknown,
        _request: unknown,
        response: { sendStatus(code: number): void },
        _next: unknown,
      ) => {
        response.sendStatus(500)
      },
    )
    const base = `http://127.0.0.1:${await served(t, app)}`
    const ask: Ask = async (path, headers = {}, method = 'GET') =>
      answerOf(await fetch(base + path, { headers, method }))
    return { ask, noted }
  },
  async fastify(t, options) {
    const noted: string[] = []
    const stream = {
      write: (line: string) => {
        const { code, err } = JSON.parse(line) as { code?: string; err?: unknown }
        if (code !== undefined) noted.push(code)
        else if (err !== undefined) noted.push('keys_unavailable')
      },
    }
    const app = Fastify({ logger: { level: 'info', stream } })
    await app.register(fastifyGuards, options)
    app.get('/me', { onRequest: app.authenticate }, async ({ auth }) => auth)
    app.get('/inner/me', { onRequest: app.authenticate }, async () => 'ok')
    app.get('/read', { onRequest: app.requireScopes('notes:read', 'b') }, async () => 'ok')
    app.get(
      '/admin',
      { onRequest: [app.requireScopes('a'), app.requireRoles('admin')] },
      async () => 'ok',
    )
    app.get('/danger', { onRequest: app.requireAcr('aal2', { maxAge: 300 }) }, async () => 'ok')
    app.get('/open', async ({ auth }) => auth)
    const base = await app.listen({ port: 0, host: '127.0.0.1' })
    t.teardown(() => app.close())
    const ask: Ask = async (path, headers = {}, method = 'GET') =>
      answerOf(await fetch(base + path, { headers, method }))
    return { ask, noted }
  },
  async hono(_t, options) {
    const noted: string[] = []
    const api = honoGuards({ ...options, onRefusal: ({ code }) => noted.push(code) })
    const app = new Hono()
    app.use(api.metadata)
    app.get('/me', api.authenticate, (c) => c.json(api.auth(c)))
    app.get('/read', api.requireScopes('notes:read', 'b'), (c) => c.text('ok'))
    app.get('/admin', api.requireScopes('a'), api.requireRoles('admin'), (c) => c.text('ok'))
    app.get('/danger', api.requireAcr('aal2', { maxAge: 300 }), (c) => c.text('ok'))
    app.get('/open', (c) => c.json(api.auth(c)))
    const inner = new Hono()
    inner.get('/me', api.authenticate, (c) => c.text('ok'))
    app.route('/inner', inner)
    app.onError((_error, c) => c.text('fault', 500))
    const ask: Ask = async (path, headers = {}, method = 'GET') =>
      answerOf(await app.request(`https://api.example${path}`, { headers, method }))
    return { ask, noted }
  },
}

const metadata = `resource_metadata="https://api.example${METADATA_PATH}"`
const challenge = (more: string) => `Bearer realm="${audience}", ${more}${metadata}`

for (const [name, start] of Object.entries(servers))
  void t.test(name, async (t) => {
    const jwks = { keys: [key.publicJwk] }
    const now = Date.now()
    const options = { issuer, audience, jwks, clock: () => now, resourceName: 'API' }
    const { ask, noted } = await start(t, options)
    const bearer = async (more: Partial<TestTokenOptions> = {}) => ({
      authorization: `Bearer ${await mint({ now, ...more })}`,
    })

    await t.test('what is let in', async (t) => {
      const me = await ask('/me', await bearer({ sub: 'ada', scope: 'x y', roles: ['editor'] }))
      t.equal(me.status, 200)
      t.match(JSON.parse(me.body), { sub: 'ada', scopes: ['x', 'y'], roles: ['editor'] })
      t.equal((await ask('/inner/me', await bearer())).status, 200)
      t.equal((await ask('/read', await bearer({ scope: 'b notes:read' }))).status, 200)
      const admin = await bearer({ scope: 'a', roles: ['admin'] })
      t.equal((await ask('/admin', admin)).status, 200)
      const strong = { acr: 'aal2', auth_time: Math.floor(now / 1000) - 300 }
      t.equal((await ask('/danger', await bearer({ claims: strong }))).status, 200)
    })

    await t.test('what is refused, and how', async (t) => {
      const late = { acr: 'aal2', auth_time: Math.floor(now / 1000) - 301 }
      const weak = { acr: 'aal1', auth_time: Math.floor(now / 1000) }
      const invalid =
        'error="invalid_token", error_description="The access token is malformed, expired, or not meant for this API.", '
      const insufficient =
        'error="insufficient_user_authentication", error_description="This needs a stronger or more recent authentication.", acr_values="aal2", max_age="300", '
      const lacking = 'error="insufficient_scope", error_description="The '
      const cases: readonly [
        path: string,
        headers: Record<string, string>,
        status: number,
        challenge: string,
      ][] = [
        ['/me', {}, 401, challenge('')],
        ['/inner/me', {}, 401, challenge('')],
        ['/me', { authorization: 'Basic dXNlcjpwYXNz' }, 401, challenge('')],
        ['/me', { authorization: 'Bearer rubbish' }, 401, challenge(invalid)],
        ['/me', await bearer({ ttlSeconds: -60 }), 401, challenge(invalid)],
        ['/me', await bearer({ audience: 'https://other.example' }), 401, challenge(invalid)],
        ['/me', await bearer({ key: await createTestKey() }), 401, challenge(invalid)],
        ['/inner/me', await bearer({ header: { typ: 'JWT' } }), 401, challenge(invalid)],
        [
          '/read',
          await bearer({ scope: 'b notes:readers' }),
          403,
          challenge(
            `${lacking}access token lacks a scope that this needs.", scope="notes:read b", `,
          ),
        ],
        [
          '/admin',
          await bearer({ scope: 'a', roles: ['administrator'] }),
          403,
          challenge(`${lacking}user lacks a role that this needs.", `),
        ],
        ['/danger', await bearer({ claims: late }), 401, challenge(insufficient)],
        ['/danger', await bearer({ claims: weak }), 401, challenge(insufficient)],
        ['/danger', await bearer(), 401, challenge(insufficient)],
      ]
      for (const [path, headers, status, expected] of cases) {
        const answer = await ask(path, headers)
        const said = `${path} ${headers['authorization']?.slice(0, 12) ?? 'without a token'}`
        t.equal(answer.status, status, said)
        t.equal(answer.headers.get('www-authenticate'), expected)
        t.equal(answer.headers.get('access-control-expose-headers'), 'WWW-Authenticate')
        t.equal(answer.headers.get('cache-control'), 'no-store')
        t.match(answer.headers.get('content-type'), /^application\/json/)
        t.type((JSON.parse(answer.body) as { error: unknown }).error, 'string')
        t.not(answer.body, 'ok')
      }
      t.same(
        noted,
        ['malformed', 'token_expired', 'wrong_audience', 'unknown_key', 'wrong_type'],
        'the log says which check it was',
      )
      t.equal((await ask('/open', await bearer())).status, 500, 'a route without a guard')
    })

    await t.test('credentials that cannot be read: 400', async (t) => {
      const { authorization } = await bearer()
      for (const [path, headers] of [
        ['/me', { authorization: `${authorization}, ${authorization}` }],
        ['/me', { authorization: 'Bearer a b' }],
        ['/me?access_token=x', {}],
        ['/me?access_token=x', { authorization }],
        ['/inner/me?a=b&%61ccess_token=x', { authorization }],
      ] as const) {
        const answer = await ask(path, headers)
        t.equal(answer.status, 400, path)
        t.match(answer.headers.get('www-authenticate'), 'error="invalid_request"')
      }
    })

    await t.test('the metadata of the resource, at its own place only', async (t) => {
      const answer = await ask(METADATA_PATH)
      t.same(JSON.parse(answer.body), {
        resource: audience,
        authorization_servers: [issuer],
        bearer_methods_supported: ['header'],
        resource_name: 'API',
      })
      t.equal(answer.headers.get('access-control-allow-origin'), '*')
      t.equal((await ask(`${METADATA_PATH}?x=y`)).status, 200)
      const head = await ask(METADATA_PATH, {}, 'HEAD')
      t.equal(head.status, 200)
      t.equal(head.body, '')
      for (const path of ['/.well-known/oauth-protected-resource', `${METADATA_PATH}/x`])
        t.equal((await ask(path)).status, 404, path)
      t.equal((await ask(METADATA_PATH, {}, 'POST')).status, 404)
    })

    await t.test('keys that cannot be had: 503', async (t) => {
      const fetch = async () => Promise.reject(new Error('no route'))
      const { ask: askInVain, noted: notedThen } = await start(t, { issuer, audience, fetch })
      const answer = await askInVain('/me', { authorization: `Bearer ${await mint()}` })
      t.equal(answer.status, 503)
      t.equal(answer.headers.get('retry-after'), '1')
      t.equal(answer.headers.get('www-authenticate'), null)
      t.same(notedThen, ['keys_unavailable'])
      t.equal((await askInVain('/me')).status, 401)
    })
  })

void t.test('express: two headers on the wire are one too many', async (t) => {
  const api = expressGuards({ issuer, audience, jwks: { keys: [key.publicJwk] } })
  const app = express()
  app.get('/me', api.authenticate, (_request, response) => {
    response.send('ok')
  })
  const port = await served(t, app)
  const token = await mint()
  const twice = ['Authorization', `Bearer ${token}`, 'authorization', `Bearer ${token}`]
  const status = await new Promise((resolve) => {
    const headers = ['Host', 'x', ...twice]
    httpRequest({ port, path: '/me', host: '127.0.0.1', headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).end()
  })
  t.equal(status, 400)
})

void t.test(
  'a log that cannot be written is an error of its request, and of nothing else',
  async (t) => {
    const options = { issuer, audience, jwks: { keys: [key.publicJwk] } }
    const onRefusal = async () => Promise.reject(new Error('the log is full'))
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    t.teardown(() => process.off('unhandledRejection', note))
    const headers = { authorization: 'Bearer made.up.token' }

    const hono = new Hono()
    hono.onError((error, c) => c.text(error.message, 500))
    hono.get('/me', honoGuards({ ...options, onRefusal }).authenticate, (c) => c.text('ok'))
    t.equal((await hono.request('https://api.example/me', { headers })).status, 500)

    const app = express()
    app.get('/me', expressGuards({ ...options, onRefusal }).authenticate, (_request, response) => {
      response.send('ok')
    })
    app.use(
      (
        _error: unknown,
        _request: unknown,
        response: { sendStatus(code: number): void },
        _next: unknown,
      ) => {
        response.sendStatus(500)
      },
    )
    const port = await served(t, app)
    t.equal((await fetch(`http://127.0.0.1:${port}/me`, { headers })).status, 500)
    await new Promise((resolve) => setImmediate(resolve))
    t.same(unhandled, [])
  },
)

void t.test('what else is exposed to other origins stays exposed', async (t) => {
  const options = { issuer, audience, jwks: { keys: [key.publicJwk] } }
  const hono = new Hono()
  hono.use(cors({ origin: 'https://app.example', exposeHeaders: ['X-Total'] }))
  hono.get('/me', honoGuards(options).authenticate, (c) => c.text('ok'))
  const headers = { origin: 'https://app.example' }
  const one = await hono.request('https://api.example/me', { headers })
  t.equal(one.status, 401)
  t.equal(one.headers.get('access-control-allow-origin'), 'https://app.example')
  const both = (value: string | null) => (value ?? '').split(/, ?/).toSorted()
  t.same(both(one.headers.get('access-control-expose-headers')), ['WWW-Authenticate', 'X-Total'])

  const app = express()
  app.use((_request, response, next) => {
    response.setHeader('Access-Control-Expose-Headers', 'X-Total')
    next()
  })
  app.get('/me', expressGuards(options).authenticate, (_request, response) => {
    response.send('ok')
  })
  const other = await fetch(`http://127.0.0.1:${await served(t, app)}/me`)
  t.same(both(other.headers.get('access-control-expose-headers')), ['WWW-Authenticate', 'X-Total'])
})

void t.test('needs that could never be met are refused where they are written', async (t) => {
  const options = { issuer, audience, jwks: { keys: [key.publicJwk] } }
  for (const make of [expressGuards, honoGuards]) {
    t.throws(() => make(options).requireAcr('a b'), TypeError)
    t.throws(() => make(options).requireAcr('aal2', { maxAge: -1 }), TypeError)
    t.throws(() => make({ ...options, issuer: 'http://id.example' }), TypeError)
  }
})
