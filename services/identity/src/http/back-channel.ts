import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { OAuthError } from '../domain/oauth/error.ts'
import type { FaultReport } from './errors/fault-report.ts'
import { isUnavailable } from '../platform/db/unavailable.ts'
import { type Parameters, malformation, toParameters } from '../domain/oauth/parameters.ts'

/** What runs before every endpoint for programs: no-store, form bodies, errors as OAuth objects. */
export function backChannel(
  slices: readonly FastifyPluginAsync[],
  faults: FaultReport,
): FastifyPluginAsync {
  return async (app) => {
    app.removeContentTypeParser(['application/json', 'text/plain'])
    app.addHook('onRequest', async (_request, reply) => {
      // RFC 6749 §5.1
      void reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
    })
    app.setErrorHandler<FastifyError | OAuthError>(async (error, request, reply) =>
      sendOAuthError(toOAuthError(error, request), request, reply, faults),
    )
    for (const slice of slices) await app.register(slice)
  }
}

/** The form parameters of a request, refused when repeated or not text (RFC 6749 §3.2). */
export function formParameters(request: FastifyRequest): Parameters {
  const parameters = toParameters(request.body)
  const fault = malformation(parameters)
  if (fault !== undefined)
    throw new OAuthError('invalid_request', fault, {
      why: { check: 'parameter_malformed', received: { reason: fault } },
    })
  return parameters
}

/** Sends an OAuth error object with the address of its explanation. */
function sendOAuthError(
  error: OAuthError,
  request: FastifyRequest,
  reply: FastifyReply,
  faults: FaultReport,
): FastifyReply {
  const { code, description, status, why } = error
  faults.refused(request, reply, { code, status, why, hint: description })
  const uri = faults.uriOf(request)
  const challenge = error.headers['www-authenticate']
  void reply.status(status).headers(error.headers)
  // RFC 6750 §3: a challenge without an error code (no credentials came) carries nothing else about it either.
  if (challenge?.startsWith('Bearer ') === true && challenge.includes('error='))
    void reply.header('www-authenticate', `${challenge}, error_uri="${uri}"`)
  return reply.send({ ...error.toJSON(), error_uri: uri })
}

function toOAuthError(error: FastifyError | OAuthError, request: FastifyRequest): OAuthError {
  if (error instanceof OAuthError) return error
  const status = error.statusCode ?? 500
  if (status === 429)
    return new OAuthError('temporarily_unavailable', 'too many requests', {
      status,
      why: { check: 'too_many_requests' },
    })
  if (status === 415)
    return new OAuthError('invalid_request', 'send application/x-www-form-urlencoded', {
      status,
      why: {
        check: 'body_type_unsupported',
        expected: { content_type: 'application/x-www-form-urlencoded' },
        received: { content_type: request.headers['content-type'] ?? '(none)' },
      },
    })
  if (status >= 400 && status < 500)
    return new OAuthError('invalid_request', 'the request is malformed', {
      status,
      why: { check: 'request_malformed' },
    })
  if (isUnavailable(error)) {
    request.log.error({ err: error }, 'database unavailable')
    return new OAuthError('temporarily_unavailable', 'try again in a moment', {
      status: 503,
      headers: { 'retry-after': '5' },
      why: { check: 'unavailable' },
    })
  }
  request.log.error({ err: error }, 'unexpected error')
  return new OAuthError('server_error', `unexpected error, reference ${request.id}`, {
    status: 500,
    why: { check: 'server_error' },
  })
}
