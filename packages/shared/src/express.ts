import type { IncomingMessage, ServerResponse } from 'node:http'
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
import type { AccessToken, TokenError } from './verify.ts'

export type { RequireAcrOptions } from './resource/authentication-need.ts'
export type { AccessToken, TokenError } from './verify.ts'

export interface ExpressOptions extends SignetOptions {
  /** Told why a token did not pass, for the log: the answer does not say. What it fails by goes to the error handler. */
  readonly onRefusal?: (fault: TokenError, request: IncomingMessage) => unknown
}

/** Fits Express 4 and 5, Connect, and whatever else passes Node's own request and response along. */
export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void | Promise<void>

export interface ExpressGuards {
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
  auth(request: IncomingMessage): AccessToken
  /** Serves the protected resource metadata (RFC 9728) at its place; to be used without a path, before the routes. */
  readonly metadata: Middleware
}

/**
 * Makes the guards of an Express application: `const api = signet({ issuer, audience })`, then
 * `app.get('/notes', api.requireScopes('notes:read'), (request, response) => … api.auth(request).sub …)`.
 */
export function signet(options: ExpressOptions): ExpressGuards {
  const guards = createGuards(options)
  const tokens = createRequestTokens(guards, (request: IncomingMessage) => ({
    authorization: authorizationHeaders(request.rawHeaders),
    query: queryOf(request.url ?? ''),
  }))

  /** Whether the request may go on; who may not has been answered. */
  async function admits(request: IncomingMessage, response: ServerResponse, objection: Objection) {
    const refusal = await tokens.refusalOf(request, objection)
    if (refusal === undefined) return true
    // Awaited: a log that cannot be written must not end the process, by a token that anybody can make up.
    if (refusal.fault !== undefined) await options.onRefusal?.(refusal.fault, request)
    refuse(response, refusal)
    return false
  }

  const guard =
    (objection: Objection): Middleware =>
    async (request, response, next) => {
      let admitted: boolean
      try {
        admitted = await admits(request, response, objection)
      } catch (error) {
        // Express 4 sees no rejected promise.
        return next(error)
      }
      if (admitted) next()
    }

  return {
    authenticate: guard(guards.none),
    requireScopes: (...scopes) => guard(guards.scopes(scopes)),
    requireRoles: (...roles) => guard(guards.roles(roles)),
    requireAcr: (acr, acrOptions) => guard(guards.acr(acr, acrOptions)),
    auth: (request) => tokens.tokenOf(request),
    metadata(request, response, next) {
      const { metadata } = guards
      const isRead = request.method === 'GET' || request.method === 'HEAD'
      if (metadata === undefined || !isRead || request.url?.split('?', 1)[0] !== metadata.path)
        return next()
      send(response, 200, METADATA_HEADERS, metadata.document)
    },
  }
}

function refuse(response: ServerResponse, { status, headers, body }: Refusal): void {
  const exposed = response.getHeader(EXPOSED)
  send(response, status, exposing(headers, exposed), body)
}

function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): void {
  response.statusCode = status
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.setHeader('content-type', 'application/json; charset=utf-8')
  // Node.js itself leaves the body out of an answer to HEAD.
  response.end(JSON.stringify(body))
}
