import { allowedScopes } from '../../../domain/clients/client.ts'
import type { AuditStore } from '../../../domain/audit/store.ts'
import { explainExpiry } from '../../../domain/faults/explain-time.ts'
import type { Facts } from '../../../domain/faults/shown.ts'
import { type Grant, refreshVerdict } from '../../../domain/grants/grant.ts'
import type { RefreshTokenContent, RefreshTokens } from '../../../domain/grants/refresh-token.ts'
import type { GrantRevocation } from '../../../domain/grants/revocation.ts'
import type { GrantStore } from '../../../domain/grants/store.ts'
import { OAuthError } from '../../../domain/oauth/error.ts'
import { single } from '../../../domain/oauth/parameters.ts'
import { parseScope } from '../../../domain/oauth/scope.ts'
import type { Settings } from '../../../domain/settings/settings.ts'
import { addSeconds } from '../../../platform/clock.ts'
import type { TokenGrant, TokenRequest } from '../grant.ts'
import type { GrantTokens } from './grant-tokens.ts'
import { grantRefusal, resourceBeyondGrant, severalResources } from './refusals.ts'

export interface RefreshTokenDeps {
  readonly refreshTokens: RefreshTokens
  readonly grants: GrantStore
  readonly revocation: GrantRevocation
  readonly audit: AuditStore
  readonly tokens: GrantTokens
  readonly settings: () => Settings
  readonly issuer: string
}

/**
 * Rotates a refresh token, RFC 6749 §6 and RFC 9700 §4.14.2, in one statement. The immediate predecessor gets the
 * same answer again for a few seconds, so that a lost answer or a second tab signs nobody out; anything older ends
 * this grant and no other.
 */
export function refreshToken(deps: RefreshTokenDeps): TokenGrant {
  return async (request) => {
    const text = single(request.form, 'refresh_token')
    if (text === undefined)
      throw new OAuthError('invalid_request', 'refresh_token is missing', {
        why: { check: 'refresh_token_missing' },
      })
    const presented = deps.refreshTokens.parse(text)
    if (presented === undefined)
      throw grantRefusal('refresh_token is not one of ours', { check: 'refresh_token_unknown' })
    // OIDC Core 1.0 §11: the client must still be one that may go on without the person.
    if (!allowedScopes(request.client).includes('offline_access'))
      throw grantRefusal('the client may no longer have offline access', {
        check: 'offline_access_missing',
        expected: { scope: 'offline_access' },
        received: { scope: request.client.metadata.scope },
      })
    const scopes = askedScopes(request)
    const resources = request.form.get('resource') ?? []
    if (resources.length > 1) throw severalResources(resources)

    const rotated = await deps.grants.rotate({
      ...presented,
      clientId: request.client.id,
      scopes,
      resource: resources[0],
      defaultAudience: deps.issuer,
      idleExpiresAt: addSeconds(request.now, deps.settings().refresh_idle_seconds),
      now: request.now,
    })
    const grant = rotated ?? (await notRotated(presented, request, { scopes, resources }))
    // OIDC Core 1.0 §12.2 leaves it open; a second signature on every refresh is for those who ask.
    const wantsIdToken = scopes?.includes('openid') === true
    return deps.tokens(request.client, grant, wantsIdToken ? { nonce: undefined } : undefined)
  }

  /** The grant whose answer is to be repeated, or the refusal. */
  async function notRotated(
    presented: RefreshTokenContent,
    request: TokenRequest,
    asked: Asked,
  ): Promise<Grant> {
    const grant = await deps.grants.find(presented.grantId)
    const attempt = { ...presented, clientId: request.client.id }
    const graceSeconds = deps.settings().refresh_grace_seconds
    const verdict = refreshVerdict(grant, attempt, request.now, graceSeconds)
    const ids = { grantId: presented.grantId, clientId: request.client.id }
    switch (verdict) {
      case 'repeat':
        if (grant === undefined)
          throw grantRefusal('grant is gone', { check: 'refresh_token_ended' })
        refuseBeyond(grant, asked)
        await deps.audit.record({ event: 'refresh_token_raced', userId: grant.user.id, ...ids })
        return asAsked(grant, asked, deps.issuer)
      case 'replayed':
        await deps.revocation.end(
          presented.grantId,
          'refresh_token_replayed',
          'refresh_token_replayed',
        )
        throw grantRefusal('refresh_token was used before; its grant is revoked', {
          check: 'refresh_token_reused',
          received: grant && replayTimes(grant, request.now),
        })
      case 'current':
        if (grant !== undefined) refuseBeyond(grant, asked)
        throw grantRefusal('the client has no refresh tokens for this grant', {
          check: 'offline_access_missing',
        })
      case 'expired':
        throw grantRefusal(
          'refresh_token has expired',
          grant === undefined
            ? { check: 'refresh_token_expired' }
            : explainExpiry('refresh_token_expired', endOf(grant), request.now),
        )
      case 'foreign':
        throw grantRefusal('refresh_token was issued to another client', {
          check: 'refresh_token_of_other_client',
          expected: { client_id: grant?.clientId ?? '' },
          received: { client_id: request.client.id },
        })
      case 'dead':
        throw grantRefusal('refresh_token is no longer valid', {
          check: 'refresh_token_ended',
          ...(grant?.endedBecause !== undefined &&
            grant.endedBecause !== null && { received: { reason: grant.endedBecause } }),
        })
    }
  }
}

interface Asked {
  readonly scopes: readonly string[] | undefined
  readonly resources: readonly string[]
}

/** The same request gets the same answer; one for another API or fewer scopes gets its own, of the same generation. */
function asAsked(grant: Grant, { scopes, resources }: Asked, issuer: string): Grant {
  const issuedScopes = scopes ?? grant.scopes
  const issuedAudience = resources[0] ?? grant.resources[0] ?? issuer
  return { ...grant, issuedScopes, issuedAudience }
}

/** RFC 6749 §6, RFC 8707 §2.2: nothing that the grant does not hold, repeated answers included. */
function refuseBeyond(grant: Grant, { scopes, resources }: Asked): void {
  if (scopes?.every((scope) => grant.scopes.includes(scope)) === false)
    throw new OAuthError('invalid_scope', 'scope goes beyond what was granted', {
      why: {
        check: 'scope_beyond_grant',
        expected: { scope: grant.scopes.join(' ') },
        received: { scope: scopes.join(' ') },
      },
    })
  if (!resources.every((resource) => grant.resources.includes(resource)))
    throw resourceBeyondGrant(resources, grant.resources)
}

/** RFC 6749 §6: narrower scopes for this access token; what is beyond the grant is for the database to refuse. */
function askedScopes({ form }: TokenRequest): string[] | undefined {
  const text = single(form, 'scope')
  if (text === undefined) return undefined
  const scopes = parseScope(text)
  if (scopes === undefined || scopes.length === 0)
    throw new OAuthError('invalid_scope', 'scope holds characters that no scope may have', {
      why: { check: 'scope_malformed', received: { scope: text } },
    })
  return scopes
}

/** The idle end or the absolute one, whichever came first. */
function endOf({ idleExpiresAt, expiresAt }: Grant): Date {
  return idleExpiresAt < expiresAt ? idleExpiresAt : expiresAt
}

/** When the token that came was replaced: seconds ago is a race, hours ago somebody else. */
function replayTimes({ rotatedAt }: Grant, now: Date): Facts {
  return { issued_at: rotatedAt.toISOString(), now: now.toISOString() }
}
