import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTestKey, type TestKey } from './mint-test-token.ts'
import { createTestGrants, type TestGrantSettings, type TestUser } from './test-grants.ts'

export interface TestIssuer {
  readonly url: string
  /** What is published; the first one signs. Change it to rotate. */
  keys: TestKey[]
  /** `METHOD /path` of every request so far. */
  readonly requests: string[]
  /** Answers of your own, by path: redirects, floods, silence. */
  readonly overrides: Map<string, (request: IncomingMessage, response: ServerResponse) => void>
  /** How tokens come out; change it between requests. */
  readonly settings: TestGrantSettings
  /** How often a path was asked for. */
  count(path: string): number
  /** Stops answering, as an outage does; `start` again on the same port. */
  stop(): Promise<void>
  start(): Promise<void>
}

export interface TestIssuerOptions {
  readonly clientId?: string
  readonly clientSecret?: string
  readonly user?: TestUser
  /** Milliseconds since the epoch. */
  readonly clock?: () => number
}

/**
 * Starts an OpenID Provider on a loopback port that signs one user in without asking, for tests of resource
 * servers and of backends for frontends. Refresh tokens rotate, and only the newest one works.
 */
export async function startTestIssuer(options: TestIssuerOptions = {}): Promise<TestIssuer> {
  const { clientId = 'test-client', clientSecret = 'test-secret', user, clock = Date.now } = options
  let port = 0
  const settings: TestGrantSettings = {
    accessTokenTtlSeconds: 600,
    idTokenClaims: {},
    issueRefreshToken: true,
    scope: undefined,
    roles: [],
    authentication: {},
    user: user ?? { sub: 'user-1', name: 'Ada Lovelace', email: 'ada@example.test' },
  }
  const requests: string[] = []
  const overrides: TestIssuer['overrides'] = new Map()
  const state = { keys: [await createTestKey()] }

  const address = () => `http://localhost:${port}`
  const signer = () => {
    const [first] = state.keys
    if (first === undefined) throw new Error('the test issuer has no key')
    return first
  }
  const grants = createTestGrants({
    clientId,
    clientSecret,
    settings,
    issuer: address,
    signer,
    clock,
  })

  const json = (response: ServerResponse, status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', address())
    requests.push(`${request.method} ${url.pathname}`)
    const override = overrides.get(url.pathname)
    if (override !== undefined) return override(request, response)

    const form = new URLSearchParams(await readBody(request))
    switch (url.pathname) {
      case '/.well-known/oauth-authorization-server':
      case '/.well-known/openid-configuration':
        return void json(response, 200, metadata(address()))
      case '/jwks':
        response.setHeader('cache-control', 'public, max-age=300, stale-while-revalidate=60')
        return void json(response, 200, { keys: state.keys.map(({ publicJwk }) => publicJwk) })
      case '/authorize':
        return void response.writeHead(303, { location: grants.authorize(url.searchParams) }).end()
      case '/token': {
        const { status, body } = await grants.token(form, request.headers.authorization)
        return void json(response, status, body)
      }
      case '/userinfo':
        return void json(response, 200, settings.user)
      case '/revoke':
        grants.revoke(form.get('token') ?? '')
        return void json(response, 200, {})
      default:
        return void json(response, 404, { error: 'not_found' })
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      json(response, 500, { error: 'server_error', error_description: String(error) })
    })
  })
  // Kept-alive connections would let an "outage" answer once more.
  server.keepAliveTimeout = 1

  const start = () =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, 'localhost', () => {
        server.off('error', reject)
        ;({ port } = server.address() as AddressInfo)
        resolve()
      })
    })
  await start()

  return {
    url: address(),
    requests,
    overrides,
    settings,
    get keys() {
      return state.keys
    },
    set keys(keys) {
      state.keys = keys
    },
    count: (path) => requests.filter((line) => line.endsWith(` ${path}`)).length,
    start,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function metadata(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    revocation_endpoint: `${issuer}/revoke`,
    end_session_endpoint: `${issuer}/end-session`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
