import { type Client, allowedScopes, isPublic } from '../clients/client.ts'
import type { OAuthErrorCode } from '../oauth/error.ts'
import { type Parameters, malformation, single, tooLarge } from '../oauth/parameters.ts'
import { isCodeChallenge } from '../oauth/pkce.ts'
import { type Prompt, parsePrompt } from '../oauth/prompt.ts'
import { type ValidatedRedirectUri, matchRedirectUri } from '../oauth/redirect-uri.ts'
import { isOpenIdScope, parseScope } from '../oauth/scope.ts'
import { type Resource, reachable, targetResources } from '../resources/resource.ts'
import {
  type ClaimsRequest,
  limitClaims,
  parseClaimsRequest,
  scopesOfClaims,
} from './claims-request.ts'

export type ResponseMode = 'query' | 'form_post'

/** Where and how the answer goes. To hold one is to have checked the client and its redirect URI. */
export interface ValidatedRedirect {
  readonly client: Client
  readonly uri: ValidatedRedirectUri
  readonly mode: ResponseMode
  readonly state: string | undefined
}

/** An authorization request that may be acted on. */
export interface AuthorizationRequest {
  readonly redirect: ValidatedRedirect
  readonly client: Client
  readonly scopes: readonly string[]
  /** What the person is asked for: the scopes, and those that stand for single claims. */
  readonly consentScopes: readonly string[]
  readonly resources: readonly Resource[]
  readonly codeChallenge: string | undefined
  readonly nonce: string | undefined
  readonly prompt: ReadonlySet<Prompt>
  readonly maxAgeSeconds: number | undefined
  readonly acrValues: readonly string[]
  readonly claims: ClaimsRequest | undefined
  readonly idTokenHint: string | undefined
  readonly loginHint: string | undefined
}

/** Faults that must never redirect (RFC 6749 §4.1.2.1): the redirect URI itself is not to be trusted. */
export type PageFault = 'invalid_request' | 'unknown_client' | 'redirect_uri_not_registered'

export type RequestOutcome =
  | { readonly kind: 'valid'; readonly request: AuthorizationRequest }
  | {
      readonly kind: 'page'
      readonly fault: PageFault
      readonly client?: Client
      readonly hint: string
    }
  | {
      readonly kind: 'redirect'
      readonly redirect: ValidatedRedirect
      readonly code: OAuthErrorCode
      readonly description: string
    }

/** A larger one could not be given back: it goes into a header, three characters for each odd one. */
const MAX_STATE_CHARACTERS = 4096

/** Decides on a parsed authorization request: client and redirect URI first, everything else after. */
export function validateAuthorizationRequest(
  parameters: Parameters,
  client: Client | undefined,
  known: readonly Resource[],
): RequestOutcome {
  const target = locate(parameters, client)
  if (target.kind === 'page') return target
  const { redirect } = target
  const refuse = (code: OAuthErrorCode, description: string): RequestOutcome => ({
    kind: 'redirect',
    redirect,
    code,
    description,
  })

  if (tooLarge(parameters)) return refuse('invalid_request', 'the request is too large')
  const malformed = malformation(parameters)
  if (malformed !== undefined) return refuse('invalid_request', malformed)

  const responseMode = single(parameters, 'response_mode')
  if (responseMode !== undefined && responseMode !== redirect.mode)
    return refuse('invalid_request', 'response_mode must be query or form_post')
  const responseType = single(parameters, 'response_type')
  if (responseType === undefined) return refuse('invalid_request', 'response_type is missing')
  // RFC 9700 §2.1.2: no tokens from the front channel, so code is all there is.
  if (responseType !== 'code')
    return refuse('unsupported_response_type', 'response_type must be code')
  if (!redirect.client.metadata.grant_types.includes('authorization_code'))
    return refuse('unauthorized_client', 'the client may not use the authorization code flow')

  // OIDC Core 1.0 §3.1.2.6: what is not supported is said, never silently left aside.
  if (parameters.has('request')) return refuse('request_not_supported', 'request is not supported')
  if (parameters.has('request_uri'))
    return refuse('request_uri_not_supported', 'request_uri is not supported')
  if (parameters.has('registration'))
    return refuse('registration_not_supported', 'registration is not supported')

  const challenge = codeChallenge(parameters, redirect.client)
  if (challenge.fault !== undefined) return refuse('invalid_request', challenge.fault)
  const prompt = parsePrompt(single(parameters, 'prompt'))
  if (typeof prompt === 'string') return refuse('invalid_request', prompt)
  const maxAge = single(parameters, 'max_age')
  if (maxAge !== undefined && !/^\d{1,9}$/.test(maxAge))
    return refuse('invalid_request', 'max_age must be a number of seconds')
  const claimsText = single(parameters, 'claims')
  const askedClaims = claimsText === undefined ? undefined : parseClaimsRequest(claimsText)
  if (claimsText !== undefined && askedClaims === undefined)
    return refuse('invalid_request', 'claims must be a JSON object of OIDC Core 1.0 section 5.5')

  const asked = askedScopes(parameters, redirect.client, known)
  if ('refused' in asked) return refuse('invalid_scope', asked.refused)
  const claims = askedClaims && limitClaims(askedClaims, allowedScopes(redirect.client))
  const apis = reachable(known, allowedScopes(redirect.client))
  const targets = targetResources(parameters.get('resource') ?? [], asked.api, apis)
  if ('error' in targets) return refuse(targets.error, targets.reason)
  const covered = (scope: string) =>
    targets.some((resource) => Object.hasOwn(resource.scopes, scope))
  const scopes = asked.all.filter((scope) => isOpenIdScope(scope) || covered(scope))
  if (scopes.length === 0)
    return refuse('invalid_scope', 'none of the scopes belongs to the named resource')
  // A token for an API is something to consent to: without a scope of the API there would be nothing to ask.
  if (!targets.every((api) => scopes.some((scope) => Object.hasOwn(api.scopes, scope))))
    return refuse('invalid_target', 'a resource is named and none of its scopes is asked for')

  return {
    kind: 'valid',
    request: {
      redirect,
      client: redirect.client,
      scopes,
      consentScopes: [...new Set([...scopes, ...scopesOfClaims(claims)])],
      resources: targets,
      codeChallenge: challenge.value,
      nonce: single(parameters, 'nonce'),
      prompt,
      maxAgeSeconds: maxAge === undefined ? undefined : Number(maxAge),
      acrValues: (single(parameters, 'acr_values') ?? '').split(' ').filter((acr) => acr !== ''),
      claims,
      idTokenHint: single(parameters, 'id_token_hint'),
      loginHint: single(parameters, 'login_hint'),
    },
  }
}

/** Client and redirect URI: what must hold before anything may be sent back to the client. */
function locate(
  parameters: Parameters,
  client: Client | undefined,
): Extract<RequestOutcome, { kind: 'page' }> | { kind: 'located'; redirect: ValidatedRedirect } {
  const page = (fault: PageFault, hint: string) =>
    ({ kind: 'page', fault, hint, ...(client === undefined ? {} : { client }) }) as const
  if ((single(parameters, 'state')?.length ?? 0) > MAX_STATE_CHARACTERS)
    return page('invalid_request', 'state is too large')
  for (const name of ['client_id', 'redirect_uri'])
    if ((parameters.get(name)?.length ?? 0) > 1)
      return page('invalid_request', `${name} is repeated`)
  if (!parameters.has('client_id')) return page('invalid_request', 'client_id is missing')
  if (client === undefined) return page('unknown_client', 'no client has this client_id')

  // OIDC Core 1.0 §3.1.2.1 demands redirect_uri; a guess would hide a fault from the developer.
  const asked = single(parameters, 'redirect_uri')
  if (asked === undefined) return page('invalid_request', 'redirect_uri is missing')
  const uri = matchRedirectUri(client.metadata.redirect_uris, asked)
  if (uri === undefined)
    return page('redirect_uri_not_registered', 'redirect_uri is not registered for this client')
  const mode = single(parameters, 'response_mode') === 'form_post' ? 'form_post' : 'query'
  const states = parameters.get('state') ?? []
  // A repeated state has no one value to give back.
  const state = states.length === 1 ? states[0] : undefined
  return { kind: 'located', redirect: { client, uri, mode, state } }
}

function codeChallenge(
  parameters: Parameters,
  client: Client,
): { fault: string; value?: undefined } | { fault?: undefined; value: string | undefined } {
  const challenge = single(parameters, 'code_challenge')
  const method = single(parameters, 'code_challenge_method')
  if (challenge === undefined) {
    if (method !== undefined) return { fault: 'code_challenge is missing' }
    // RFC 9700 §2.1.1: only a client that proves itself can be exempted, and only by its own setting.
    if (isPublic(client) || client.metadata.require_pkce)
      return { fault: 'code_challenge is missing: PKCE with S256 is required' }
    return { value: undefined }
  }
  // RFC 7636 §4.3: a missing method means plain, which reveals the verifier (RFC 9700 §2.1.1).
  if (method !== 'S256') return { fault: 'code_challenge_method must be S256' }
  if (!isCodeChallenge(challenge)) return { fault: 'code_challenge is not an S256 challenge' }
  return { value: challenge }
}

function askedScopes(
  parameters: Parameters,
  client: Client,
  known: readonly Resource[],
): { all: string[]; api: string[] } | { refused: string } {
  const tokens = parseScope(single(parameters, 'scope'))
  if (tokens === undefined) return { refused: 'scope holds characters that no scope may have' }
  // OIDC Core 1.0 §3.1.2.1: scopes that are not understood are ignored.
  const meaningful = tokens.filter(
    (scope) =>
      isOpenIdScope(scope) || known.some((resource) => Object.hasOwn(resource.scopes, scope)),
  )
  const allowed = allowedScopes(client)
  if (!meaningful.every((scope) => allowed.includes(scope)))
    return { refused: 'the client may not ask for one of these scopes' }
  if (meaningful.length === 0) return { refused: 'scope names nothing that can be granted' }
  return { all: meaningful, api: meaningful.filter((scope) => !isOpenIdScope(scope)) }
}
