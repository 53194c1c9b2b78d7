import { addSeconds } from '../../platform/clock.ts'
import type { Tx } from '../../platform/db/database.ts'
import { CODE_TTL_SECONDS, makeCode } from '../mail/code.ts'
import type { LetterContent } from '../mail/letter.ts'
import type { Outbox } from '../mail/store.ts'
import { type Budget, createThrottleStore } from '../throttles/store.ts'
import type { EmailAddress } from '../users/email.ts'
import { createUserStore } from '../users/store.ts'

/** The two letters that a mailbox may get which somebody gives as theirs. */
export interface ProofLetters {
  readonly proof: (to: EmailAddress, code: string, link: string) => LetterContent
  /** Where the address belongs to an account already. */
  readonly exists: (to: EmailAddress) => LetterContent
}

/** A code as it is kept; none for an address that belongs to an account already. */
export interface NewCode {
  readonly codeMac: string | undefined
  readonly codeExpiresAt: Date
}

/** What waits for its mailbox to be proved. */
export interface Unproved {
  readonly email: EmailAddress
  readonly expiresAt: Date
  /** The sealed link that proves the mailbox. */
  readonly link: string
  readonly macOf: (code: string) => string
  readonly setCode: (code: NewCode) => Promise<void>
  /** How many such letters one mailbox may get, whoever asks for them. */
  readonly budgets: readonly (Budget & { readonly what: string })[]
}

/**
 * Mails one letter to a mailbox that is to be proved, if it has not had too many. Whether the address has an account
 * shows in the letter alone: what is done here is the same. A code that is not mailed is not set either, so that
 * whoever uses the mails up gains no tries at guessing one.
 */
export async function sendProof(
  tx: Tx,
  outbox: Outbox,
  { email, expiresAt, link, macOf, setCode, budgets }: Unproved,
  letters: ProofLetters,
  now: Date,
): Promise<void> {
  const throttles = createThrottleStore(tx)
  for (const { what, ...budget } of budgets) {
    const take = await throttles.take(what, email, budget, now)
    if (take.kind === 'exhausted') return
  }
  const code = makeCode()
  const codeMac = macOf(code)
  const proof = letters.proof(email, code, link)
  const exists = letters.exists(email)
  const isTaken = (await createUserStore(tx).findByEmail(email)) !== undefined
  const end = addSeconds(now, CODE_TTL_SECONDS)
  await setCode({
    codeMac: isTaken ? undefined : codeMac,
    codeExpiresAt: end < expiresAt ? end : expiresAt,
  })
  await outbox.queue(isTaken ? exists : proof)
}
