import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Client } from '../../domain/clients/client.ts'
import { explainAccessToken } from '../../domain/faults/explain-token.ts'
import type { Why } from '../../domain/faults/why.ts'
import type { GrantUser } from '../../domain/grants/grant.ts'
import type { GrantStore } from '../../domain/grants/store.ts'
import { toParameters } from '../../domain/oauth/parameters.ts'
import { hasSecondFactor } from '../../domain/factors/policy.ts'
import type { FactorStore } from '../../domain/factors/store.ts'
import { AAL2 } from '../../domain/oauth/acr.ts'
import { FRESH_SECONDS, isFresh, shownHere } from '../../domain/sessions/session.ts'
import { tokenStanding } from '../../domain/tokens/standing.ts'
import type { TokenVerifier } from '../../domain/tokens/verify.ts'
import type { Clock } from '../../platform/clock.ts'
import type { TimedCache } from '../../platform/timed-cache.ts'
import { bearerToken } from '../bearer-token.ts'
import { allowClientOrigin } from '../cors.ts'
import { type FaultReport, aboutClient } from '../errors/fault-report.ts'
import { ApiProblem, PROBLEMS } from './problem.ts'

/** The person in whose name an application calls, as their account stands now. */
export interface ApiCaller {
  readonly user: GrantUser
  /** The session that the application was let in from. */
  readonly sessionId: string
  readonly clientId: string
}

export interface AccessDeps {
  readonly issuer: string
  readonly verifier: TokenVerifier
  readonly grants: GrantStore
  readonly factors: FactorStore
  readonly clients: TimedCache<Client | undefined>
  readonly faults: FaultReport
  readonly clock: Clock
}

export interface Demand {
  readonly audience: string
  readonly scopes: readonly string[]
  readonly fresh: boolean
}

/**
 * Lets a call in by its bearer token alone. Cookies never count, so no page of another site can call in a person's
 * name. Throws ApiProblem, or the OAuthError of a request that holds no one token.
 */
export async function admit(
  { issuer, verifier, grants, factors, clients, faults, clock }: AccessDeps,
  { audience, scopes, fresh }: Demand,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<ApiCaller> {
  const token = bearerToken(request, toParameters(undefined))
  const now = clock()
  const standing = await tokenStanding(verifier, grants, token, now)
  if (standing.kind === 'dead')
    throw challenge('invalid_token', explainAccessToken({ token, issuer, now }))
  const { claims } = standing
  aboutClient(request, claims.client_id)
  // RFC 9068 §4: a token for another API is none here, whatever it allows there.
  if (claims.aud !== audience)
    throw challenge('invalid_token', {
      check: 'access_token_of_other_api',
      expected: { audience },
      received: { audience: claims.aud },
    })
  const client = await clients.get(claims.client_id)
  if (client === undefined) throw challenge('invalid_token', { check: 'access_token_invalid' })
  allowClientOrigin(request, reply, client, faults)
  if (standing.kind === 'client')
    throw new ApiProblem('person_required', { why: { check: 'access_token_without_person' } })
  const held = claims.scope.split(' ')
  const [needed = ''] = scopes
  if (!scopes.some((scope) => held.includes(scope)))
    throw challenge(
      'insufficient_scope',
      {
        check: 'access_token_lacks_scope',
        expected: { scope: scopes.join(' or ') },
        received: { scope: claims.scope },
      },
      { scope: needed },
    )
  const { grant } = standing
  if (fresh) {
    // RFC 9470 §3: the application asks for another sign-in by these very parameters.
    const max_age = String(FRESH_SECONDS)
    const needsFactor =
      shownHere(grant) !== AAL2 && hasSecondFactor(await factors.factorsOf(grant.user.id))
    const asked = needsFactor ? { acr_values: AAL2, max_age } : { max_age }
    if (needsFactor || !isFresh(grant, now))
      throw challenge(
        'insufficient_user_authentication',
        needsFactor
          ? {
              check: 'sign_in_too_weak',
              expected: asked,
              received: { acr: grant.acr, amr: grant.amr.join(' ') },
            }
          : { check: 'sign_in_too_old', expected: asked },
        asked,
      )
  }
  return { user: grant.user, sessionId: grant.sessionId, clientId: grant.clientId }
}

/** A refusal with its challenge: RFC 6750 §3, RFC 9470 §3. */
function challenge(
  problem: 'invalid_token' | 'insufficient_scope' | 'insufficient_user_authentication',
  why: Why,
  more: Readonly<Record<string, string>> = {},
): ApiProblem {
  const parameters = {
    realm: 'signet',
    error: problem,
    error_description: PROBLEMS[problem].title,
    ...more,
  }
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`)
  return new ApiProblem(problem, {
    headers: { 'www-authenticate': `Bearer ${pairs.join(', ')}` },
    why,
  })
}
