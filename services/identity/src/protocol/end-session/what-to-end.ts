import { type Everybody, type SignedIn, everyone } from '../../domain/sessions/session.ts'
import type { IdTokenHint } from '../../domain/tokens/verify.ts'

export type Ending =
  /** Nobody is signed in. */
  | { readonly kind: 'nothing' }
  /** The application proved that it means this session. */
  | { readonly kind: 'now'; readonly who: SignedIn }
  /** Only the person can say whether this is meant: about one of them, or about all when nobody is active. */
  | { readonly kind: 'ask'; readonly about: readonly SignedIn[] }

/**
 * Decides what a sign-out request of an application ends, of everybody signed in at the browser. Without a hint, or
 * with one of a session that is not here, RP-Initiated Logout 1.0 §2 has us ask.
 */
export function whatToEnd(hint: IdTokenHint | undefined, everybody: Everybody): Ending {
  const all = everyone(everybody)
  if (all.length === 0) return { kind: 'nothing' }
  const isHinted = ({ account }: SignedIn) => account.id === hint?.subject
  const who = all.find((one) => isHinted(one) && one.session.id === hint?.sessionId)
  if (who !== undefined) return { kind: 'now', who }
  const about = all.find(isHinted) ?? everybody.active
  return { kind: 'ask', about: about === undefined ? all : [about] }
}
