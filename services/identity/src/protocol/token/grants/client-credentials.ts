import { allowedScopes } from '../../../domain/clients/client.ts'
import { explainScopes } from '../../../domain/faults/explain-scope.ts'
import type { Why } from '../../../domain/faults/why.ts'
import { OAuthError } from '../../../domain/oauth/error.ts'
import { single } from '../../../domain/oauth/parameters.ts'
import { isOpenIdScope, parseScope, scopesFor } from '../../../domain/oauth/scope.ts'
import { type Resource, reachable, targetResources } from '../../../domain/resources/resource.ts'
import type { Settings } from '../../../domain/settings/settings.ts'
import type { TokenIssuer } from '../../../domain/tokens/issue.ts'
import type { TokenGrant } from '../grant.ts'
import { severalResources } from './refusals.ts'

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
        { why: { check: 'scope_malformed', received: { scope: text } } },
      )
    // Scopes of OIDC Core 1.0 §5.4 are about a person, and here is none.
    if (asked?.every((scope) => allowed.includes(scope)) === false)
      throw new OAuthError('invalid_scope', 'the client may not have one of these scopes', {
        why: explain({ clientId: client.id, asked, allowed }, await deps.resources()),
      })

    const named = form.get('resource') ?? []
    if (named.length > 1) throw severalResources(named)
    const targets = targetResources(named, asked ?? (named.length > 0 ? [] : allowed), known)
    if ('error' in targets)
      throw new OAuthError(targets.error, targets.reason, { why: targets.why })
    const [resource] = targets
    const scopes = scopesFor(asked ?? allowed, resource)
    // RFC 8707 §2.2: scopes that mean nothing at the named API are not silently dropped here.
    if (asked !== undefined && scopes.length < asked.length)
      throw new OAuthError('invalid_scope', 'one of these scopes is not of the named resource', {
        why: {
          check: 'scope_of_other_resource',
          expected: { scope: Object.keys(resource?.scopes ?? {}).join(' ') },
          received: { scope: asked.join(' ') },
        },
      })

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

function explain(
  question: {
    readonly clientId: string
    readonly asked: readonly string[]
    readonly allowed: readonly string[]
  },
  resources: readonly Resource[],
): Why {
  const personal = question.asked.filter((scope) => isOpenIdScope(scope))
  if (personal.length === 0) {
    const known = resources.flatMap(({ scopes }) => Object.keys(scopes))
    return explainScopes({ ...question, known })
  }
  return {
    check: 'scope_not_allowed',
    expected: { scope: question.allowed.join(' ') },
    received: { scope: question.asked.join(' ') },
    advice: `Leave ${personal.join(', ')} out: about a person, and client_credentials has none.`,
  }
}
