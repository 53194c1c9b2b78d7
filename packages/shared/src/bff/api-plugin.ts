import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Fetch } from '../bounded-fetch.ts'
import { matchApiRoute, type ApiRoute } from './api-routes.ts'
import { isOwnCall } from './own-origin.ts'
import { createProxy } from './proxy.ts'
import type { Refreshed, Refresher } from './refresher.ts'
import type { Session, SessionStore } from './session.ts'

export interface ApiPluginDeps {
  readonly sessions: SessionStore
  readonly refresher: Refresher
  readonly baseUrl: string
  readonly mode: 'bff' | 'tmb'
  readonly routes: readonly ApiRoute[]
  readonly fetch: Fetch
  readonly clock: () => number
}

const BODY_LIMIT_BYTES = 1_048_576
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
const PREFIX = '/bff/api'

/** How scripts of the page reach APIs: through the backend (`bff`), or with a token of their own (`tmb`). */
export function apiPlugin(deps: ApiPluginDeps): FastifyPluginAsync {
  const { sessions, refresher, baseUrl, mode, routes, fetch, clock } = deps
  const { origin } = new URL(baseUrl)
  const proxy = createProxy(fetch)

  /** Writes what became of a session; undefined when the answer is already given. */
  function settle(
    request: FastifyRequest,
    reply: FastifyReply,
    before: Session,
    result: Refreshed,
  ): Session | undefined {
    if (result.status === 'unavailable') {
      request.log.error({ err: result.cause }, 'the access token could not be renewed')
      reply.code(503).header('retry-after', 2).send({
        error: 'temporarily_unavailable',
        error_description: 'The identity service does not answer at the moment.',
      })
      return undefined
    }
    const kept =
      result.status === 'ok' &&
      (result.session === before || sessions.write(request, reply, result.session))
    if (kept && result.status === 'ok') return result.session
    sessions.end(request, reply, before)
    signedOut(reply)
    return undefined
  }

  return async (app) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

    app.addHook('onRequest', async (request, reply) => {
      if (isOwnCall(request.headers, origin)) return
      request.log.warn('call of a foreign origin refused')
      return reply.code(403).send({
        error: 'csrf',
        error_description: 'Calls need the header X-CSRF: 1 and must come from this application.',
      })
    })

    if (mode === 'tmb') {
      app.get('/token', async (request, reply) => {
        const session = sessions.read(request)
        if (session === undefined) return signedOut(reply)
        const current = settle(request, reply, session, await refresher.fresh(session))
        if (current === undefined) return reply
        return {
          access_token: current.accessToken,
          token_type: 'Bearer',
          expires_in: Math.max(0, current.accessExpiresAt - Math.floor(clock() / 1000)),
          scope: current.scopes.join(' '),
        }
      })
      return
    }

    app.route({
      method: METHODS,
      url: '/api/*',
      bodyLimit: BODY_LIMIT_BYTES,
      async handler(request, reply) {
        const path = (request.raw.url ?? '').slice(PREFIX.length)
        const verdict = matchApiRoute(routes, request.method, path)
        if (verdict.status === 'unknown') return reply.code(404).send({ error: 'not_found' })
        if (verdict.status === 'method') {
          const allow = verdict.allow.join(', ')
          return reply.code(405).header('allow', allow).send({ error: 'method_not_allowed' })
        }
        const before = sessions.read(request)
        if (before === undefined) return signedOut(reply)
        const session = settle(request, reply, before, await refresher.fresh(before))
        if (session === undefined) return reply
        const renew = async () => {
          const result = await refresher.renew(session)
          if (result.status === 'ok') sessions.write(request, reply, result.session)
          return result
        }
        return proxy(request, reply, { url: verdict.url, session, renew })
      },
    })
  }
}

function signedOut(reply: FastifyReply): FastifyReply {
  return reply.code(401).send({ error: 'signed_out', error_description: 'Sign in first.' })
}
