import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import type { RequireAcrOptions } from './resource/authentication-need.ts'
import { authorizationHeaders, queryOf } from './resource/bearer-token.ts'
import { EXPOSED, exposing } from './resource/exposed-headers.ts'
import {
  createGuards,
  type Objection,
  type Refusal,
  type SignetOptions,
} from './resource/guards.ts'
import { createRequestTokens } from './resource/request-tokens.ts'
import { METADATA_HEADERS } from './resource/resource-metadata.ts'
import type { AccessToken } from './verify.ts'

export type { RequireAcrOptions } from './resource/authentication-need.ts'
export type { SignetOptions } from './resource/guards.ts'
export type { AccessToken } from './verify.ts'

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
    const guards = createGuards(options)
    const tokens = createRequestTokens(guards, (request: FastifyRequest) => ({
      authorization: authorizationHeaders(request.raw.rawHeaders),
      query: queryOf(request.url),
    }))

    function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
      const { status, headers, body, fault } = refusal
      if (fault?.code === 'keys_unavailable')
        request.log.error({ err: fault.cause, issuer: options.issuer }, 'issuer keys unavailable')
      else if (fault !== undefined) request.log.info({ code: fault.code }, 'access token refused')
      return reply
        .code(status)
        .headers(exposing(headers, reply.getHeader(EXPOSED)))
        .send(body)
    }

    const guard =
      (objection: Objection): onRequestAsyncHookHandler =>
      async (request, reply) => {
        const refusal = await tokens.refusalOf(request, objection)
        return refusal === undefined ? undefined : refuse(request, reply, refusal)
      }

    app.decorateRequest('auth', {
      getter(this: FastifyRequest) {
        return tokens.tokenOf(this)
      },
    })
    app.decorate('authenticate', guard(guards.none))
    app.decorate('requireScopes', (...scopes: string[]) => guard(guards.scopes(scopes)))
    app.decorate('requireRoles', (...roles: string[]) => guard(guards.roles(roles)))
    app.decorate('requireAcr', (acr: string, acrOptions?: RequireAcrOptions) =>
      guard(guards.acr(acr, acrOptions)),
    )

    const { metadata } = guards
    if (metadata !== undefined) {
      app.get(metadata.path, async (_request, reply) =>
        reply.headers(METADATA_HEADERS).send(metadata.document),
      )
    }
  },
  { name: '@signet/shared/fastify', fastify: '5.x' },
)
