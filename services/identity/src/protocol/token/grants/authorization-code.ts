import type { CodeContent, Codes } from '../../../domain/authorization/code.ts'
import { type Client, allowedScopes } from '../../../domain/clients/client.ts'
import { explainExpiry } from '../../../domain/faults/explain-time.ts'
import { shownUri } from '../../../domain/faults/shown.ts'
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
import { grantRefusal, resourceBeyondGrant, severalResources } from './refusals.ts'

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
    if (text === undefined)
      throw new OAuthError('invalid_request', 'code is missing', { why: { check: 'code_missing' } })
    const code = deps.codes.open(text)
    if (code === undefined) throw grantRefusal('code is not one of ours', { check: 'code_unknown' })
    checkRequest(code, client, form)

    const audience = chooseAudience(code, form) ?? deps.issuer
    const grant = await redeem(code, audience, client, now)
    if (grant === undefined) {
      // RFC 6749 §4.1.2, OAuth 2.1 §7.5.2: all else was right, so this is the same code again, and what it
      // gave must not live on. Without a grant its session or its user ended in between.
      if (await deps.revocation.end(code.grantId, 'code_replayed', 'code_replayed'))
        throw grantRefusal('code was redeemed before; its tokens are revoked', {
          check: 'code_used',
        })
      throw grantRefusal('code was redeemed before, or its session has ended', {
        check: 'code_session_ended',
      })
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
      throw grantRefusal('code has expired', explainExpiry('code_expired', code.expiresAt, now))
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
  if (code.clientId !== client.id)
    throw grantRefusal('code was issued to another client', {
      check: 'code_of_other_client',
      expected: { client_id: code.clientId },
      received: { client_id: client.id },
    })
  // and for this redirect URI.
  const redirectUri = single(form, 'redirect_uri')
  if (redirectUri === undefined)
    throw new OAuthError('invalid_request', 'redirect_uri is missing', {
      why: { check: 'redirect_uri_left_out', expected: { redirect_uri: code.redirectUri } },
    })
  if (redirectUri !== code.redirectUri)
    throw grantRefusal('redirect_uri is not that of the request', {
      check: 'redirect_uri_differs',
      expected: { redirect_uri: code.redirectUri },
      received: { redirect_uri: shownUri(redirectUri, [code.redirectUri]) },
    })

  const verifier = single(form, 'code_verifier')
  if (code.codeChallenge === undefined) {
    // RFC 9700 §4.8.2: a verifier without a challenge is a downgrade in progress.
    if (verifier !== undefined)
      throw grantRefusal('code_verifier without a code_challenge', {
        check: 'pkce_verifier_unexpected',
      })
    return
  }
  if (verifier === undefined)
    throw grantRefusal('code_verifier is missing', { check: 'pkce_verifier_missing' })
  // RFC 7636 §4.6
  if (!verifierMatches(verifier, code.codeChallenge))
    throw grantRefusal('code_verifier does not match the code_challenge', {
      check: 'pkce_verifier_differs',
      expected: { characters: '43 to 128' },
      received: { characters: String(verifier.length) },
    })
}

/** RFC 8707 §2.2: one of the resources that were asked for; the first when the request names none. */
function chooseAudience(code: CodeContent, form: Parameters): string | undefined {
  const asked = form.get('resource') ?? []
  if (asked.length === 0) return code.resources[0]
  return oneResource(asked, code.resources)
}

/** The one resource named, which must be one of the grant's. */
function oneResource(asked: readonly string[], granted: readonly string[]): string {
  const [resource] = asked
  if (resource === undefined || asked.length > 1) throw severalResources(asked)
  if (!granted.includes(resource)) throw resourceBeyondGrant(asked, granted)
  return resource
}
