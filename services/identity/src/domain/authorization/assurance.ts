import { AAL1, type Acr, SUPPORTED_ACR } from '../oauth/acr.ts'
import { type Session, shownHere } from '../sessions/session.ts'
import { acrMember } from './claims-request.ts'
import type { AuthorizationRequest } from './request.ts'

/** How much a sign-in must be worth for a request, and how much it had better be. */
export type Assurance =
  | {
      readonly kind: 'known'
      /** Less than this is an error to the client. */
      readonly required: Acr
      /** What the client would rather have; never less than `required`. */
      readonly wished: Acr
      /** `wished` is a preference only: nobody is made to set up a factor for it. */
      readonly takesLess: boolean
    }
  /** The client insists on values of acr that this service does not know. */
  | { readonly kind: 'impossible' }

/**
 * What a request asks of the sign-in: an essential acr of `claims` (OIDC Core 1.0 §5.5.1.1), `acr_values` in the order
 * of preference (§3.1.2.1), and `default_acr_values` of the client (OIDC Registration 1.0 §2). The last one is the
 * operator's word as well: as the request passes through the browser, it can ask for more than that, never for less.
 */
export function assuranceOf(request: AuthorizationRequest): Assurance {
  const { essential, values } = acrMember(request.claims)
  const asked = known(values)
  if (essential && values.length > 0 && asked.length === 0) return { kind: 'impossible' }
  const wishes = [essential ? asked : [], known(request.acrValues), essential ? [] : asked]
  const defaults = request.client.metadata.default_acr_values ?? []
  const wish = wishes.find((list) => list.length > 0) ?? defaults
  const required = higher(essential ? lowest(asked) : AAL1, lowest(defaults))
  const wished = higher(required, wish[0] ?? AAL1)
  return { kind: 'known', required, wished, takesLess: higher(required, lowest(wish)) === required }
}

/**
 * What a sign-in is worth for a request. Whoever asks how old the proof may be gets no provider's word for a second
 * factor: it may have been shown there long ago, and cannot be asked for again.
 */
export function worthFor(
  { maxAgeSeconds, prompt }: Pick<AuthorizationRequest, 'maxAgeSeconds' | 'prompt'>,
  session: Pick<Session, 'acr' | 'amr'>,
): string {
  const asksForNow = maxAgeSeconds !== undefined || prompt.has('login')
  return asksForNow ? shownHere(session) : session.acr
}

/** The acr that an answer tells: the sign-in's own, or less where the client insists on a value below it. */
export function toldAcr(request: AuthorizationRequest, acr: string): string {
  const { essential, values } = acrMember(request.claims)
  // OIDC Core 1.0 §5.5.1.1: one of the values asked for. Whoever has shown more has shown that, too.
  if (!essential || values.length === 0 || values.includes(acr)) return acr
  return known(values)[0] ?? acr
}

function known(values: readonly string[]): Acr[] {
  return values.flatMap((value) => SUPPORTED_ACR.filter((acr) => acr === value))
}

const rank = (acr: Acr) => SUPPORTED_ACR.indexOf(acr)
const higher = (a: Acr, b: Acr): Acr => (rank(a) < rank(b) ? b : a)

/** Of several values any will do, so the least is enough; nothing asks for nothing. */
function lowest(values: readonly Acr[]): Acr {
  const [first = AAL1, ...rest] = values
  return rest.reduce((least, acr) => (rank(acr) < rank(least) ? acr : least), first)
}
