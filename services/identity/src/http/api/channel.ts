import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { OAuthError } from '../../domain/oauth/error.ts'
import { parseStrictJson } from '../../platform/strict-json.ts'
import { preflight } from '../cors.ts'
import { languageOf } from '../language/language.ts'
import { type AccessDeps, type ApiCaller, admit } from './access.ts'
import { readBody, readPath, readQuery } from './input.ts'
import type { Api, Operation } from './operation.ts'
import { ApiProblem } from './problem.ts'
import { type ProblemDeps, sendProblem, toProblem } from './send-problem.ts'

export interface ApiChannelDeps extends AccessDeps, ProblemDeps {
  /** Requests of one person a minute, at each operation. */
  readonly ratePerMinute: () => number
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** Serves APIs as their tables describe them: bearer tokens, JSON in and out, errors by RFC 9457. */
export function apiChannel(deps: ApiChannelDeps, apis: readonly Api[]): FastifyPluginAsync {
  return async (app) => {
    for (const api of apis)
      await app.register(async (scope) => serve(scope, deps, api), { prefix: api.base })
  }
}

async function serve(app: FastifyInstance, deps: ApiChannelDeps, api: Api): Promise<void> {
  const callers = new WeakMap<FastifyRequest, ApiCaller>()
  app.addHook('onRequest', async (_request, reply) => {
    void reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
  })
  acceptOnlyJson(app)
  app.setErrorHandler<FastifyError | ApiProblem | OAuthError>(async (error, request, reply) =>
    sendProblem(deps, toProblem(error, request), request, reply),
  )
  app.setNotFoundHandler(async (request, reply) =>
    sendProblem(deps, new ApiProblem('not_found'), request, reply),
  )
  for (const operation of api.operations) addRoute(app, deps, api, operation, callers)
  for (const path of new Set(api.operations.map((operation) => operation.path)))
    await refuseOthers(
      app,
      toRoute(path),
      api.operations.filter((operation) => operation.path === path),
    )
}

function addRoute(
  app: FastifyInstance,
  deps: ApiChannelDeps,
  api: Api,
  operation: Operation,
  callers: WeakMap<FastifyRequest, ApiCaller>,
): void {
  const { audience } = api
  const { scopes, fresh, params, query, body, answer } = operation
  app.route({
    method: operation.method,
    url: toRoute(operation.path),
    // Before the body is read: who may not call costs no more than a look at the token.
    onRequest: async (request, reply) => {
      callers.set(request, await admit(deps, { audience, scopes, fresh }, request, reply))
    },
    config: {
      rateLimit: {
        max: deps.ratePerMinute,
        timeWindow: 60_000,
        keyGenerator: (request) => callers.get(request)?.user.id ?? '',
      },
    },
    handler: async (request, reply) => {
      const caller = callers.get(request)
      if (caller === undefined) throw new Error('a call was not let in')
      const result = await operation.run({
        caller,
        path: params === undefined ? undefined : readPath(params, request.params),
        query: query === undefined ? undefined : readQuery(query, request.query),
        body: body === undefined ? undefined : readBody(body, request.body),
        ip: request.ip,
        userAgent: request.headers['user-agent'],
        language: languageOf(request),
      })
      void reply.status(answer.status)
      // A stream has no type of its own.
      if (answer.schema !== undefined) void reply.type('application/json; charset=utf-8')
      return reply.send(result)
    },
  })
}

/** RFC 8259 §8.1, RFC 7493. An empty body is none: some programs name a type without sending anything. */
function acceptOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, bytes: Buffer) => {
      if (bytes.length === 0) return undefined
      const read = parseStrictJson(bytes)
      if (read.kind === 'valid') return read.value
      throw new ApiProblem('malformed', { detail: `the body ${read.reason}` })
    },
  )
}

/** RFC 9110 §15.5.6: a known address says which methods it has; and preflights are answered. */
async function refuseOthers(
  app: FastifyInstance,
  url: string,
  operations: readonly Operation[],
): Promise<void> {
  const known = new Set<string>(operations.map(({ method }) => method))
  if (known.has('GET')) known.add('HEAD')
  const allow = METHODS.filter((method) => known.has(method)).join(', ')
  await app.register(preflight(url, allow))
  app.route({
    method: METHODS.filter((method) => !known.has(method)),
    url,
    onRequest: async () => {
      throw new ApiProblem('method_not_allowed', { headers: { allow } })
    },
    handler: async () => undefined,
  })
}

const toRoute = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1')
