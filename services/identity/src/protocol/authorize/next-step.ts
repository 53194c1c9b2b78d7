import type { AuthorizationRequest } from '../../domain/authorization/request.ts'
import { essentialAcr, requiredSubject } from '../../domain/authorization/claims-request.ts'
import type { OAuthErrorCode } from '../../domain/oauth/error.ts'
import { permissionsOf } from '../../domain/oauth/scope.ts'
import { type Standing, isSignInFor } from '../../domain/sessions/session.ts'

export type Step =
  | { readonly kind: 'login' | 'account' | 'consent' }
  | { readonly kind: 'issue'; readonly standing: Standing }
  | { readonly kind: 'refuse'; readonly code: OAuthErrorCode; readonly description: string }

/** What else the decision hangs on: the times and facts of this conversation. */
export interface Conversation {
  readonly requestedAt: Date
  readonly accountSelected: boolean
  readonly now: Date
  /** The subject of a valid `id_token_hint`. */
  readonly hintedSubject: string | undefined
}

/** Decides where the browser goes next. Pure: steps only record facts and come back here. */
export function nextStep(
  request: AuthorizationRequest,
  conversation: Conversation,
  standing: Standing | undefined,
): Step {
  if (standing === undefined) return { kind: 'login' }
  const { prompt } = request
  const { requestedAt, accountSelected, now, hintedSubject } = conversation
  const signedInForThis = isSignInFor(standing.session, requestedAt, now)

  if (prompt.has('login') && !signedInForThis) return { kind: 'login' }
  // OIDC Core 1.0 §3.1.2.1: longer ago than max_age means a new sign-in; one made for this request always counts.
  const ageSeconds = (now.getTime() - standing.session.authTime.getTime()) / 1000
  if (request.maxAgeSeconds !== undefined && ageSeconds > request.maxAgeSeconds && !signedInForThis)
    return { kind: 'login' }
  if (prompt.has('select_account') && !accountSelected && !signedInForThis)
    return { kind: 'account' }

  // OIDC Core 1.0 §3.1.2.2: never an answer about someone else than the one named.
  const subjects = [hintedSubject, requiredSubject(request.claims)].filter(
    (sub) => sub !== undefined,
  )
  if (subjects.some((subject) => subject !== standing.account.id)) {
    if (!signedInForThis) return { kind: 'login' }
    return refusal('login_required', 'another person signed in than the one asked for')
  }

  // OIDC Core 1.0 §5.5.1.1: an essential acr that cannot be met is a failed sign-in; acr_values are only a wish.
  const acrs = essentialAcr(request.claims)
  if (acrs.length > 0 && !acrs.includes(standing.session.acr))
    return refusal(
      'unmet_authentication_requirements',
      'the essential acr cannot be met by this person',
    )

  if (needsConsent(request, standing, requestedAt)) return { kind: 'consent' }
  return { kind: 'issue', standing }
}

/** How `prompt=none` hears what a page would have asked (OIDC Core 1.0 §3.1.2.6). */
export function withoutPages(step: Step): Step {
  switch (step.kind) {
    case 'login':
      return refusal('login_required', 'nobody is signed in, or not recently enough')
    case 'account':
      return refusal('account_selection_required', 'the person must choose an account')
    case 'consent':
      return refusal('consent_required', 'the person has not allowed this yet')
    case 'issue':
    case 'refuse':
      return step
  }
}

function needsConsent(
  request: AuthorizationRequest,
  { permissions, consentedAt }: Standing,
  requestedAt: Date,
): boolean {
  // A yes for this request, or for another one meanwhile: which permissions it covered is checked below.
  const askedAnew = consentedAt !== undefined && consentedAt >= requestedAt
  if (request.prompt.has('consent') && !askedAnew) return true
  if (request.client.metadata.consent === 'implicit') return false
  return !permissionsOf(request.consentScopes, request.resources).every((permission) =>
    permissions.includes(permission),
  )
}

function refusal(code: OAuthErrorCode, description: string): Step {
  return { kind: 'refuse', code, description }
}
