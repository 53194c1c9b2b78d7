import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Client } from '../domain/clients/client.ts'
import type { FaultReport } from './errors/fault-report.ts'

/** Answers preflights. They carry no token or client, so the answer itself decides who may read it. */
export function preflight(path: string, methods: string): FastifyPluginAsync {
  return async (app) => {
    app.options(path, async (request, reply) => {
      void reply.headers({
        vary: 'origin',
        'access-control-allow-methods': methods,
        'access-control-allow-headers': 'authorization, content-type',
        'access-control-max-age': '600',
      })
      if (request.headers.origin !== undefined)
        void reply.header('access-control-allow-origin', request.headers.origin)
      return reply.status(204).send()
    })
  }
}

/**
 * Lets a page read the answer when it lives on an origin that the client has registered. No cookie takes part. A page
 * of another origin sees nothing at all, not even why, so that is noted: `x-request-id` names it in the browser's tools.
 */
export function allowClientOrigin(
  request: FastifyRequest,
  reply: FastifyReply,
  client: Client,
  faults: FaultReport,
): void {
  void reply.header('vary', 'origin')
  const { origin } = request.headers
  if (origin === undefined || origin === 'null') return
  const origins = new Set(client.metadata.redirect_uris.map((uri) => new URL(uri).origin))
  if (!origins.has(origin)) {
    const why = {
      check: 'origin_not_registered',
      expected: { origin: [...origins].join(' or ') },
      received: { origin },
    } as const
    faults.refused(request, reply, { code: 'origin_not_registered', status: 200, why })
    return
  }
  void reply.headers({
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'www-authenticate, retry-after',
    'cross-origin-resource-policy': 'cross-origin',
  })
}
