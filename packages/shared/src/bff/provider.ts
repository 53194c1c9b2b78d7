import * as oauth from 'oauth4webapi'
import { boundedFetch, type Fetch } from '../bounded-fetch.ts'
import { isLoopbackHttp } from '../loopback.ts'
import { ProviderError, toProviderError } from './provider-error.ts'
import type { Transaction } from './transaction.ts'

export interface ProviderOptions {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly resource: string | undefined
  readonly fetch: Fetch
  /** Milliseconds since the epoch. */
  readonly clock: () => number
}

export interface TokenSet {
  readonly accessToken: string
  /** Seconds since the epoch. */
  readonly accessExpiresAt: number
  readonly refreshToken: string | undefined
  readonly idToken: string | undefined
  /** Undefined means: as asked for, or as before. RFC 6749 §5.1, §6 */
  readonly scopes: readonly string[] | undefined
}

export interface SignIn {
  readonly tokens: TokenSet & { readonly idToken: string }
  readonly claims: oauth.IDToken
}

const LIMITS = { timeoutMs: 5000, maxBytes: 262_144 }
const METADATA_MS = 300_000
// For an answer that does not say, which RFC 6749 §5.1 permits.
const DEFAULT_TTL_SECONDS = 300

/**
 * The issuer as a confidential client sees it: code flow with PKCE, refresh, revocation, sign-out. Nothing is
 * asked before the first use; every request has limits in time and size. All failures are {@link ProviderError}s.
 */
export function createProvider(options: ProviderOptions) {
  const { issuer, clientId, redirectUri, resource, clock } = options
  const get = boundedFetch(options.fetch, LIMITS)
  const http = {
    [oauth.allowInsecureRequests]: isLoopbackHttp(new URL(issuer)),
    [oauth.customFetch]: (
      url: string,
      { method, headers, body }: oauth.CustomFetchOptions<string, URLSearchParams | undefined>,
    ) => get(url, { method, headers, body: body ?? null }),
  }
  const client: oauth.Client = {
    client_id: clientId,
    // The library reads the machine's clock; this makes it ours.
    get [oauth.clockSkew]() {
      return Math.round((clock() - Date.now()) / 1000)
    },
    [oauth.clockTolerance]: 5,
  }
  const authentication = oauth.ClientSecretBasic(options.clientSecret)
  const extra: Record<string, string> = resource === undefined ? {} : { resource }
  let metadata: { readonly server: oauth.AuthorizationServer; readonly until: number } | undefined
  let discovering: Promise<oauth.AuthorizationServer> | undefined

  async function discover(): Promise<oauth.AuthorizationServer> {
    try {
      const url = new URL(issuer)
      const response = await oauth.discoveryRequest(url, { algorithm: 'oidc', ...http })
      const server = await oauth.processDiscoveryResponse(url, response)
      // Byte for byte, where the library compares parsed URLs. OIDC Discovery 1.0 §4.3
      if (server.issuer !== issuer) throw new ProviderError('invalid', 'metadata of another issuer')
      metadata = { server, until: clock() + METADATA_MS }
      return server
    } catch (error) {
      // Old metadata is good enough while the issuer is away.
      if (metadata !== undefined) return metadata.server
      throw toProviderError(error)
    } finally {
      discovering = undefined
    }
  }

  async function server(): Promise<oauth.AuthorizationServer> {
    if (metadata !== undefined && clock() < metadata.until) return metadata.server
    return (discovering ??= discover())
  }

  function tokenSet(answer: oauth.TokenEndpointResponse): TokenSet {
    return {
      accessToken: answer.access_token,
      accessExpiresAt: Math.floor(clock() / 1000) + (answer.expires_in ?? DEFAULT_TTL_SECONDS),
      refreshToken: answer.refresh_token,
      idToken: answer.id_token,
      scopes: answer.scope?.split(' '),
    }
  }

  return {
    /** Where a browser goes to sign in. */
    async authorizationUrl(
      request: { state: string; nonce: string; codeVerifier: string },
      wishes: Readonly<Record<string, string>>,
    ) {
      const { authorization_endpoint: endpoint } = await server()
      if (endpoint === undefined) throw new ProviderError('invalid', 'no authorization_endpoint')
      const url = new URL(endpoint)
      const parameters = {
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: options.scopes.join(' '),
        state: request.state,
        nonce: request.nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(request.codeVerifier),
        code_challenge_method: 'S256',
        ...extra,
        ...wishes,
      }
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
      return url.href
    },

    /** Turns a callback into tokens, with state, iss (RFC 9207), nonce and the ID token's signature checked. */
    async redeem(
      callback: URLSearchParams,
      expected: Pick<Transaction, 'state' | 'nonce' | 'codeVerifier' | 'authenticatedAfter'>,
    ): Promise<SignIn> {
      const as = await server()
      try {
        const checked = oauth.validateAuthResponse(as, client, callback, expected.state)
        const response = await oauth.authorizationCodeGrantRequest(
          ...([as, client, authentication, checked, redirectUri, expected.codeVerifier] as const),
          { ...http, additionalParameters: extra },
        )
        const answer = await oauth.processAuthorizationCodeResponse(as, client, response, {
          expectedNonce: expected.nonce,
          requireIdToken: true,
          // OIDC Core 1.0 §3.1.3.7 (13): who asked for max_age looks at auth_time.
          maxAge:
            expected.authenticatedAfter === undefined
              ? oauth.skipAuthTimeCheck
              : Math.floor(clock() / 1000) - expected.authenticatedAfter,
        })
        await oauth.validateApplicationLevelSignature(as, response, http)
        const claims = oauth.getValidatedIdTokenClaims(answer)
        const { id_token: idToken } = answer
        if (claims === undefined || idToken === undefined) {
          throw new ProviderError('invalid', 'no ID token')
        }
        return { tokens: { ...tokenSet(answer), idToken }, claims }
      } catch (error) {
        throw toProviderError(error)
      }
    },

    /** Takes new tokens for a refresh token; the subject must stay the same (OIDC Core 1.0 §12.2). */
    async refresh(refreshToken: string, sub: string): Promise<TokenSet> {
      const as = await server()
      try {
        const response = await oauth.refreshTokenGrantRequest(
          ...([as, client, authentication, refreshToken] as const),
          { ...http, additionalParameters: extra },
        )
        const answer = await oauth.processRefreshTokenResponse(as, client, response)
        const claims = oauth.getValidatedIdTokenClaims(answer)
        if (claims !== undefined && claims.sub !== sub) {
          throw new ProviderError('ended', 'refreshed for another subject')
        }
        return tokenSet(answer)
      } catch (error) {
        throw toProviderError(error)
      }
    },

    /** The user's claims, whose subject must be the ID token's. OIDC Core 1.0 §5.3.4 */
    async userinfo(accessToken: string, sub: string): Promise<oauth.UserInfoResponse> {
      const as = await server()
      try {
        const response = await oauth.userInfoRequest(as, client, accessToken, http)
        return await oauth.processUserInfoResponse(as, client, sub, response)
      } catch (error) {
        throw toProviderError(error)
      }
    },

    /** Ends the grant behind a refresh token. RFC 7009 */
    async revoke(refreshToken: string): Promise<void> {
      const as = await server()
      if (as.revocation_endpoint === undefined) return
      try {
        const response = await oauth.revocationRequest(
          ...([as, client, authentication, refreshToken] as const),
          { ...http, additionalParameters: { token_type_hint: 'refresh_token' } },
        )
        await oauth.processRevocationResponse(response)
      } catch (error) {
        throw toProviderError(error)
      }
    },

    /** Where a browser goes to sign out of the issuer too; undefined if it has no such place. */
    async endSessionUrl(idToken: string, returnTo: string): Promise<string | undefined> {
      const { end_session_endpoint: endpoint } = await server()
      if (endpoint === undefined) return undefined
      const url = new URL(endpoint)
      url.searchParams.set('id_token_hint', idToken)
      url.searchParams.set('client_id', clientId)
      url.searchParams.set('post_logout_redirect_uri', returnTo)
      return url.href
    },
  }
}

export type Provider = ReturnType<typeof createProvider>
