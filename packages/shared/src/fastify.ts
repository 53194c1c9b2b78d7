import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import {
  authenticationNeed,
  isAuthenticatedEnough,
  type RequireAcrOptions,
} from './fastify/authentication-need.ts'
import { bearerToken } from './fastify/bearer-token.ts'
import {
  formatChallenge,
  invalidToken,
  malformedCredentials,
  missingRoles,
  missingScopes,
  noCredentials,
  weakAuthentication,
  type Challenge,
} from './fastify/challenge.ts'
import { resourceMetadata, type ResourceMetadataOptions } from './fastify/resource-metadata.ts'
import { createVerifier, TokenError, type AccessToken, type VerifierOptions } from './verify.ts'

export type { RequireAcrOptions } from './fastify/authentication-need.ts'
export type { AccessToken } from './verify.ts'

export interface SignetOptions extends VerifierOptions, ResourceMetadataOptions {
  /** Named in challenges; the audience by default. */
  readonly realm?: string
  /** The issuer's levels of authentication, the weakest first: a route that wants one takes those after it. */
  readonly acrLevels?: readonly string[]
}

/** As Signet has them. */
const ACR_LEVELS = ['aal1', 'aal2']

declare module 'fastify' {
  interface FastifyInstance {
    /** `onRequest` hook: lets a request with a valid access token pass. */
    authenticate: onRequestAsyncHookHandler
    /** Makes an `onRequest` hook: the token must hold all these scopes. */
    requireScopes(...scopes: string[]): onRequestAsyncHookHandler
    /** Makes an `onRequest` hook: the user must have all these roles. */
    requireRoles(...roles: string[]): onRequestAsyncHookHandler
    /**
     * Makes an `onRequest` hook: the person must have proved who they are at this level (`acr`), and at most
     * `maxAge` seconds ago. Who has not is told how to get there (RFC 9470).
     */
    requireAcr(acr: string, options?: RequireAcrOptions): onRequestAsyncHookHandler
  }
  interface FastifyRequest {
    /** The verified access token. Throws on a route that no guard protects. */
    readonly auth: AccessToken
  }
}

/**
 * Protects the routes of a Fastify application by access tokens of one issuer:
 * `app.register(signet, { issuer, audience })`, then `{ onRequest: app.requireScopes('notes:read') }`.
 * Serves the protected resource metadata (RFC 9728) as well.
 */
export const signet = fp<SignetOptions>(
  async (app, options) => {
    const verifier = createVerifier(options)
    const metadata = resourceMetadata(options)
    const { acrLevels = ACR_LEVELS, clock = Date.now } = options
    const realm = options.realm ?? options.audience
    const verified = new WeakMap<FastifyRequest, AccessToken>()

    function challenge(reply: FastifyReply, problem: Challenge): FastifyReply {
      const exposed = reply.getHeader('access-control-expose-headers')
      return reply
        .code(problem.status)
        .header('www-authenticate', formatChallenge(problem, realm, metadata?.url))
        .header(
          'access-control-expose-headers',
          [exposed ?? [], 'WWW-Authenticate'].flat().join(', '),
        )
        .header('cache-control', 'no-store')
        .send({ error: problem.error ?? 'unauthorized', error_description: problem.description })
    }

    function unavailable(reply: FastifyReply, retryAfterSeconds: number): FastifyReply {
      return reply
        .code(503)
        .header('retry-after', retryAfterSeconds)
        .header('cache-control', 'no-store')
        .send({
          error: 'temporarily_unavailable',
          error_description: 'Access tokens cannot be checked at the moment.',
        })
    }

    async function identify(request: FastifyRequest): Promise<AccessToken | Challenge | number> {
      const known = verified.get(request)
      if (known !== undefined) return known
      const [, ...search] = request.url.split('?')
      const query = new URLSearchParams(search.join('?'))
      const found = bearerToken(request.raw.rawHeaders, query)
      if (found.status === 'absent') return noCredentials
      if (found.status === 'malformed') return malformedCredentials(found.reason)
      try {
        const token = await verifier.verify(found.token)
        verified.set(request, token)
        return token
      } catch (error) {
        if (!(error instanceof TokenError)) throw error
        if (error.code === 'keys_unavailable') {
          request.log.error({ err: error.cause, issuer: options.issuer }, 'issuer keys unavailable')
          return error.retryAfterSeconds ?? 1
        }
        request.log.info({ code: error.code }, 'access token refused')
        return invalidToken
      }
    }

    const guard =
      (objection: (token: AccessToken) => Challenge | undefined): onRequestAsyncHookHandler =>
      async (request, reply) => {
        const who = await identify(request)
        if (typeof who === 'number') return unavailable(reply, who)
        const problem = 'status' in who ? who : objection(who)
        return problem === undefined ? undefined : challenge(reply, problem)
      }

    app.decorateRequest('auth', {
      getter(this: FastifyRequest) {
        const token = verified.get(this)
        if (token === undefined) throw new Error('request.auth read on a route without a guard')
        return token
      },
    })
    app.decorate(
      'authenticate',
      guard(() => undefined),
    )
    app.decorate('requireScopes', (...scopes: string[]) =>
      guard(({ scopes: held }) =>
        scopes.every((scope) => held.includes(scope)) ? undefined : missingScopes(scopes),
      ),
    )
    app.decorate('requireRoles', (...roles: string[]) =>
      guard(({ roles: held }) =>
        roles.every((role) => held.includes(role)) ? undefined : missingRoles,
      ),
    )

    app.decorate('requireAcr', (acr: string, options?: RequireAcrOptions) => {
      const need = authenticationNeed(acrLevels, acr, options)
      return guard((token) =>
        isAuthenticatedEnough(token, need, Math.floor(clock() / 1000))
          ? undefined
          : weakAuthentication(need),
      )
    })

    if (metadata !== undefined) {
      app.get(metadata.path, async (_request, reply) =>
        reply
          .header('access-control-allow-origin', '*')
          .header('cache-control', 'public, max-age=300')
          .send(metadata.document),
      )
    }
  },
  { name: '@signet/shared/fastify', fastify: '5.x' },
)
