import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { OAuthError } from '../domain/oauth/error.ts'
import { isUnavailable } from '../platform/db/unavailable.ts'
import { type Parameters, malformation, toParameters } from '../domain/oauth/parameters.ts'

/** What runs before every endpoint for programs: no-store, form bodies, errors as OAuth objects. */
export function backChannel(slices: readonly FastifyPluginAsync[]): FastifyPluginAsync {
  return async (app) => {
    app.removeContentTypeParser(['application/json', 'text/plain'])
    app.addHook('onRequest', async (_request, reply) => {
      // RFC 6749 §5.1
      void reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
    })
    app.setErrorHandler<FastifyError | OAuthError>(async (error, request, reply) =>
      sendOAuthError(toOAuthError(error, request), request, reply),
    )
    for (const slice of slices) await app.register(slice)
  }
}

/** The form parameters of a request, refused when repeated or not text (RFC 6749 §3.2). */
export function formParameters(request: FastifyRequest): Parameters {
  const parameters = toParameters(request.body)
  const fault = malformation(parameters)
  if (fault !== undefined) throw new OAuthError('invalid_request', fault)
  return parameters
}

export function sendOAuthError(
  error: OAuthError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error.status < 500)
    request.log.info(
      { error: error.code, description: error.description, hint: error.hint },
      'refused',
    )
  return reply.status(error.status).headers(error.headers).send(error.toJSON())
}

function toOAuthError(error: FastifyError | OAuthError, request: FastifyRequest): OAuthError {
  if (error instanceof OAuthError) return error
  const status = error.statusCode ?? 500
  if (status === 429)
    return new OAuthError('temporarily_unavailable', 'too many requests', { status })
  if (status === 415)
    return new OAuthError('invalid_request', 'send application/x-www-form-urlencoded', { status })
  if (status >= 400 && status < 500)
    return new OAuthError('invalid_request', 'the request is malformed', { status })
  if (isUnavailable(error)) {
    request.log.error({ err: error }, 'database unavailable')
    return new OAuthError('temporarily_unavailable', 'try again in a moment', {
      status: 503,
      headers: { 'retry-after': '5' },
    })
  }
  request.log.error({ err: error }, 'unexpected error')
  return new OAuthError('server_error', `unexpected error, reference ${request.id}`, {
    status: 500,
  })
}
