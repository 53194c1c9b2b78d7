import rateLimit from '@fastify/rate-limit'
import { bff, type Fetch } from '@signet/shared/bff'
import { signet } from '@signet/shared/fastify'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { randomBytes } from 'node:crypto'
import type { Config } from './config.ts'
import { loadAssets } from './front/assets.ts'
import { localApi } from './front/local-api.ts'
import { frontRoutes, showSignInProblem } from './front/routes.ts'
import { healthRoutes } from './health/routes.ts'
import { jsonErrors } from './http/errors.ts'
import { loggerOptions } from './http/logger.ts'
import { securityHeaders } from './http/security-headers.ts'
import { notesRoutes } from './notes/routes.ts'
import { createNoteStore } from './notes/store.ts'

export interface AppDeps {
  readonly isStopping?: () => boolean
  /** Milliseconds since the epoch. */
  readonly clock?: () => number
  /** For requests to the issuer. */
  readonly fetch?: Fetch
}

const SCOPES = ['notes:read', 'notes:write']

/** Wires the service: the API, the backend of its front end, the pages. Listens to nothing yet. */
export async function buildApp(config: Config, deps: AppDeps = {}): Promise<FastifyInstance> {
  const { isStopping = () => false, clock = Date.now } = deps
  const { issuer, audience, baseUrl, signIn, rateLimitPerMinute } = config
  const outbound = deps.fetch === undefined ? {} : { fetch: deps.fetch }
  const app = Fastify({
    logger: loggerOptions(config.logLevel),
    bodyLimit: 65_536,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    genReqId: () => randomBytes(8).toString('hex'),
    // A path that cannot be decoded must not fall out of the JSON errors.
    frameworkErrors: (_error, _request, reply) => {
      reply.raw
        .writeHead(400, { 'content-type': 'application/json; charset=utf-8' })
        .end('{"error":"invalid_request","error_description":"This is no valid URL."}')
    },
  })
  securityHeaders(app, { baseUrl, issuer })
  jsonErrors(app)

  await app.register(rateLimit, {
    global: false,
    // After the route's guard, so that a limit is a person's (or a program's), not an address's.
    hook: 'preHandler',
    keyGenerator: (request: FastifyRequest) => request.auth.sub,
    cache: 10_000,
  })
  await app.register(signet, {
    issuer,
    audience,
    clock,
    resourceName: 'Demo API',
    scopesSupported: SCOPES,
    ...outbound,
  })
  await app.register(healthRoutes(isStopping))
  await app.register(notesRoutes({ notes: createNoteStore(clock), rateLimitPerMinute }))

  const assets = loadAssets()
  const api = localApi(app)
  if (signIn !== undefined) {
    const keys = signIn.sessionKeys
    if (keys.length === 0) app.log.warn('no SESSION_KEY: sign-ins end with this process')
    await app.register(bff, {
      issuer,
      clientId: signIn.clientId,
      clientSecret: signIn.clientSecret,
      sessionKeys: keys.length > 0 ? keys : [randomBytes(32).toString('base64')],
      baseUrl,
      scopes: ['openid', 'profile', 'email', 'offline_access', ...SCOPES],
      resource: audience,
      mode: signIn.mode,
      cookieName: 'signet_demo_session',
      api: [
        { path: '/notes', methods: ['GET', 'POST', 'DELETE'], upstream: baseUrl },
        { path: '/notes/*', methods: ['DELETE'], upstream: baseUrl },
      ],
      apiFetch: api,
      showProblem: showSignInProblem({ assets, issuer, mode: signIn.mode }),
      clock,
      ...outbound,
    })
  }
  await app.register(
    frontRoutes({
      assets,
      issuer,
      api,
      baseUrl,
      mode: signIn?.mode ?? 'bff',
      configured: signIn !== undefined,
    }),
  )
  return app
}
