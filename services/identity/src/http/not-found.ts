import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { isUnavailable } from '../platform/db/unavailable.ts'
import type { FaultReport } from './errors/fault-report.ts'
import { sendErrorPage } from './front-channel.ts'
import { languageOf } from './language/language.ts'
import type { LanguageChoice } from './language/language-choice.ts'
import { PageError } from './errors/page-error.ts'
import { paths } from './paths.ts'
import type { ErrorKind } from './words/words.ts'

const wantsPage = (request: FastifyRequest) =>
  request.headers.accept?.includes('text/html') === true

/** Answers for requests that reached no channel: a page for people, JSON for programs. */
export const notFound = {
  async route(
    request: FastifyRequest,
    reply: FastifyReply,
    { faults, languages }: { readonly faults: FaultReport; readonly languages: LanguageChoice },
  ): Promise<FastifyReply> {
    if (wantsPage(request) && languages.take(request, reply)) return reply
    const allowed = allowedMethods(request)
    // A route of this very method was reached, and found nothing.
    const wrongMethod = allowed.length > 0 && !allowed.includes(request.method)
    const status = wrongMethod ? 405 : 404
    if (wrongMethod) void reply.header('allow', allowed.join(', '))
    const kind = status === 405 ? 'method_not_allowed' : 'not_found'
    return answer(kind, status, request, reply, faults)
  },

  async fault(
    thrown: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
    faults: FaultReport,
  ): Promise<FastifyReply> {
    const error = thrown as FastifyError
    const status = error.statusCode ?? (isUnavailable(thrown) ? 503 : 500)
    if (status >= 500) request.log.error({ err: thrown }, 'unexpected error')
    const kind = status >= 500 ? 'server_error' : 'invalid_request'
    return answer(kind, status, request, reply, faults)
  },
}

function answer(
  kind: ErrorKind,
  status: number,
  request: FastifyRequest,
  reply: FastifyReply,
  faults: FaultReport,
): FastifyReply {
  if (wantsPage(request)) {
    const toHome = { label: languageOf(request).words.actions.toHome, href: paths.home }
    const actions = kind === 'not_found' ? [toHome] : []
    return sendErrorPage(new PageError(kind, { status, actions }), request, reply, faults)
  }
  faults.refused(request, reply, { code: kind, status })
  return reply
    .status(status)
    .header('cache-control', 'no-store')
    .send({ error: kind, error_uri: faults.uriOf(request) })
}

/** RFC 9110 §15.5.6: a known address with another method says which methods it has. */
function allowedMethods({ server, url }: FastifyRequest): string[] {
  const path = url.split('?', 1)[0] ?? url
  return ['GET', 'POST'].filter((method) => server.findRoute({ url: path, method }) !== null)
}
