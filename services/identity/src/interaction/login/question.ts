import type { Settings } from '../../domain/settings/settings.ts'
import { parseEmail } from '../../domain/users/email.ts'

/** What is known when the sign-in page is asked for. */
export interface Arrival {
  readonly signIn: Settings['sign_in']
  /** Typed into the form that was just sent. */
  readonly typed: string | undefined
  /** Typed on the page before this one, where each field has a page of its own. */
  readonly carried: string | undefined
  /** What the application expects (`login_hint`, OIDC Core 1.0 §3.1.2.1). */
  readonly hint: string | undefined
  /** The address of whoever is signed in. */
  readonly known: string | undefined
  /** The person asked for another account. */
  readonly isSwitch: boolean
}

/** What the page asks for: the address, the password of a settled address, or both on one page. */
export interface Question {
  readonly asks: 'address' | 'password' | 'both'
  readonly email: string | undefined
  /** The person who is signed in shows once more who it is. */
  readonly isAgain: boolean
}

/** Decides what the sign-in page asks for. Nothing here knows which accounts exist, so that no page can tell. */
export function questionOf(arrival: Arrival): Question {
  const { signIn, typed, carried, hint, known, isSwitch } = arrival
  const email = typed ?? carried ?? (isSwitch ? undefined : (hint ?? known))
  const address = email === undefined ? undefined : parseEmail(email)
  if (known !== undefined && address === known)
    return { asks: 'password', email: known, isAgain: true }
  if (signIn === 'combined') return { asks: 'both', email, isAgain: false }
  return address === undefined
    ? { asks: 'address', email, isAgain: false }
    : { asks: 'password', email: address, isAgain: false }
}
