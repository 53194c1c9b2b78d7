import * as oauth from 'oauth4webapi'
import type { Clock } from '../../platform/clock.ts'
import { OutboundError, createOutboundFetch } from '../../platform/outbound/fetch.ts'
import { remembered } from '../../platform/outbound/remembered.ts'
import type { UpstreamClient, Visit } from './client.ts'
import { createKeyDocuments } from './keys.ts'
import { personOf } from './person.ts'
import { GOOGLE_ISSUER, type Provider, isLoopbackProvider } from './provider.ts'
import { UpstreamError, asUpstreamError, messageOf } from './refusal.ts'

const DISCOVERY = { ttlMs: 3_600_000, retryMs: 1000, maxRetryMs: 30_000 }
const CLOCK_TOLERANCE_SECONDS = 30
const MAX_SUBJECT_CHARACTERS = 255

/** An OpenID Provider: code, PKCE, state, nonce, and an ID token that is checked in full. */
export function createOpenIdClient(provider: Provider, clock: Clock): UpstreamClient {
  const { clientId, clientSecret, scope, issuer } = provider
  const insecure = isLoopbackProvider(provider)
  const outbound = createOutboundFetch({ loopback: insecure })
  const keys = createKeyDocuments(outbound)
  const http = {
    [oauth.customFetch]: outbound,
    [oauth.allowInsecureRequests]: insecure,
  }
  // Lazily: a provider that is down delays neither our start nor anybody's password.
  const discovery = remembered(async () => {
    const expected = new URL(issuer)
    const answer = await oauth.discoveryRequest(expected, http)
    // A tenant of Microsoft's "common" names itself by a template, see issuerOf.
    const processed = isMicrosoftCommon(provider) ? await templated(answer, issuer) : answer
    return oauth.processDiscoveryResponse(expected, processed)
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
    id_token_signed_response_alg: 'RS256',
    [oauth.clockSkew]: Math.round((clock().getTime() - Date.now()) / 1000),
    [oauth.clockTolerance]: CLOCK_TOLERANCE_SECONDS,
  })

  function authentication(as: oauth.AuthorizationServer): oauth.ClientAuth {
    const methods = as.token_endpoint_auth_methods_supported
    const basicOnly = methods !== undefined && !methods.includes('client_secret_post')
    return basicOnly ? oauth.ClientSecretBasic(clientSecret) : oauth.ClientSecretPost(clientSecret)
  }

  async function tokenAnswer(as: oauth.AuthorizationServer, visit: Visit): Promise<Response> {
    // RFC 9207: `iss` is demanded where the provider announces it, and right wherever it comes.
    const callback = oauth.validateAuthResponse(as, client(), visit.parameters, visit.state)
    const { redirectUri, verifier } = visit
    const how = authentication(as)
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

  async function verifySignature(as: oauth.AuthorizationServer, answer: Response) {
    const signed = { ...http, [oauth.customFetch]: keys.fetch }
    // A new object each time: what is kept of keys is kept in `keys`, by the rules of their answer.
    try {
      await oauth.validateApplicationLevelSignature({ ...as }, answer, signed)
    } catch (error) {
      if (error instanceof OutboundError) throw error
      // The provider may have changed its keys since; whoever can send us another token here is the provider.
      keys.forget()
      await oauth.validateApplicationLevelSignature({ ...as }, answer, signed)
    }
  }

  async function claimsOf(visit: Visit) {
    const as = await server()
    if (as.jwks_uri === undefined) throw new UpstreamError('failed', 'discovery names no keys')
    const answer = await tokenAnswer(as, visit)
    const named = await issuerOf(provider, answer)
    const expectations = { expectedNonce: visit.nonce, requireIdToken: true }
    const tokens = await oauth.processAuthorizationCodeResponse(
      { ...as, issuer: named },
      client(),
      answer,
      expectations,
    )
    await verifySignature(as, answer)
    const claims = oauth.getValidatedIdTokenClaims(tokens)
    if (claims === undefined) throw new UpstreamError('failed', 'there is no ID token')
    if (claims.sub === '' || claims.sub.length > MAX_SUBJECT_CHARACTERS)
      throw new UpstreamError('failed', 'the subject is empty or endless')
    // OIDC Core 1.0 §3.1.3.7: a token for several audiences names the one it was issued to.
    if (claims.azp !== undefined && claims.azp !== clientId)
      throw new UpstreamError('failed', 'azp is another client')
    return { claims, issuer: isGoogle(provider) ? issuer : named }
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
      const { claims, issuer: named } = await claimsOf(visit).catch((error: unknown) => {
        throw asUpstreamError(error)
      })
      const outcome = personOf(provider, named, claims.sub, claims)
      if (outcome.kind === 'other_domain')
        throw new UpstreamError('other_domain', 'hd is another domain, or missing')
      return outcome.person
    },
  }
}

const isGoogle = ({ kind }: Provider) => kind === 'google'

/** Microsoft's endpoints for people of every tenant. */
function isMicrosoftCommon({ issuer }: Provider): boolean {
  return /^https:\/\/login\.microsoftonline\.com\/(?:common|organizations|consumers)\/v2\.0$/.test(
    issuer,
  )
}

async function templated(answer: Response, issuer: string): Promise<Response> {
  const metadata: unknown = await answer.clone().json()
  const isTemplate =
    isRecord(metadata) && metadata['issuer'] === 'https://login.microsoftonline.com/{tenantid}/v2.0'
  return isTemplate ? Response.json({ ...metadata, issuer }) : answer
}

/**
 * The issuer that the ID token must name: the provider's own, in one of its spellings. What the token says is read
 * before it is checked, only to choose among these.
 */
async function issuerOf(provider: Provider, answer: Response): Promise<string> {
  const { issuer } = provider
  const claimed = await unverifiedIssuer(answer)
  if (isGoogle(provider) && issuer === GOOGLE_ISSUER && claimed === 'accounts.google.com')
    return claimed
  const tenant = /^https:\/\/login\.microsoftonline\.com\/[\da-f-]{36}\/v2\.0$/
  if (isMicrosoftCommon(provider) && tenant.test(claimed)) return claimed
  return issuer
}

async function unverifiedIssuer(answer: Response): Promise<string> {
  try {
    const body: unknown = await answer.clone().json()
    const [, payload = ''] = (isRecord(body) ? String(body['id_token']) : '').split('.')
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
    return isRecord(claims) && typeof claims['iss'] === 'string' ? claims['iss'] : ''
  } catch {
    return ''
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
