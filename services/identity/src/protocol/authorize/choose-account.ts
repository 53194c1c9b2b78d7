import { requiredSubject } from '../../domain/authorization/claims-request.ts'
import type { AuthorizationRequest } from '../../domain/authorization/request.ts'
import {
  type Everybody,
  type SignedIn,
  everyone,
  isSignInFor,
} from '../../domain/sessions/session.ts'
import { parseEmail } from '../../domain/users/email.ts'

/** The times and facts of a conversation that say whom it is about. */
export interface Asking {
  readonly requestedAt: Date
  readonly accountSelected: boolean
  readonly now: Date
  /** The subject of a valid `id_token_hint`. */
  readonly hintedSubject: string | undefined
}

/** The subjects that a request insists on: of its `id_token_hint`, and of its `claims` (OIDC Core 1.0 §5.5.1). */
export function namedSubjects(
  { claims }: AuthorizationRequest,
  hintedSubject: string | undefined,
): unknown[] {
  return [hintedSubject, requiredSubject(claims)].filter((subject) => subject !== undefined)
}

/** Whether a request says anything about who should answer it. */
export function namesSomebody(
  request: AuthorizationRequest,
  hintedSubject: string | undefined,
): boolean {
  return request.loginHint !== undefined || namedSubjects(request, hintedSubject).length > 0
}

/**
 * Decides which of the people signed in at a browser a request is about: the one it names, else the active one. It
 * only ever prefers; that nobody is answered about in another's name is `nextStep`'s to see to.
 */
export function chooseAccount(
  request: AuthorizationRequest,
  { hintedSubject, requestedAt, accountSelected, now }: Asking,
  everybody: Everybody,
): SignedIn | undefined {
  const { active } = everybody
  // A person who picked an account, or signed in to another, has answered the hint.
  if (active !== undefined && (accountSelected || isSignInFor(active.session, requestedAt, now)))
    return active
  const subjects = namedSubjects(request, hintedSubject)
  const email = parseEmail(request.loginHint ?? '')
  const isNamed = ({ account }: SignedIn) =>
    subjects.length > 0
      ? subjects.every((subject) => subject === account.id)
      : account.email === email
  return everyone(everybody).find(isNamed) ?? active
}
