import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../platform/clock.ts'
import { isUnavailable } from '../platform/db/unavailable.ts'
import { sendErrorPage } from './front-channel.ts'
import { PageError } from './page-error.ts'

const wantsPage = (request: FastifyRequest) =>
  request.headers.accept?.includes('text/html') === true

/** Answers for requests that reached no channel: a page for people, JSON for programs. */
export const notFound = {
  async route(request: FastifyRequest, reply: FastifyReply, clock: Clock): Promise<FastifyReply> {
    const allowed = allowedMethods(request)
    // A route of this very method was reached, and found nothing.
    const wrongMethod = allowed.length > 0 && !allowed.includes(request.method)
    const status = wrongMethod ? 405 : 404
    if (wrongMethod) void reply.header('allow', allowed.join(', '))
    const kind = status === 405 ? 'method_not_allowed' : 'not_found'
    if (wantsPage(request))
      return sendErrorPage(new PageError(kind, { status }), request, reply, clock)
    return reply.status(status).header('cache-control', 'no-store').send({ error: kind })
  },

  async fault(
    thrown: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
    clock: Clock,
  ): Promise<FastifyReply> {
    const error = thrown as FastifyError
    const status = error.statusCode ?? (isUnavailable(thrown) ? 503 : 500)
    if (status >= 500) request.log.error({ err: thrown }, 'unexpected error')
    const kind = status >= 500 ? 'server_error' : 'invalid_request'
    if (wantsPage(request))
      return sendErrorPage(new PageError(kind, { status }), request, reply, clock)
    return reply.status(status).header('cache-control', 'no-store').send({ error: kind })
  },
}

/** RFC 9110 §15.5.6: a known address with another method says which methods it has. */
function allowedMethods({ server, url }: FastifyRequest): string[] {
  const path = url.split('?', 1)[0] ?? url
  return ['GET', 'POST'].filter((method) => server.findRoute({ url: path, method }) !== null)
}
