import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance, LogController } from 'fastify'
import { createApis } from './app/apis.ts'
import { endpoints } from './app/endpoints.ts'
import { pages } from './app/pages.ts'
import { type Given, createParts } from './app/parts.ts'
import { createFaultJournal } from './domain/faults/journal.ts'
import { createFaultStore } from './domain/faults/store.ts'
import { apiChannel } from './http/api/channel.ts'
import { assets } from './http/look/assets.ts'
import { brand } from './http/look/brand.ts'
import { health } from './http/health.ts'
import { notFound } from './http/not-found.ts'
import { PageError } from './http/errors/page-error.ts'
import { peerNetwork } from './http/peer-address.ts'
import { requestLog } from './http/request-log.ts'
import { securityHeaders } from './http/security-headers.ts'
import { randomToken } from './platform/crypto/random.ts'
import { REDACTED, serializeError } from './platform/log.ts'
import { openApi } from './protocol/api-docs/routes.ts'
import { discovery } from './protocol/discovery/routes.ts'

export interface App {
  readonly server: FastifyInstance
  /** Forgets what is remembered of clients and resources: another process has changed them. */
  forgetConfiguration(): void
}

const MAX_BODY_BYTES = 65_536
/** An authorization request travels sealed in the URL, which is longer than the request itself. */
const MAX_HEADER_BYTES = 32_768

/** The composition root: the server with everything that answers on it. Wiring is in `app/`, one file a channel. */
export async function buildApp(given: Given): Promise<App> {
  const { issuer, clock } = given
  const server = fastify({
    logger: {
      level: given.logLevel,
      redact: REDACTED,
      serializers: { err: serializeError },
    },
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: given.trustProxy.length > 0 ? [...given.trustProxy] : false,
    genReqId: () => randomToken(9),
    // RFC 9112 §3.2.2: a request may name us by an absolute address, which nothing here must repeat.
    rewriteUrl: ({ url = '/' }) => url.replace(/^[a-z]+:\/\/[^/?#]*/i, '') || '/',
    bodyLimit: MAX_BODY_BYTES,
    http: { maxHeaderSize: MAX_HEADER_BYTES },
    // No pattern looks at variables of a path, so whatever fits into a request may be one.
    routerOptions: { maxParamLength: MAX_HEADER_BYTES },
    requestTimeout: 60_000,
    keepAliveTimeout: 10_000,
    forceCloseConnections: 'idle',
  })
  const journal = createFaultJournal({
    store: createFaultStore(given.database.db),
    clock,
    onError: (error) => server.log.warn({ err: error }, 'errors are not kept for `signet why`'),
  })
  server.addHook('onClose', async () => journal.close())
  const parts = createParts(given, journal)
  const apis = createApis(parts)

  server.setErrorHandler((error, request, reply) =>
    notFound.fault(error, request, reply, parts.faults),
  )
  server.setNotFoundHandler(async (request, reply) => notFound.route(request, reply, parts))
  await server.register(securityHeaders(new URL(issuer)))
  await server.register(requestLog)
  await server.register(cookie)
  await server.register(brand(parts.branding))
  server.addHook('onRequest', async (request) => parts.languages.recall(request))
  await server.register(formbody, { bodyLimit: MAX_BODY_BYTES })
  await server.register(rateLimit, {
    global: false,
    cache: 20_000,
    keyGenerator: peerNetwork,
    errorResponseBuilder: (_request, { statusCode }) =>
      new PageError('too_many_requests', {
        status: statusCode,
        why: { check: 'too_many_requests' },
      }),
  })
  await server.register(health(given))
  await server.register(assets)
  await server.register(discovery(parts))
  await server.register(endpoints(parts))
  await server.register(apiChannel(parts, apis))
  await server.register(openApi({ ...parts, apis }))
  await server.register(pages(parts, apis))

  return {
    server,
    forgetConfiguration() {
      parts.clients.clear()
      parts.resources.clear()
    },
  }
}
