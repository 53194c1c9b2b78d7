import { resetFactorTries, takeFactorTry } from '../factors/budget.ts'
import { hasSecondFactor } from '../factors/policy.ts'
import type { Factors } from '../factors/store.ts'
import { AAL2 } from '../oauth/acr.ts'
import type { Settings } from '../settings/settings.ts'
import { createThrottleStore } from '../throttles/store.ts'
import type { AskCodeDeps } from './ask.ts'
import { type CodeVerdict, checkCode } from './check.ts'
import type { CodePlace } from './store.ts'

export interface ShownSoFar {
  readonly amr: readonly string[]
  readonly acr: string
  /** The account has signed in on this device before. */
  readonly isKnownDevice: boolean
}

/**
 * Whether a person who has shown a password is asked for a code by mail. Nobody with a real second factor is: the mail
 * would be a weaker way in. Whoever has already shown a one-time code is not asked for another.
 */
export function asksSignInCode(
  email_code: Settings['email_code'],
  { amr, acr, isKnownDevice }: ShownSoFar,
  factors: Factors,
): boolean {
  if (email_code === 'off' || acr === AAL2 || hasSecondFactor(factors)) return false
  if (!amr.includes('pwd') || amr.includes('otp')) return false
  return email_code === 'always' || !isKnownDevice
}

/** Where the codes of a person's sign-in in one browser are kept. */
export function signInCodePlace(userId: string, browserHash: string): CodePlace {
  return { purpose: 'sign-in', subject: userId, browserHash }
}

export type SignInCodeCheck =
  CodeVerdict | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }

/** Decides the code of a sign-in, out of the one budget of tries at whatever comes after the password. */
export async function checkSignInCode(
  deps: AskCodeDeps,
  userId: string,
  browserHash: string,
  code: string,
): Promise<SignInCodeCheck> {
  const throttles = createThrottleStore(deps.database.db)
  const wait = await takeFactorTry(throttles, userId, deps.clock())
  if (wait !== undefined) return { kind: 'throttled', ...wait }
  const checked = await checkCode(deps, signInCodePlace(userId, browserHash), code)
  if (checked.kind === 'right') await resetFactorTries(throttles, userId)
  return checked
}
