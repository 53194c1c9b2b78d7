import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Client } from '../../domain/clients/client.ts'
import type { GrantStore } from '../../domain/grants/store.ts'
import { explainAccessToken } from '../../domain/faults/explain-token.ts'
import { type Parameters, malformation, toParameters } from '../../domain/oauth/parameters.ts'
import { tokenStanding } from '../../domain/tokens/standing.ts'
import type { TokenVerifier } from '../../domain/tokens/verify.ts'
import { claimsOfScopes, userClaims } from '../../domain/users/claims.ts'
import { bearerError, bearerToken } from '../../http/bearer-token.ts'
import { allowClientOrigin, preflight } from '../../http/cors.ts'
import { type FaultReport, aboutClient } from '../../http/errors/fault-report.ts'
import { paths } from '../../http/paths.ts'
import type { Clock } from '../../platform/clock.ts'
import type { TimedCache } from '../../platform/timed-cache.ts'

export interface UserinfoDeps {
  readonly verifier: TokenVerifier
  readonly grants: GrantStore
  readonly clients: TimedCache<Client | undefined>
  readonly issuer: string
  readonly faults: FaultReport
  readonly clock: Clock
}

/** The userinfo endpoint, OIDC Core 1.0 §5.3: claims of the person, as they are now, by scope and by request. */
export function userinfo(deps: UserinfoDeps): FastifyPluginAsync {
  const { issuer, verifier, grants, clients, faults, clock } = deps

  async function answer(request: FastifyRequest, reply: FastifyReply, form: Parameters) {
    const token = bearerToken(request, form)
    const standing = await tokenStanding(verifier, grants, token, clock())
    const dead = () =>
      bearerError('invalid_token', 'the token is not valid here', {
        why: explainAccessToken({ token, issuer, now: clock() }),
      })
    if (standing.kind === 'dead') throw dead()
    aboutClient(request, standing.claims.client_id)
    const scopes = standing.claims.scope.split(' ')
    if (standing.kind === 'client' || !scopes.includes('openid'))
      throw bearerError('insufficient_scope', 'the token lacks openid', {
        scope: 'openid',
        why: {
          check: 'access_token_without_openid',
          expected: { scope: 'openid' },
          received: { scope: standing.claims.scope },
        },
      })
    const { grant } = standing
    const client = await clients.get(grant.clientId)
    if (client === undefined) throw dead()
    allowClientOrigin(request, reply, client, faults)
    const names = [...claimsOfScopes(scopes), ...Object.keys(grant.claimsRequest?.userinfo ?? {})]
    return { ...userClaims(grant.user, names), sub: grant.user.id }
  }

  return async (app) => {
    await app.register(preflight(paths.userinfo, 'GET, POST'))
    app.get(paths.userinfo, async (request, reply) =>
      answer(request, reply, toParameters(undefined)),
    )
    app.post(paths.userinfo, async (request, reply) => {
      const form = toParameters(request.body)
      const fault = malformation(form)
      if (fault !== undefined)
        throw bearerError('invalid_request', fault, {
          why: { check: 'parameter_malformed', received: { reason: fault } },
        })
      return answer(request, reply, form)
    })
  }
}
