import type { FastifyPluginAsync } from 'fastify'
import type { RefreshTokens } from '../../domain/grants/refresh-token.ts'
import type { GrantRevocation } from '../../domain/grants/revocation.ts'
import type { GrantStore } from '../../domain/grants/store.ts'
import { OAuthError } from '../../domain/oauth/error.ts'
import { single } from '../../domain/oauth/parameters.ts'
import { grantOfTokenId } from '../../domain/tokens/token-id.ts'
import type { TokenVerifier } from '../../domain/tokens/verify.ts'
import { formParameters } from '../../http/back-channel.ts'
import type { ClientAuthentication } from '../../http/client-authentication.ts'
import { allowClientOrigin, preflight } from '../../http/cors.ts'
import type { FaultReport } from '../../http/errors/fault-report.ts'
import { paths } from '../../http/paths.ts'
import type { Clock } from '../../platform/clock.ts'

export interface RevokeDeps {
  readonly authenticate: ClientAuthentication
  readonly verifier: TokenVerifier
  readonly refreshTokens: RefreshTokens
  readonly grants: GrantStore
  readonly revocation: GrantRevocation
  readonly faults: FaultReport
  readonly clock: Clock
}

/**
 * Token revocation, RFC 7009. A refresh token takes its whole grant with it (§2.1); an access token ends alone, here
 * at once and at APIs that check by keys alone when it expires.
 */
export function revoke(deps: RevokeDeps): FastifyPluginAsync {
  const { authenticate, verifier, refreshTokens, grants, revocation, clock } = deps

  async function revokeRefreshToken(token: string, clientId: string): Promise<boolean> {
    const content = refreshTokens.parse(token)
    if (content === undefined) return false
    const grant = await grants.find(content.grantId)
    if (grant === undefined || grant.salt !== content.salt) return true
    if (grant.clientId !== clientId) throw foreign()
    await revocation.end(content.grantId, 'revoked_by_client', 'grant_revoked')
    return true
  }

  async function revokeAccessToken(token: string, clientId: string): Promise<void> {
    const claims = await verifier.accessToken(token, clock())
    if (claims === undefined) return
    if (claims.client_id !== clientId) throw foreign()
    const { jti, exp } = claims
    const expiresAt = new Date(exp * 1000)
    await revocation.endAccessToken({ jti, grantId: grantOfTokenId(jti), clientId, expiresAt })
  }

  return async (app) => {
    await app.register(preflight(paths.revoke, 'POST'))
    app.post(paths.revoke, async (request, reply) => {
      const form = formParameters(request)
      const client = await authenticate(request, form)
      allowClientOrigin(request, reply, client, deps.faults)
      const token = single(form, 'token')
      if (token === undefined)
        throw new OAuthError('invalid_request', 'token is missing', {
          why: { check: 'token_parameter_missing' },
        })
      if (!(await revokeRefreshToken(token, client.id))) await revokeAccessToken(token, client.id)
      // RFC 7009 §2.2: 200 also for tokens that mean nothing; the body does not matter.
      return reply.status(200).send()
    })
  }
}

/** RFC 7009 §2.1: the token was not issued to the client making the request. */
function foreign(): OAuthError {
  return new OAuthError('invalid_grant', 'the token was issued to another client', {
    why: { check: 'token_of_other_client' },
  })
}
