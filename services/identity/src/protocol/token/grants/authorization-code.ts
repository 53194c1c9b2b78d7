import type { CodeContent, Codes } from '../../../domain/authorization/code.ts'
import { type Client, allowedScopes } from '../../../domain/clients/client.ts'
import type { Grant } from '../../../domain/grants/grant.ts'
import type { GrantRevocation } from '../../../domain/grants/revocation.ts'
import type { GrantStore } from '../../../domain/grants/store.ts'
import { OAuthError } from '../../../domain/oauth/error.ts'
import { type Parameters, single } from '../../../domain/oauth/parameters.ts'
import { verifierMatches } from '../../../domain/oauth/pkce.ts'
import type { Settings } from '../../../domain/settings/settings.ts'
import { addSeconds } from '../../../platform/clock.ts'
import { randomToken } from '../../../platform/crypto/random.ts'
import type { TokenGrant } from '../grant.ts'
import type { GrantTokens } from './grant-tokens.ts'

export interface AuthorizationCodeDeps {
  readonly codes: Codes
  readonly grants: GrantStore
  readonly revocation: GrantRevocation
  readonly tokens: GrantTokens
  readonly settings: () => Settings
  /** Audience of tokens that no API is named for. */
  readonly issuer: string
}

/** Redeems an authorization code, RFC 6749 §4.1.3. */
export function authorizationCode(deps: AuthorizationCodeDeps): TokenGrant {
  return async ({ client, form, now }) => {
    const text = single(form, 'code')
    if (text === undefined) throw new OAuthError('invalid_request', 'code is missing')
    const code = deps.codes.open(text)
    if (code === undefined) throw refusal('code is not one of ours')
    checkRequest(code, client, form)

    const audience = chooseAudience(code, form) ?? deps.issuer
    const grant = await redeem(code, audience, client, now)
    if (grant === undefined) {
      // RFC 6749 §4.1.2, OAuth 2.1 §7.5.2: all else was right, so this is the same code again, and what it
      // gave must not live on. Without a grant its session or its user ended in between.
      if (await deps.revocation.end(code.grantId, 'code_replayed', 'code_replayed'))
        throw refusal('code was redeemed before; its tokens are revoked')
      throw refusal('code was redeemed before, or its session has ended')
    }
    const wantsIdToken = grant.scopes.includes('openid')
    return deps.tokens(client, grant, wantsIdToken ? { nonce: code.nonce } : undefined)
  }

  async function redeem(
    code: CodeContent,
    issuedAudience: string,
    client: Client,
    now: Date,
  ): Promise<Grant | undefined> {
    // A replay after the code's end still counts as one: the conflict is looked for first, by ending the grant.
    if (code.expiresAt <= now) {
      await deps.revocation.end(code.grantId, 'code_replayed', 'code_replayed')
      throw refusal('code has expired')
    }
    const settings = deps.settings()
    // OIDC Core 1.0 §11: offline access is what a refresh token is.
    const refreshable =
      code.scopes.includes('offline_access') &&
      allowedScopes(client).includes('offline_access') &&
      client.metadata.grant_types.includes('refresh_token')
    const lifetimeSeconds = refreshable
      ? settings.refresh_max_seconds
      : settings.access_token_ttl_seconds
    const ends = addSeconds(now, lifetimeSeconds)
    return deps.grants.redeem({
      code,
      refreshable,
      salt: randomToken(16),
      issuedAudience,
      idleExpiresAt: addSeconds(now, Math.min(settings.refresh_idle_seconds, lifetimeSeconds)),
      // Never before the code itself: the row is what a second redemption meets.
      expiresAt: ends > code.expiresAt ? ends : code.expiresAt,
      now,
    })
  }
}

/** Everything that must be right before the database is asked: a stranger's replay must not reach the owner's grant. */
function checkRequest(code: CodeContent, client: Client, form: Parameters): void {
  // RFC 6749 §4.1.3: the code was issued to this client,
  if (code.clientId !== client.id) throw refusal('code was issued to another client')
  // and for this redirect URI.
  const redirectUri = single(form, 'redirect_uri')
  if (redirectUri === undefined) throw new OAuthError('invalid_request', 'redirect_uri is missing')
  if (redirectUri !== code.redirectUri) throw refusal('redirect_uri is not that of the request')

  const verifier = single(form, 'code_verifier')
  if (code.codeChallenge === undefined) {
    // RFC 9700 §4.8.2: a verifier without a challenge is a downgrade in progress.
    if (verifier !== undefined) throw refusal('code_verifier without a code_challenge')
    return
  }
  if (verifier === undefined) throw refusal('code_verifier is missing')
  // RFC 7636 §4.6
  if (!verifierMatches(verifier, code.codeChallenge))
    throw refusal('code_verifier does not match the code_challenge')
}

/** RFC 8707 §2.2: one of the resources that were asked for; the first when the request names none. */
function chooseAudience(code: CodeContent, form: Parameters): string | undefined {
  const asked = form.get('resource') ?? []
  if (asked.length === 0) return code.resources[0]
  return oneResource(asked, code.resources)
}

/** The one resource named, which must be one of the grant's. */
export function oneResource(asked: readonly string[], granted: readonly string[]): string {
  const [resource] = asked
  // ASVS 9.2.4: a token for two APIs lets either act at the other.
  if (resource === undefined || asked.length > 1)
    throw new OAuthError('invalid_target', 'name one resource: each access token is for one API')
  if (!granted.includes(resource))
    throw new OAuthError('invalid_target', 'resource is not one of those granted')
  return resource
}

/** RFC 6749 §5.2: one code for all of them; the description helps the developer whose own code it was. */
function refusal(description: string): OAuthError {
  return new OAuthError('invalid_grant', description)
}
