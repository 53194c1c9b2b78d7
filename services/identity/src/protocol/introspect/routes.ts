import type { FastifyPluginAsync } from 'fastify'
import { isAlive } from '../../domain/grants/grant.ts'
import type { RefreshTokens } from '../../domain/grants/refresh-token.ts'
import type { GrantStore } from '../../domain/grants/store.ts'
import { OAuthError } from '../../domain/oauth/error.ts'
import { single } from '../../domain/oauth/parameters.ts'
import { tokenStanding } from '../../domain/tokens/standing.ts'
import type { TokenVerifier } from '../../domain/tokens/verify.ts'
import { formParameters } from '../../http/back-channel.ts'
import type { ClientAuthentication } from '../../http/client-authentication.ts'
import { paths } from '../../http/paths.ts'
import { type Clock, epochSeconds } from '../../platform/clock.ts'

export interface IntrospectDeps {
  readonly authenticate: ClientAuthentication
  readonly verifier: TokenVerifier
  readonly refreshTokens: RefreshTokens
  readonly grants: GrantStore
  readonly issuer: string
  readonly clock: Clock
}

const INACTIVE = { active: false } as const

/** Token introspection, RFC 7662: only for clients whose settings say that they may ask. */
export function introspect(deps: IntrospectDeps): FastifyPluginAsync {
  const { authenticate, verifier, refreshTokens, grants, issuer, clock } = deps

  async function accessToken(token: string) {
    const standing = await tokenStanding(verifier, grants, token, clock())
    if (standing.kind === 'dead') return undefined
    return { active: true, token_type: 'Bearer', ...standing.claims }
  }

  async function refreshToken(token: string) {
    const content = refreshTokens.parse(token)
    const grant = content === undefined ? undefined : await grants.find(content.grantId)
    const now = clock()
    if (content === undefined || grant === undefined || !isAlive(grant)) return INACTIVE
    if (grant.generation !== content.generation || grant.salt !== content.salt) return INACTIVE
    if (grant.idleExpiresAt <= now || grant.expiresAt <= now) return INACTIVE
    return {
      active: true,
      iss: issuer,
      sub: grant.user.id,
      client_id: grant.clientId,
      scope: grant.scopes.join(' '),
      iat: epochSeconds(grant.rotatedAt),
      exp: epochSeconds(grant.idleExpiresAt),
    }
  }

  return async (app) => {
    app.post(paths.introspect, async (request) => {
      const form = formParameters(request)
      const client = await authenticate(request, form)
      // RFC 7662 §2.1: an open door would tell anyone with a stolen token what it is good for.
      if (!client.metadata.introspection)
        throw new OAuthError('unauthorized_client', 'the client may not introspect', {
          status: 403,
          why: {
            check: 'introspection_not_allowed',
            change: [
              'clients:',
              `  - client_id: ${JSON.stringify(client.id)}`,
              '    introspection: true',
            ].join('\n'),
          },
        })
      const token = single(form, 'token')
      if (token === undefined)
        throw new OAuthError('invalid_request', 'token is missing', {
          why: { check: 'token_parameter_missing' },
        })
      return (await accessToken(token)) ?? (await refreshToken(token))
    })
  }
}
