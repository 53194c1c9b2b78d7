import { type Client, allowedScopes } from '../../../domain/clients/client.ts'
import type { Grant } from '../../../domain/grants/grant.ts'
import type { RefreshTokens } from '../../../domain/grants/refresh-token.ts'
import { scopesFor } from '../../../domain/oauth/scope.ts'
import type { Resource } from '../../../domain/resources/resource.ts'
import type { Settings } from '../../../domain/settings/settings.ts'
import type { TokenIssuer } from '../../../domain/tokens/issue.ts'
import type { TokenResponse } from '../grant.ts'

export interface GrantTokensDeps {
  readonly issuer: TokenIssuer
  readonly refreshTokens: RefreshTokens
  readonly resources: () => Promise<readonly Resource[]>
  readonly settings: () => Settings
}

/** Makes the answer for a grant's present generation. It follows from the row, so repeating it gives the same bytes. */
export function createGrantTokens(deps: GrantTokensDeps) {
  return async (
    client: Client,
    grant: Grant,
    idToken: { readonly nonce: string | undefined } | undefined,
  ): Promise<TokenResponse> => {
    const settings = deps.settings()
    const known = await deps.resources()
    const resource = known.find(({ identifier }) => identifier === grant.issuedAudience)
    // What the client may no longer have, its old grants no longer bring.
    const allowed = allowedScopes(client)
    const issued = grant.issuedScopes.filter((scope) => allowed.includes(scope))
    const scopes = scopesFor(issued, resource)
    const ttlSeconds = settings.access_token_ttl_seconds
    const accessToken = await deps.issuer.grantAccessToken(grant, scopes, ttlSeconds)
    const { id: grantId, generation, salt } = grant
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: ttlSeconds,
      scope: scopes.join(' '),
      ...(grant.refreshable
        ? { refresh_token: deps.refreshTokens.format({ grantId, generation, salt }) }
        : {}),
      ...(idToken === undefined
        ? {}
        : {
            id_token: await deps.issuer.idToken(grant, {
              nonce: idToken.nonce,
              accessToken,
              ttlSeconds: settings.id_token_ttl_seconds,
            }),
          }),
    }
  }
}
export type GrantTokens = ReturnType<typeof createGrantTokens>
