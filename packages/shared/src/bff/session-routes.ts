import { decodeJwt } from 'jose'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { isOwnCall, isOwnForm, requestOrigin } from './own-origin.ts'
import type { Provider } from './provider.ts'
import type { Session, SessionStore } from './session.ts'

export interface SessionRoutesDeps {
  readonly provider: Provider
  readonly sessions: SessionStore
  readonly baseUrl: string
  readonly mode: 'bff' | 'tmb'
  readonly clock: () => number
}

const REVOCATION_PATIENCE_MS = 2000

/** What the page may know of its session, and the end of it. */
export function sessionRoutes(deps: SessionRoutesDeps): FastifyPluginAsync {
  const { provider, sessions, baseUrl, mode, clock } = deps
  const { origin } = new URL(baseUrl)
  const home = new URL('/', baseUrl).href

  /** Ends the grant at the issuer; false when it did not answer in time. */
  async function revoke(request: FastifyRequest, { refreshToken }: Session): Promise<boolean> {
    if (refreshToken === null) return true
    const revoking = provider.revoke(refreshToken).then(
      () => true,
      (error: unknown) => {
        request.log.warn({ err: error }, 'the refresh token could not be revoked')
        return false
      },
    )
    const patience = new Promise<boolean>((resolve) => {
      setTimeout(() => resolve(false), REVOCATION_PATIENCE_MS).unref()
    })
    return Promise.race([revoking, patience])
  }

  async function logoutUrl(request: FastifyRequest, session: Session | undefined): Promise<string> {
    if (session === undefined) return home
    try {
      const url = await provider.endSessionUrl(session.idToken, home)
      // An issuer that is away cannot sign anybody out, and its address would be a dead end.
      return (await revoke(request, session)) ? (url ?? home) : home
    } catch (error) {
      request.log.warn({ err: error }, 'signed out here only')
      return home
    }
  }

  return async (app) => {
    app.removeAllContentTypeParsers()
    // Scripts may send any body with the call; only a form's is looked at.
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))

    app.get('/session', async (request) => {
      const session = sessions.read(request)
      if (session === undefined) return { signed_in: false, mode }
      return {
        signed_in: true,
        mode,
        user: session.user,
        access_token: describeToken(session, clock()),
      }
    })

    // A form post (no scripts) is answered by a redirect, a script's call by the place to go to.
    app.post('/logout', { bodyLimit: 4096 }, async (request, reply) => {
      const { headers } = request
      const session = sessions.read(request)
      const isForm =
        headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
      const token = new URLSearchParams(typeof request.body === 'string' ? request.body : '').get(
        'csrf_token',
      )
      const allowed = isForm
        ? session === undefined
          ? requestOrigin(headers, origin) === 'own'
          : isOwnForm(headers, origin, token, session.csrfToken)
        : isOwnCall(headers, origin)
      if (!allowed) {
        request.log.warn('sign-out of a foreign origin refused')
        return reply.code(403).send({
          error: 'csrf',
          error_description: 'This request did not come from a page of this application.',
        })
      }
      sessions.end(request, reply, session)
      const url = await logoutUrl(request, session)
      return isForm ? reply.redirect(url, 303) : reply.send({ logout_url: url })
    })
  }
}

/** What the access token holds, for display; never the token. */
export function describeToken(session: Session, nowMs: number) {
  const expiresIn = Math.max(0, session.accessExpiresAt - Math.floor(nowMs / 1000))
  return {
    scopes: session.scopes,
    expires_at: session.accessExpiresAt,
    expires_in: expiresIn,
    claims: claimsOf(session.accessToken),
  }
}

// Not verified: it came from the token endpoint itself, and decides nothing here.
function claimsOf(accessToken: string): Readonly<Record<string, unknown>> | null {
  try {
    return decodeJwt(accessToken)
  } catch {
    return null
  }
}
