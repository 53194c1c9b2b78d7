import { assuranceOf, worthFor } from '../../domain/authorization/assurance.ts'
import type { AuthorizationRequest } from '../../domain/authorization/request.ts'
import type { Check } from '../../domain/faults/checks.ts'
import { reaches } from '../../domain/oauth/acr.ts'
import type { OAuthErrorCode } from '../../domain/oauth/error.ts'
import { permissionsOf } from '../../domain/oauth/scope.ts'
import { type Standing, isSignInFor } from '../../domain/sessions/session.ts'
import { type Asking, namedSubjects } from './choose-account.ts'

export type Step =
  | { readonly kind: 'login' | 'account' | 'mfa' | 'enrol' | 'consent' }
  | { readonly kind: 'issue'; readonly standing: Standing }
  | {
      readonly kind: 'refuse'
      readonly code: OAuthErrorCode
      readonly description: string
      readonly check: Check
    }

/** What else the decision hangs on: the times and facts of this conversation. */
export interface Conversation extends Asking {
  /** People are signed in at the browser who are not active. */
  readonly othersSignedIn: boolean
  /** The person has something to show beside the first proof; looked up only where it matters. */
  readonly hasSecondFactor: boolean
}

/** Decides where the browser goes next. Pure: steps only record facts and come back here. */
export function nextStep(
  request: AuthorizationRequest,
  conversation: Conversation,
  standing: Standing | undefined,
): Step {
  const { prompt } = request
  const { requestedAt, accountSelected, now, hintedSubject } = conversation
  const subjects = namedSubjects(request, hintedSubject)
  if (standing === undefined) {
    // Whoever must sign in anyway, or is none of those to choose from, need not choose.
    const canChoose = conversation.othersSignedIn && !prompt.has('login') && subjects.length === 0
    return { kind: canChoose ? 'account' : 'login' }
  }
  const signedInForThis = isSignInFor(standing.session, requestedAt, now)

  if (prompt.has('login') && !signedInForThis) return { kind: 'login' }
  // OIDC Core 1.0 §3.1.2.1: longer ago than max_age means a new sign-in; one made for this request always counts.
  const ageSeconds = (now.getTime() - standing.session.authTime.getTime()) / 1000
  if (request.maxAgeSeconds !== undefined && ageSeconds > request.maxAgeSeconds && !signedInForThis)
    return { kind: 'login' }
  if (prompt.has('select_account') && !accountSelected && !signedInForThis)
    return { kind: 'account' }

  // OIDC Core 1.0 §3.1.2.2: never an answer about someone else than the one named.
  if (subjects.some((subject) => subject !== standing.account.id)) {
    if (!signedInForThis) return { kind: 'login' }
    return refusal(
      'login_required',
      'another person signed in than the one asked for',
      'other_person_signed_in',
    )
  }

  const raising = raise(request, conversation, standing)
  if (raising !== undefined) return raising
  if (needsConsent(request, standing, requestedAt)) return { kind: 'consent' }
  return { kind: 'issue', standing }
}

/** What is still to be shown before the sign-in is worth what the request asks for; undefined when nothing is. */
function raise(
  request: AuthorizationRequest,
  { hasSecondFactor }: Conversation,
  { session }: Standing,
): Step | undefined {
  const acr = worthFor(request, session)
  const assurance = assuranceOf(request)
  // OIDC Core 1.0 §5.5.1.1: an essential acr that cannot be met is a failed sign-in.
  if (assurance.kind === 'impossible')
    return refusal(
      'unmet_authentication_requirements',
      'the essential acr cannot be met by this person',
      'acr_not_met',
    )
  const { required, wished, takesLess } = assurance
  if (reaches(acr, wished)) return undefined
  const isWish = reaches(acr, required)
  // A wish is no reason to fail (OIDC Core 1.0 §5.5.1): without pages the answer tells what there is.
  if (isWish && (request.prompt.has('none') || (!hasSecondFactor && takesLess))) return undefined
  return { kind: hasSecondFactor ? 'mfa' : 'enrol' }
}

/** How `prompt=none` hears what a page would have asked (OIDC Core 1.0 §3.1.2.6). */
export function withoutPages(step: Step): Step {
  switch (step.kind) {
    case 'login':
      return refusal(
        'login_required',
        'nobody is signed in, or not recently enough',
        'nobody_signed_in',
      )
    case 'account':
      return refusal(
        'account_selection_required',
        'the person must choose an account',
        'account_choice_needed',
      )
    case 'mfa':
    case 'enrol':
      return refusal(
        'interaction_required',
        'the sign-in needs a second factor',
        'second_factor_needed',
      )
    case 'consent':
      return refusal('consent_required', 'the person has not allowed this yet', 'consent_needed')
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

function refusal(code: OAuthErrorCode, description: string, check: Check): Step {
  return { kind: 'refuse', code, description, check }
}
