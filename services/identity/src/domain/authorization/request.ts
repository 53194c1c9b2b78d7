import { type Client, allowedScopes } from '../clients/client.ts'
import { explainGrantType } from '../faults/explain-client.ts'
import { explainUri } from '../faults/explain-uri.ts'
import type { Why } from '../faults/why.ts'
import type { OAuthErrorCode } from '../oauth/error.ts'
import { type Parameters, malformation, single, tooLarge } from '../oauth/parameters.ts'
import { type Prompt, parsePrompt } from '../oauth/prompt.ts'
import {
  type ValidatedRedirectUri,
  matchRedirectUri,
  redirectUriFault,
} from '../oauth/redirect-uri.ts'
import { isOpenIdScope } from '../oauth/scope.ts'
import { type Resource, reachable, targetResources } from '../resources/resource.ts'
import { askedScopes } from './asked-scopes.ts'
import {
  type ClaimsRequest,
  limitClaims,
  parseClaimsRequest,
  scopesOfClaims,
} from './claims-request.ts'
import { codeChallenge } from './code-challenge.ts'

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
      readonly why: Why
    }
  | {
      readonly kind: 'redirect'
      readonly redirect: ValidatedRedirect
      readonly code: OAuthErrorCode
      readonly description: string
      readonly why: Why
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
  const refuse = (code: OAuthErrorCode, description: string, why: Why): RequestOutcome => ({
    kind: 'redirect',
    redirect,
    code,
    description,
    why,
  })

  const unusable = unsupported(parameters, redirect)
  if (unusable !== undefined) return refuse(unusable.code, unusable.description, unusable.why)
  const challenge = codeChallenge(parameters, redirect.client)
  if (challenge.fault !== undefined)
    return refuse('invalid_request', challenge.fault, challenge.why)
  const promptText = single(parameters, 'prompt')
  const prompt = parsePrompt(promptText)
  if (typeof prompt === 'string')
    return refuse('invalid_request', prompt, {
      check: 'prompt_unsupported',
      received: { prompt: promptText ?? '', reason: prompt },
    })
  const maxAge = single(parameters, 'max_age')
  if (maxAge !== undefined && !/^\d{1,9}$/.test(maxAge))
    return refuse('invalid_request', 'max_age must be a number of seconds', {
      check: 'max_age_malformed',
      received: { max_age: maxAge },
    })
  const claimsText = single(parameters, 'claims')
  const askedClaims = claimsText === undefined ? undefined : parseClaimsRequest(claimsText)
  if (claimsText !== undefined && askedClaims === undefined)
    return refuse('invalid_request', 'claims must be a JSON object of OIDC Core 1.0 section 5.5', {
      check: 'claims_malformed',
    })

  const asked = askedScopes(parameters, redirect.client, known)
  if ('refused' in asked) return refuse('invalid_scope', asked.refused, asked.why)
  const claims = askedClaims && limitClaims(askedClaims, allowedScopes(redirect.client))
  const apis = reachable(known, allowedScopes(redirect.client))
  const targets = targetResources(parameters.get('resource') ?? [], asked.api, apis)
  if ('error' in targets) return refuse(targets.error, targets.reason, targets.why)
  const covered = (scope: string) =>
    targets.some((resource) => Object.hasOwn(resource.scopes, scope))
  const scopes = asked.all.filter((scope) => isOpenIdScope(scope) || covered(scope))
  if (scopes.length === 0)
    return refuse('invalid_scope', 'none of the scopes belongs to the named resource', {
      check: 'scope_of_other_resource',
      ...aboutTargets(asked.all, targets),
    })
  // A token for an API is something to consent to: without a scope of the API there would be nothing to ask.
  if (!targets.every((api) => scopes.some((scope) => Object.hasOwn(api.scopes, scope))))
    return refuse('invalid_target', 'a resource is named and none of its scopes is asked for', {
      check: 'resource_without_scope',
      ...aboutTargets(asked.all, targets),
    })

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

interface Unsupported {
  readonly code: OAuthErrorCode
  readonly description: string
  readonly why: Why
}

/** What makes a request one that this service does not speak at all, whatever it asks for. */
function unsupported(
  parameters: Parameters,
  { client, mode }: ValidatedRedirect,
): Unsupported | undefined {
  const refuse = (code: OAuthErrorCode, description: string, why: Why) => ({
    code,
    description,
    why,
  })
  if (tooLarge(parameters))
    return refuse('invalid_request', 'the request is too large', { check: 'request_too_large' })
  const malformed = malformation(parameters)
  if (malformed !== undefined)
    return refuse('invalid_request', malformed, {
      check: 'parameter_malformed',
      received: { reason: malformed },
    })

  const responseMode = single(parameters, 'response_mode')
  if (responseMode !== undefined && responseMode !== mode)
    return refuse('invalid_request', 'response_mode must be query or form_post', {
      check: 'response_mode_unsupported',
      expected: { response_mode: 'query or form_post' },
      received: { response_mode: responseMode },
    })
  const responseType = single(parameters, 'response_type')
  if (responseType === undefined)
    return refuse('invalid_request', 'response_type is missing', { check: 'response_type_missing' })
  // RFC 9700 §2.1.2: no tokens from the front channel, so code is all there is.
  if (responseType !== 'code')
    return refuse('unsupported_response_type', 'response_type must be code', {
      check: 'response_type_unsupported',
      expected: { response_type: 'code' },
      received: { response_type: responseType },
    })
  const grantTypes = client.metadata.grant_types
  if (!grantTypes.includes('authorization_code')) {
    const why = explainGrantType(
      'code_flow_not_allowed',
      client.id,
      grantTypes,
      'authorization_code',
    )
    return refuse('unauthorized_client', 'the client may not use the authorization code flow', why)
  }

  // OIDC Core 1.0 §3.1.2.6: what is not supported is said, never silently left aside.
  for (const name of ['request', 'request_uri', 'registration'] as const)
    if (parameters.has(name))
      return refuse(`${name}_not_supported`, `${name} is not supported`, {
        check: 'request_object_unsupported',
        received: { parameter: name },
      })
  return undefined
}

/** What was asked for, and where. */
function aboutTargets(
  scopes: readonly string[],
  targets: readonly Resource[],
): Pick<Why, 'expected' | 'received'> {
  const [first] = targets
  return {
    expected: { scope: Object.keys(first?.scopes ?? {}).join(' ') },
    received: {
      scope: scopes.join(' '),
      resource: targets.map(({ identifier }) => identifier).join(' '),
    },
  }
}

/** Client and redirect URI: what must hold before anything may be sent back to the client. */
function locate(
  parameters: Parameters,
  client: Client | undefined,
): Extract<RequestOutcome, { kind: 'page' }> | { kind: 'located'; redirect: ValidatedRedirect } {
  const page = (fault: PageFault, why: Why) =>
    ({ kind: 'page', fault, why, ...(client === undefined ? {} : { client }) }) as const
  if ((single(parameters, 'state')?.length ?? 0) > MAX_STATE_CHARACTERS)
    return page('invalid_request', { check: 'state_too_large' })
  for (const name of ['client_id', 'redirect_uri'])
    if ((parameters.get(name)?.length ?? 0) > 1)
      return page('invalid_request', {
        check: 'parameter_malformed',
        received: { parameter: name, reason: `${name} is repeated` },
      })
  if (!parameters.has('client_id')) return page('invalid_request', { check: 'client_id_missing' })
  if (client === undefined)
    return page('unknown_client', {
      check: 'client_unknown',
      received: { client_id: single(parameters, 'client_id') ?? '' },
    })

  // OIDC Core 1.0 §3.1.2.1 demands redirect_uri; a guess would hide a fault from the developer.
  const asked = single(parameters, 'redirect_uri')
  const registered = client.metadata.redirect_uris
  if (asked === undefined)
    return page('invalid_request', {
      check: 'redirect_uri_missing',
      expected: { redirect_uri: registered.slice(0, 5).join(' or ') },
    })
  const uri = matchRedirectUri(registered, asked)
  if (uri === undefined) {
    const unregistrable = redirectUriFault(asked)
    const parameter = 'redirect_uri'
    const question = { parameter, clientId: client.id, registered, asked, unregistrable } as const
    return page('redirect_uri_not_registered', explainUri(question))
  }
  const mode = single(parameters, 'response_mode') === 'form_post' ? 'form_post' : 'query'
  const states = parameters.get('state') ?? []
  // A repeated state has no one value to give back.
  const state = states.length === 1 ? states[0] : undefined
  return { kind: 'located', redirect: { client, uri, mode, state } }
}
