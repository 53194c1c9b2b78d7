import { type GrantStanding, isAlive } from '../grants/grant.ts'
import type { GrantStore } from '../grants/store.ts'
import { grantOfTokenId } from './token-id.ts'
import type { AccessTokenClaims, TokenVerifier } from './verify.ts'

export type TokenStanding =
  | { readonly kind: 'dead' }
  | { readonly kind: 'client'; readonly claims: AccessTokenClaims }
  | { readonly kind: 'user'; readonly claims: AccessTokenClaims; readonly grant: GrantStanding }

/** What an access token is worth at this service now: signature first, then one look at what may have ended it. */
export async function tokenStanding(
  verifier: TokenVerifier,
  grants: GrantStore,
  token: string,
  now: Date,
): Promise<TokenStanding> {
  const claims = await verifier.accessToken(token, now)
  if (claims === undefined) return { kind: 'dead' }
  const grantId = grantOfTokenId(claims.jti)
  if (grantId === undefined)
    return (await grants.isAccessTokenRevoked(claims.jti))
      ? { kind: 'dead' }
      : { kind: 'client', claims }
  const grant = await grants.behindToken(grantId, claims.jti)
  if (grant === undefined || grant.tokenRevoked || !isAlive(grant)) return { kind: 'dead' }
  return { kind: 'user', claims, grant }
}
