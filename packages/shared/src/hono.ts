import type { RequireAcrOptions } from './resource/authentication-need.ts'
import { EXPOSED } from './resource/exposed-headers.ts'
import {
  createGuards,
  type Objection,
  type Refusal,
  type SignetOptions,
} from './resource/guards.ts'
import { createRequestTokens } from './resource/request-tokens.ts'
import { METADATA_HEADERS } from './resource/resource-metadata.ts'
import type { AccessToken, TokenError } from './verify.ts'

export type { RequireAcrOptions } from './resource/authentication-need.ts'
export type { AccessToken, TokenError } from './verify.ts'

export interface HonoOptions extends SignetOptions {
  /** Told why a token did not pass, for the log: the answer does not say. What it fails by goes to the error handler. */
  readonly onRefusal?: (fault: TokenError, request: Request) => unknown
}

/** What is used of Hono's context. */
export interface WebContext {
  readonly req: { readonly raw: Request }
  header(name: string, value: string, options?: { append?: boolean }): void
  newResponse(data: string, status: Refusal['status'], headers: Record<string, string>): Response
}

export type Middleware = (
  context: WebContext,
  next: () => Promise<void>,
) => Promise<Response | undefined>

export interface HonoGuards {
  /** Lets a request with a valid access token pass. */
  readonly authenticate: Middleware
  /** The token must hold all these scopes. */
  requireScopes(...scopes: string[]): Middleware
  /** The user must have all these roles. */
  requireRoles(...roles: string[]): Middleware
  /**
   * The person must have proved who they are at this level (`acr`), and at most `maxAge` seconds ago. Who has not is
   * told how to get there (RFC 9470). Throws TypeError for a need that could never be met.
   */
  requireAcr(acr: string, options?: RequireAcrOptions): Middleware
  /** The verified access token of a request. Throws on a route that no guard protects. */
  auth(context: WebContext): AccessToken
  /** Serves the protected resource metadata (RFC 9728) at its place; to be used without a path, before the routes. */
  readonly metadata: Middleware
}

/**
 * Makes the guards of a Hono application: `const api = signet({ issuer, audience })`, then
 * `app.get('/notes', api.requireScopes('notes:read'), (c) => … api.auth(c).sub …)`.
 */
export function signet(options: HonoOptions): HonoGuards {
  const guards = createGuards(options)
  const tokens = createRequestTokens(guards, ({ req }: WebContext) => {
    const { headers, url } = req.raw
    // Of several headers the platform has made one, with commas, which no token holds.
    const authorization = headers.get('authorization')
    return {
      authorization: authorization === null ? [] : [authorization],
      query: new URL(url).searchParams,
    }
  })

  const guard =
    (objection: Objection): Middleware =>
    async (context, next) => {
      const refusal = await tokens.refusalOf(context, objection)
      if (refusal !== undefined) {
        // Awaited: a log that cannot be written must not end the process, by a token that anybody can make up.
        if (refusal.fault !== undefined) await options.onRefusal?.(refusal.fault, context.req.raw)
        return answerOf(context, refusal)
      }
      await next()
      return undefined
    }

  return {
    authenticate: guard(guards.none),
    requireScopes: (...scopes) => guard(guards.scopes(scopes)),
    requireRoles: (...roles) => guard(guards.roles(roles)),
    requireAcr: (acr, acrOptions) => guard(guards.acr(acr, acrOptions)),
    auth: (context) => tokens.tokenOf(context),
    async metadata(context, next) {
      const { metadata } = guards
      const { method, url } = context.req.raw
      const isRead = method === 'GET' || method === 'HEAD'
      if (metadata !== undefined && isRead && new URL(url).pathname === metadata.path)
        return Response.json(metadata.document, { headers: METADATA_HEADERS })
      await next()
      return undefined
    },
  }
}

function answerOf(context: WebContext, { status, headers, body }: Refusal): Response {
  const { [EXPOSED]: exposed, ...others } = headers
  // Whatever else is exposed to pages of other origins stays so.
  if (exposed !== undefined) context.header(EXPOSED, exposed, { append: true })
  return context.newResponse(JSON.stringify(body), status, {
    ...others,
    'content-type': 'application/json',
  })
}
