import type { LetterContent } from '../mail/letter.ts'
import { type CloneLetter, acceptAssertion } from '../passkeys/accept.ts'
import { parseAssertion } from '../passkeys/answer.ts'
import { passkeyChallenges } from '../passkeys/challenge.ts'
import type { RelyingParty } from '../passkeys/options.ts'
import type { PasskeyAttempt } from '../passkeys/sign-in.ts'
import { createPasskeyStore } from '../passkeys/store.ts'
import { passkeyAmr, verifyAssertion } from '../passkeys/verify.ts'
import { type FactorTryDeps, tryFactor } from './try-factor.ts'

export interface PasskeyTry extends PasskeyAttempt {
  readonly userId: string
  readonly guessed: (at: Date) => LetterContent
  readonly cloned: CloneLetter
}

export type PasskeyCheck =
  | { readonly kind: 'right'; readonly amr: readonly string[] }
  /** One answer for whatever is wrong; why is for the log. */
  | { readonly kind: 'wrong'; readonly reason: string }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }

/** Decides a passkey as a person's second factor: one of their own; that it was there is enough beside a first proof. */
export async function checkPasskey(
  deps: FactorTryDeps,
  party: RelyingParty,
  attempt: PasskeyTry,
): Promise<PasskeyCheck> {
  const { userId, ip, guessed } = attempt
  let reason = ''
  const tried = await tryFactor(deps, { userId, by: 'passkey', ip, guessed }, async (now) => {
    const checked = await check(deps, party, attempt, now)
    if (typeof checked !== 'string') return checked
    reason = checked
    return undefined
  })
  if (tried.kind === 'right') return { kind: 'right', amr: tried.shown }
  return tried.kind === 'wrong' ? { kind: 'wrong', reason } : tried
}

/** What the passkey counts for, or why it counts for nothing. */
async function check(
  deps: FactorTryDeps,
  party: RelyingParty,
  { userId, answer: text, browser, ip, cloned }: PasskeyTry,
  now: Date,
): Promise<readonly string[] | string> {
  const answer = parseAssertion(text)
  if (answer === undefined || browser === undefined) return 'not an answer of a browser'
  const scope = { use: 'second-factor', userId, browser } as const
  const challenge = passkeyChallenges(deps.ring).read(answer.challenge, scope, now)
  if (challenge === undefined) return 'not an answer to a challenge of this browser'
  const found = await createPasskeyStore(deps.database.db).findByCredential(answer.credential.id)
  if (found === undefined || found.passkey.userId !== userId) return 'unknown passkey'
  const proved = await verifyAssertion(party, answer, challenge, found.passkey, false)
  if (proved.kind === 'refused') return proved.reason
  const acceptance = await acceptAssertion(deps, found, challenge, proved, ip, cloned)
  return acceptance === 'accepted' ? passkeyAmr(found.passkey, proved.userVerified) : acceptance
}
