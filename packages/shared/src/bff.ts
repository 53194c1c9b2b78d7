import cookie from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { apiPlugin } from './bff/api-plugin.ts'
import type { ApiRoute } from './bff/api-routes.ts'
import { createCookieJar } from './bff/cookies.ts'
import { isOwnForm } from './bff/own-origin.ts'
import { createProvider } from './bff/provider.ts'
import { createRefresher, type Refreshed } from './bff/refresher.ts'
import { createSessionStore, type Session } from './bff/session.ts'
import { describeToken, sessionRoutes } from './bff/session-routes.ts'
import { signInRoutes, type ShowProblem } from './bff/sign-in-routes.ts'
import { createTransactionStore } from './bff/transaction.ts'
import { platformFetch, type Fetch } from './bounded-fetch.ts'
import { isSafeUrl } from './loopback.ts'

export type { ApiRoute } from './bff/api-routes.ts'
export type { Session } from './bff/session.ts'
export type { SignInProblem } from './bff/sign-in-problem.ts'
export type { ShowProblem } from './bff/sign-in-routes.ts'
export { challengedStepUp, stepUpPath, type StepUp } from './bff/step-up.ts'
export type { Fetch } from './bounded-fetch.ts'

export interface BffOptions {
  readonly issuer: string
  /** A confidential client with client_secret_basic; redirect URI `{baseUrl}/bff/callback`. */
  readonly clientId: string
  readonly clientSecret: string
  /** At least 32 characters each; the first one seals, all of them open. */
  readonly sessionKeys: readonly string[]
  /** The public origin of the application, from configuration, never from a request. */
  readonly baseUrl: string
  readonly scopes: readonly string[]
  /** The API's identifier, asked for as the token's audience (RFC 8707). */
  readonly resource?: string
  /** What scripts may call under `/bff/api`. Not served in mode `tmb`. */
  readonly api?: readonly ApiRoute[]
  /** `bff`: tokens never reach the browser. `tmb`: scripts get the access token at `/bff/token`. */
  readonly mode?: 'bff' | 'tmb'
  readonly cookieName?: string
  /** Absolute life of a session, counted from the sign-in. */
  readonly sessionMaxSeconds?: number
  /** Shows a sign-in that did not work; JSON by default. */
  readonly showProblem?: ShowProblem
  /** For requests to the issuer. */
  readonly fetch?: Fetch
  /** For requests to APIs; the platform's by default. */
  readonly apiFetch?: Fetch
  /** Milliseconds since the epoch. */
  readonly clock?: () => number
}

/** What a server-rendered page of the same application can do with the session. */
export interface Bff {
  /** The session as the browser sent it; no network. */
  session(request: FastifyRequest): Session | undefined
  /** The session with a living access token, renewed if need be; sets or clears the cookies. */
  fresh(request: FastifyRequest, reply: FastifyReply): Promise<Refreshed | { status: 'signed_out' }>
  /** Whether a form post came from a page of this application that was rendered for this session. */
  isOwnForm(request: FastifyRequest, session: Session, csrfToken: unknown): boolean
  describeToken(session: Session): ReturnType<typeof describeToken>
}

declare module 'fastify' {
  interface FastifyInstance {
    bff: Bff
  }
}

const THIRTY_DAYS_SECONDS = 2_592_000

/**
 * A backend for a frontend (RFC 10017, BCP 212) under `/bff`: login, callback, logout, session, and the way
 * to APIs. Throws TypeError at registration for options that could never be safe.
 */
export const bff = fp<BffOptions>(
  async (app, options) => {
    const { issuer, baseUrl, mode = 'bff', clock = Date.now, fetch = platformFetch } = options
    for (const url of [issuer, baseUrl]) {
      if (!isSafeUrl(new URL(url))) throw new TypeError(`${url} must be https`)
    }
    const { origin } = new URL(baseUrl)
    const jar = createCookieJar(options.cookieName ?? 'bff_session', baseUrl)
    const secrets = options.sessionKeys
    const maxSeconds = options.sessionMaxSeconds ?? THIRTY_DAYS_SECONDS
    const sessions = createSessionStore({ secrets, jar, maxSeconds, clock })
    const transactions = createTransactionStore({ secrets, jar, clock })
    const provider = createProvider({
      issuer,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      scopes: options.scopes,
      resource: options.resource,
      fetch,
      clock,
      redirectUri: new URL('/bff/callback', baseUrl).href,
    })
    const refresher = createRefresher(provider, clock)
    const showProblem: ShowProblem =
      options.showProblem ??
      ((_request, reply, { status, code, message }) =>
        reply.code(status).send({ error: code, error_description: message }))

    if (!app.hasReplyDecorator('setCookie')) await app.register(cookie)

    app.decorate('bff', {
      session: (request) => sessions.read(request),
      async fresh(request, reply) {
        const session = sessions.read(request)
        if (session === undefined) return { status: 'signed_out' }
        const result = await refresher.fresh(session)
        if (result.status === 'unavailable') return result
        if (result.status === 'ok') {
          const same = result.session === session
          if (same || sessions.write(request, reply, result.session)) return result
        }
        sessions.end(request, reply, session)
        return { status: 'ended' }
      },
      isOwnForm: ({ headers }, session, token) =>
        isOwnForm(headers, origin, token, session.csrfToken),
      describeToken: (session) => describeToken(session, clock()),
    })

    await app.register(
      async (routes) => {
        routes.addHook('onRequest', async (_request, reply) => {
          reply.header('cache-control', 'no-store').header('vary', 'Cookie')
        })
        await routes.register(
          signInRoutes({ provider, sessions, transactions, baseUrl, clock, showProblem }),
        )
        await routes.register(sessionRoutes({ provider, sessions, baseUrl, mode, clock }))
        await routes.register(
          apiPlugin({
            sessions,
            refresher,
            baseUrl,
            mode,
            clock,
            routes: options.api ?? [],
            fetch: options.apiFetch ?? platformFetch,
          }),
        )
      },
      { prefix: '/bff' },
    )
  },
  { name: '@signet/shared/bff', fastify: '5.x' },
)
