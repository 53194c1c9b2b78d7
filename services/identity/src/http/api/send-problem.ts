import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Why } from '../../domain/faults/why.ts'
import { OAuthError } from '../../domain/oauth/error.ts'
import { isUnavailable } from '../../platform/db/unavailable.ts'
import type { FaultReport } from '../errors/fault-report.ts'
import { PageError } from '../errors/page-error.ts'
import { apiProblemsPath } from '../paths.ts'
import { ApiProblem, PROBLEMS, type ProblemName, problemAnchor } from './problem.ts'

export interface ProblemDeps {
  readonly issuer: string
  readonly faults: FaultReport
}

/** Sends a problem by RFC 9457: `type` leads to its description, `instance` names this one occurrence. */
export function sendProblem(
  { issuer, faults }: ProblemDeps,
  { problem, status, options }: ApiProblem,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { detail, errors, headers = {}, why } = options
  faults.refused(request, reply, { code: problem, status, why, hint: detail ?? problem })
  return reply
    .status(status)
    .headers(headers)
    .type('application/problem+json')
    .send({
      type: `${issuer}${apiProblemsPath}#${problemAnchor(problem)}`,
      title: PROBLEMS[problem].title,
      status,
      detail,
      instance: faults.uriOf(request),
      errors,
    })
}

/** What a program may see of whatever was thrown; the rest is in the log under the same id. */
export function toProblem(
  error: FastifyError | ApiProblem | OAuthError | PageError,
  request: FastifyRequest,
): ApiProblem {
  if (error instanceof ApiProblem) return error
  if (error instanceof OAuthError) return ofOAuth(error)
  const status = error instanceof PageError ? error.status : (error.statusCode ?? 500)
  const refusal = REFUSALS.get(status)
  if (refusal !== undefined) return new ApiProblem(refusal.problem, { why: refusal.why(request) })
  if (status >= 400 && status < 500)
    return new ApiProblem('malformed', { why: { check: 'request_malformed' } })
  if (isUnavailable(error)) {
    request.log.error({ err: error }, 'database unavailable')
    return new ApiProblem('unavailable', {
      headers: { 'retry-after': '5' },
      why: { check: 'unavailable' },
    })
  }
  request.log.error({ err: error }, 'unexpected error')
  return new ApiProblem('server_error', { why: { check: 'server_error' } })
}

interface Refusal {
  readonly problem: ProblemName
  readonly why: (request: FastifyRequest) => Why
}

/** What the framework refuses before an operation sees it. */
const REFUSALS: ReadonlyMap<number, Refusal> = new Map<number, Refusal>([
  [413, { problem: 'too_large', why: () => ({ check: 'request_malformed' }) }],
  [415, { problem: 'unsupported_media_type', why: notJson }],
  [429, { problem: 'too_many_requests', why: () => ({ check: 'too_many_requests' }) }],
])

function notJson({ headers }: FastifyRequest): Why {
  return {
    check: 'body_type_unsupported',
    expected: { content_type: 'application/json' },
    received: { content_type: headers['content-type'] ?? '(none)' },
  }
}

/** A request without one bearer token; its challenge is that of every endpoint (RFC 6750 §3). */
function ofOAuth({ status, description, headers, why }: OAuthError): ApiProblem {
  const problem = status === 401 ? 'unauthenticated' : 'malformed'
  return new ApiProblem(problem, { detail: description, headers, why })
}
