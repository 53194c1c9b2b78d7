import type { FastifyPluginAsync } from 'fastify'

/** Health for load balancers. Ready does not ask the issuer: tokens are checked without it. */
export function healthRoutes(isStopping: () => boolean): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store')
    })
    app.get('/health/live', { logLevel: 'warn' }, async () => ({ status: 'ok' }))
    app.get('/health/ready', { logLevel: 'warn' }, async (_request, reply) =>
      isStopping() ? reply.code(503).send({ status: 'stopping' }) : { status: 'ready' },
    )
  }
}
