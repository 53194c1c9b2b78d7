import { allowedScopes } from '../../../domain/clients/client.ts'
import { OAuthError } from '../../../domain/oauth/error.ts'
import { single } from '../../../domain/oauth/parameters.ts'
import { isOpenIdScope, parseScope, scopesFor } from '../../../domain/oauth/scope.ts'
import { type Resource, reachable, targetResources } from '../../../domain/resources/resource.ts'
import type { Settings } from '../../../domain/settings/settings.ts'
import type { TokenIssuer } from '../../../domain/tokens/issue.ts'
import type { TokenGrant } from '../grant.ts'

export interface ClientCredentialsDeps {
  readonly tokens: TokenIssuer
  readonly resources: () => Promise<readonly Resource[]>
  readonly settings: () => Settings
  readonly issuer: string
}

/** A token for the client itself, RFC 6749 §4.4: no person, no ID token, no refresh token. */
export function clientCredentials(deps: ClientCredentialsDeps): TokenGrant {
  return async ({ client, form, now }) => {
    const allowed = allowedScopes(client).filter((scope) => !isOpenIdScope(scope))
    const known = reachable(await deps.resources(), allowed)
    const text = single(form, 'scope')
    const asked = text === undefined ? undefined : parseScope(text)
    if (text !== undefined && (asked === undefined || asked.length === 0))
      throw new OAuthError(
        'invalid_scope',
        'scope is empty or holds characters that no scope may have',
      )
    // Scopes of OIDC Core 1.0 §5.4 are about a person, and here is none.
    if (asked?.every((scope) => allowed.includes(scope)) === false)
      throw new OAuthError('invalid_scope', 'the client may not have one of these scopes')

    const named = form.get('resource') ?? []
    if (named.length > 1)
      throw new OAuthError('invalid_target', 'name one resource: each access token is for one API')
    const targets = targetResources(named, asked ?? (named.length > 0 ? [] : allowed), known)
    if ('error' in targets) throw new OAuthError(targets.error, targets.reason)
    const [resource] = targets
    const scopes = scopesFor(asked ?? allowed, resource)
    // RFC 8707 §2.2: scopes that mean nothing at the named API are not silently dropped here.
    if (asked !== undefined && scopes.length < asked.length)
      throw new OAuthError('invalid_scope', 'one of these scopes is not of the named resource')

    const ttlSeconds = deps.settings().access_token_ttl_seconds
    const accessToken = await deps.tokens.clientAccessToken({
      clientId: client.id,
      audience: resource?.identifier ?? deps.issuer,
      scopes,
      at: now,
      ttlSeconds,
    })
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: ttlSeconds,
      scope: scopes.join(' '),
    }
  }
}
