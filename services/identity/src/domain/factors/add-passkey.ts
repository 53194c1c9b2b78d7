import { createAuditStore } from '../audit/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import type { AcceptDeps } from '../passkeys/accept.ts'
import { parseRegistration } from '../passkeys/answer.ts'
import { passkeyChallenges } from '../passkeys/challenge.ts'
import type { RelyingParty } from '../passkeys/options.ts'
import { createPasskeyStore } from '../passkeys/store.ts'
import { passkeyAmr, verifyRegistration } from '../passkeys/verify.ts'
import { createSpentStore } from '../spent/store.ts'
import { endTrust } from '../trusted-devices/end.ts'
import { createUserStore } from '../users/store.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import type { FactorBasis } from './basis.ts'
import { hasSecondFactor } from './policy.ts'
import { createFactorStore } from './store.ts'

/** More than anybody has places to keep them in. */
export const MAX_PASSKEYS = 20

export interface NewPasskeyAnswer {
  readonly userId: string
  /** What the browser answered, as JSON. */
  readonly answer: string
  /** The browser that sent it, if it is known at all. */
  readonly browser: string | undefined
  readonly ip: string
  /** A first name for it, by what keeps it. */
  readonly nameFor: (aaguid: string) => string
  readonly basis: FactorBasis
}

/** A change of somebody's passkeys, for the letter about it. */
export interface PasskeyChange {
  readonly userId: string
  readonly id: string
  readonly email: string
  readonly at: Date
}
export type PasskeyLetter = (change: PasskeyChange) => LetterContent

export type PasskeyAdding =
  | { readonly kind: 'added'; readonly id: string; readonly amr: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string }
  /** What was shown before it no longer holds, or is not enough any more. */
  | { readonly kind: 'overtaken' }
  /** The person has as many as anybody may. */
  | { readonly kind: 'too_many' }

/** Adds a passkey: the key, the record, the end of trust in browsers and the letter, all of it or nothing. */
export async function addPasskey(
  { database, ring, clock }: AcceptDeps,
  party: RelyingParty,
  { userId, answer: text, browser, ip, nameFor, basis }: NewPasskeyAnswer,
  letter: PasskeyLetter,
): Promise<PasskeyAdding> {
  const now = clock()
  const refused = (reason: string) => ({ kind: 'refused', reason }) as const
  const answer = parseRegistration(text)
  if (answer === undefined || browser === undefined) return refused('not an answer of a browser')
  const scope = { use: 'register', userId, browser } as const
  const challenge = passkeyChallenges(ring).read(answer.challenge, scope, now)
  if (challenge === undefined) return refused('not an answer to a challenge of this browser')
  const proved = await verifyRegistration(party, answer, challenge)
  if (proved.kind === 'refused') return proved
  const { made } = proved

  return database.db.transaction(async (tx): Promise<PasskeyAdding> => {
    if (!(await basis.holds(tx))) return { kind: 'overtaken' }
    // Locked: of two at once, the second one is counted as such.
    const user = await createUserStore(tx).lock(userId)
    if (user === undefined || user.disabledAt !== null || user.leavesAt !== null)
      return refused('the account is closed')
    const factors = await createFactorStore(tx).factorsOf(userId)
    if (basis.onlyAsFirst && hasSecondFactor(factors)) return { kind: 'overtaken' }
    if (factors.passkeys >= MAX_PASSKEYS) return { kind: 'too_many' }
    const { value, expiresAt } = challenge
    if (!(await createSpentStore(tx).spend('passkey-challenge', value, expiresAt)))
      return refused('replayed')
    const id = uuidv7(now)
    const name = nameFor(made.aaguid)
    // WebAuthn Level 3 §7.1: an id that is somebody's already is refused, whoever's it is.
    if (!(await createPasskeyStore(tx).add({ ...made, id, userId, name, createdAt: now })))
      return refused('the passkey is registered already')
    const audit = createAuditStore(tx, clock)
    await audit.record({ event: 'passkey_added', userId, ip, detail: { name } })
    await endTrust(tx, clock, { userId, ip, because: 'passkey added' })
    const { email } = user
    await createOutbox(tx, ring, clock).queue(letter({ userId, id, email, at: now }))
    return { kind: 'added', id, amr: passkeyAmr(made, true) }
  })
}
