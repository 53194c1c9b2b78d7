import type { FastifyPluginAsync } from 'fastify'
import { paths } from './paths.ts'

export interface HealthDeps {
  /** Whether requests can be served: database, keys and migrations. */
  readonly ready: () => Promise<boolean>
}

/** Liveness without any I/O, readiness with all of it. Neither is logged nor limited. */
export function health({ ready }: HealthDeps): FastifyPluginAsync {
  return async (app) => {
    const config = { quiet: true }
    for (const path of [paths.live, '/healthz'])
      app.get(path, { config }, async (_request, reply) =>
        reply.header('cache-control', 'no-store').send({ status: 'ok' }),
      )
    for (const path of [paths.ready, '/readyz'])
      app.get(path, { config }, async (_request, reply) => {
        const isReady = await ready().catch(() => false)
        return reply
          .status(isReady ? 200 : 503)
          .header('cache-control', 'no-store')
          .send({ status: isReady ? 'ok' : 'unavailable' })
      })
  }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Leaves no line in the log. */
    quiet?: boolean
  }
}
