import { createThrottleStore } from '../throttles/store.ts'
import { type EmailAddress, parseEmail } from '../users/email.ts'
import { type AcceptDeps, type CloneLetter, acceptAssertion } from './accept.ts'
import { parseAssertion } from './answer.ts'
import { passkeyChallenges } from './challenge.ts'
import type { RelyingParty } from './options.ts'
import { createPasskeyStore } from './store.ts'
import { passkeyAmr, verifyAssertion } from './verify.ts'

export interface PasskeyAttempt {
  /** What the browser answered, as JSON. */
  readonly answer: string
  /** The browser that sent it, if it is known at all. */
  readonly browser: string | undefined
  readonly ip: string
}

export interface SignInAttempt extends PasskeyAttempt {
  /** The true peer, or its network. */
  readonly network: string
  readonly failuresPerHour: number
}

export type PasskeySignIn =
  | {
      readonly kind: 'right'
      readonly userId: string
      readonly email: EmailAddress
      readonly amr: readonly string[]
    }
  /** One answer for whatever is wrong; who and why are for the records. */
  | { readonly kind: 'wrong'; readonly userId: string | undefined; readonly reason: string }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }

const BUDGET = 'passkey-network'
const WINDOW_SECONDS = 3600

/**
 * Decides a sign-in by passkey: which one it is says who comes. It is two factors in one, the device and what unlocks
 * it, so only an answer that verified its person counts.
 */
export async function checkPasskeySignIn(
  deps: AcceptDeps,
  party: RelyingParty,
  attempt: SignInAttempt,
  letter: CloneLetter,
): Promise<PasskeySignIn> {
  const now = deps.clock()
  const throttles = createThrottleStore(deps.database.db)
  const { network, failuresPerHour: tries } = attempt
  const budget = { tries, windowSeconds: WINDOW_SECONDS }
  const take = await throttles.take(BUDGET, network, budget, now)
  if (take.kind === 'exhausted')
    return { kind: 'throttled', retryAfterSeconds: take.retryAfterSeconds }
  const checked = await check(deps, party, attempt, letter, now)
  if (checked.kind === 'right') await throttles.giveBack(BUDGET, network, budget, now)
  return checked
}

async function check(
  deps: AcceptDeps,
  party: RelyingParty,
  { answer: text, browser, ip }: PasskeyAttempt,
  letter: CloneLetter,
  now: Date,
): Promise<PasskeySignIn> {
  const wrong = (reason: string, userId?: string) => ({ kind: 'wrong', userId, reason }) as const
  const answer = parseAssertion(text)
  if (answer === undefined || browser === undefined) return wrong('not an answer of a browser')
  const scope = { use: 'sign-in', userId: undefined, browser } as const
  const challenge = passkeyChallenges(deps.ring).read(answer.challenge, scope, now)
  if (challenge === undefined) return wrong('not an answer to a challenge of this browser')
  const found = await createPasskeyStore(deps.database.db).findByCredential(answer.credential.id)
  if (found === undefined) return wrong('unknown passkey')
  const { passkey, owner } = found
  const { userId } = passkey
  if (owner.disabledAt !== null || owner.leavesAt !== null)
    return wrong('the account is closed', userId)
  // Added when somebody else was in the account, says its person: no way in by itself (docs/decisions/0022).
  if (passkey.suspendedAt !== null) return wrong('the passkey is suspended', userId)
  const proved = await verifyAssertion(party, answer, challenge, passkey, true)
  if (proved.kind === 'refused') return wrong(proved.reason, userId)
  const acceptance = await acceptAssertion(deps, found, challenge, proved, ip, letter)
  const email = parseEmail(owner.email)
  if (acceptance !== 'accepted' || email === undefined) return wrong(acceptance, userId)
  // RFC 8176 §2 "mfa": the key, and the face, finger or PIN that unlocked it.
  return { kind: 'right', userId, email, amr: [...passkeyAmr(passkey, true), 'mfa'] }
}
