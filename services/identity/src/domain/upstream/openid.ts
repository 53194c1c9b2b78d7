import * as oauth from 'oauth4webapi'
import type { Clock } from '../../platform/clock.ts'
import { decodedPart } from '../../platform/crypto/jws.ts'
import {
  OutboundError,
  type OutboundFetch,
  createOutboundFetch,
} from '../../platform/outbound/fetch.ts'
import { isRecord, recordOf } from '../../platform/record.ts'
import { remembered } from '../../platform/outbound/remembered.ts'
import { appleName, appleSecret, withAppleName } from './apple.ts'
import type { UpstreamClient, Visit } from './client.ts'
import { issuerOf } from './issuer-of.ts'
import { createKeyDocuments } from './keys.ts'
import { type Tenants, isAnnouncedBy, keysFor, tenantsOf } from './microsoft.ts'
import { personOf } from './person.ts'
import { type Provider, isLoopbackProvider } from './provider.ts'
import { UpstreamError, asUpstreamError, messageOf } from './refusal.ts'
import { isSubject } from './subject.ts'
import { toldClaims } from './userinfo.ts'

const DISCOVERY = { ttlMs: 3_600_000, retryMs: 1000, maxRetryMs: 30_000 }
const CLOCK_TOLERANCE_SECONDS = 30
/** Of an ID token that was made for this very visit; clocks of providers are not always right. */
const MAX_AGE_SECONDS = 3600

/** An OpenID Provider: code, PKCE, state, nonce, and an ID token that is checked in full. */
export function createOpenIdClient(provider: Provider, clock: Clock): UpstreamClient {
  const { clientId, clientSecret, scope, issuer, signedBy } = provider
  const insecure = isLoopbackProvider(provider)
  const outbound = createOutboundFetch({ loopback: insecure })
  const keys = createKeyDocuments(outbound)
  const asksForAddress = scope.split(' ').includes('email')
  const tenants = provider.kind === 'oidc' ? tenantsOf(issuer) : undefined
  const http = {
    [oauth.customFetch]: outbound,
    [oauth.allowInsecureRequests]: insecure,
  }
  // Lazily: a provider that is down delays neither our start nor anybody's password.
  const discovery = remembered(async () => {
    const expected = new URL(issuer)
    const answer = await oauth.discoveryRequest(expected, http)
    const document = tenants === undefined ? answer : await announced(answer, tenants, issuer)
    return oauth.processDiscoveryResponse(expected, document)
  }, DISCOVERY)

  async function server(): Promise<oauth.AuthorizationServer> {
    return discovery.get().catch((error: unknown) => {
      throw new UpstreamError('unreachable', `discovery: ${messageOf(error)}`, { cause: error })
    })
  }

  /** Tokens live by the clock of the service. */
  const client = (): oauth.Client => ({
    client_id: clientId,
    // Never what the token says of itself: no `none`, and no HMAC with the public key.
    id_token_signed_response_alg: signedBy,
    [oauth.clockSkew]: Math.round((clock().getTime() - Date.now()) / 1000),
    [oauth.clockTolerance]: CLOCK_TOLERANCE_SECONDS,
  })

  async function authentication(as: oauth.AuthorizationServer): Promise<oauth.ClientAuth> {
    const methods = as.token_endpoint_auth_methods_supported
    const basicOnly = methods !== undefined && !methods.includes('client_secret_post')
    const secret =
      typeof clientSecret === 'string'
        ? clientSecret
        : await appleSecret(clientSecret, provider, clock)
    return basicOnly ? oauth.ClientSecretBasic(secret) : oauth.ClientSecretPost(secret)
  }

  async function tokenAnswer(as: oauth.AuthorizationServer, visit: Visit): Promise<Response> {
    // RFC 9207: `iss` is demanded where the provider announces it, and right wherever it comes.
    const callback = oauth.validateAuthResponse(as, client(), visit.parameters, visit.state)
    const { redirectUri, verifier } = visit
    const how = await authentication(as)
    return oauth.authorizationCodeGrantRequest(
      as,
      client(),
      how,
      callback,
      redirectUri,
      verifier,
      http,
    )
  }

  async function verifySignature(as: oauth.AuthorizationServer, answer: Response, named: string) {
    const signed = { ...http, [oauth.customFetch]: keysOf(named) }
    // A new object each time, as oauth4webapi caches keys by it: ours are cached in `keys`, for as long as the answer
    // allows.
    try {
      await oauth.validateApplicationLevelSignature({ ...as }, answer, signed)
    } catch (error) {
      if (error instanceof OutboundError) throw error
      // The provider may have new keys. Only the provider itself can get here, so that strangers cause no requests to
      // it.
      keys.forget()
      await oauth.validateApplicationLevelSignature({ ...as }, answer, signed)
    }
  }

  /** The keys that may sign for an issuer: all of them, unless it is one of many. */
  function keysOf(named: string): OutboundFetch {
    if (tenants === undefined) return keys.fetch
    return async (url, request) => {
      const answer = await keys.fetch(url, request)
      const set: unknown = answer.status === 200 ? await answer.clone().json() : undefined
      return isRecord(set) ? Response.json({ keys: keysFor(set['keys'], named) }) : answer
    }
  }

  async function claimsOf(visit: Visit) {
    const as = await server()
    if (as.jwks_uri === undefined) throw new UpstreamError('failed', 'discovery names no keys')
    const answer = await tokenAnswer(as, visit)
    const { kind } = provider
    const named = issuerOf({ kind, issuer: as.issuer }, await unverifiedClaims(answer))
    if (named === undefined) throw new UpstreamError('failed', 'the ID token is of no tenant')
    const expectations = { expectedNonce: visit.nonce, requireIdToken: true }
    const tokens = await oauth.processAuthorizationCodeResponse(
      { ...as, issuer: named },
      client(),
      answer,
      expectations,
    )
    await verifySignature(as, answer, named)
    const claims = oauth.getValidatedIdTokenClaims(tokens)
    if (claims === undefined) throw new UpstreamError('failed', 'there is no ID token')
    if (!isSubject(claims.sub))
      throw new UpstreamError('failed', 'the subject is empty, endless or no text')
    // OIDC Core 1.0 §3.1.3.7 (10)
    if (Math.abs(clock().getTime() / 1000 - claims.iat) > MAX_AGE_SECONDS)
      throw new UpstreamError('failed', 'iat is of another time')
    // OIDC Core 1.0 §3.1.3.7: a token for several audiences names the one it was issued to.
    if (claims.azp !== undefined && claims.azp !== clientId)
      throw new UpstreamError('failed', 'azp is another client')
    const { access_token: accessToken } = tokens
    const told = asksForAddress
      ? await toldClaims({ server: as, client: client(), accessToken, claims }, http)
      : claims
    return { claims: told, subject: claims.sub, issuer: isGoogle(provider) ? issuer : named }
  }

  return {
    provider,
    async address({ redirectUri, state, nonce, challenge, isAgain }) {
      const as = await server()
      const endpoint = as.authorization_endpoint
      if (endpoint === undefined)
        throw new UpstreamError('failed', 'discovery names no authorization endpoint')
      const url = new URL(endpoint)
      if (url.protocol !== 'https:' && !insecure)
        throw new UpstreamError('failed', 'the authorization endpoint is not https')
      const { hostedDomain, responseMode } = provider
      const parameters = {
        client_id: clientId,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope,
        state,
        nonce,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        ...(responseMode === 'form_post' && { response_mode: responseMode }),
        ...(hostedDomain !== undefined && { hd: hostedDomain }),
        // Google knows no `login`: it can only be asked to let the person choose.
        ...(isAgain && { prompt: isGoogle(provider) ? 'select_account' : 'login' }),
      }
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
      return url.href
    },
    async person(visit) {
      const {
        claims,
        subject,
        issuer: named,
      } = await claimsOf(visit).catch((error: unknown) => {
        throw asUpstreamError(error)
      })
      const isApple = provider.kind === 'apple'
      const name = isApple ? appleName(visit.parameters.get('user')) : undefined
      const outcome = personOf(provider, named, subject, withAppleName(claims, name))
      if (outcome.kind === 'other_domain')
        throw new UpstreamError('other_domain', 'hd is another domain, or missing')
      return outcome.person
    },
  }
}

const isGoogle = ({ kind }: Provider) => kind === 'google'

/** What an ID token says, not yet verified: to choose what it is verified against, and for nothing else. */
async function unverifiedClaims(answer: Response): Promise<Record<string, unknown>> {
  const body: unknown = await answer
    .clone()
    .json()
    .catch(() => undefined)
  const [, payload = ''] = String(recordOf(body)['id_token']).split('.')
  return decodedPart(payload) ?? {}
}

/** The document of an issuer that stands for many, under the name that is configured. */
async function announced(answer: Response, tenants: Tenants, issuer: string): Promise<Response> {
  const metadata: unknown = await answer.clone().json()
  const isTheirs = isRecord(metadata) && isAnnouncedBy(tenants, metadata['issuer'])
  return isTheirs ? Response.json({ ...metadata, issuer }) : answer
}
