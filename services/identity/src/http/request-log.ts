import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'

/** One line per request: route, status, time. Never the query or the body, which hold codes and hints. */
export const requestLog: FastifyPluginAsync = fp(async (app) => {
  // Nothing in this line can hold a secret, and looking for one would double the cost of a cached answer.
  const log = app.log.child({}, { redact: [] })
  app.addHook('onResponse', async (request, reply) => {
    if (request.routeOptions.config.quiet === true) return
    log.info(
      {
        reqId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    )
  })
})
