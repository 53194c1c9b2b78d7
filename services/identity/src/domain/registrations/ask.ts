import { type Clock, addSeconds } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import type { Database, Tx } from '../../platform/db/database.ts'
import { CODE_TTL_SECONDS, makeCode, resendInSeconds } from '../mail/code.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import { createThrottleStore } from '../throttles/store.ts'
import type { EmailAddress } from '../users/email.ts'
import { createUserStore } from '../users/store.ts'
import {
  type Application,
  MAIL_BUDGETS,
  REGISTRATION_TTL_SECONDS,
  type Registration,
} from './registration.ts'
import type { RegistrationSecrets } from './secrets.ts'
import { createRegistrationStore } from './store.ts'

export interface AskDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly secrets: RegistrationSecrets
  readonly clock: Clock
}

/** The two letters that a registration may cause, in the language of whoever asks. */
export interface Letters {
  readonly proof: (to: EmailAddress, code: string, link: string) => LetterContent
  readonly exists: (to: EmailAddress) => LetterContent
}

export type Resending =
  | { readonly kind: 'asked' }
  | { readonly kind: 'too_soon'; readonly retryAfterSeconds: number }
  | { readonly kind: 'gone' }

/**
 * Keeps what a person gave and mails the proof of the mailbox, or the news that its account exists: the same rows and
 * the same answer, so that only the mailbox learns which. Returns the id of the registration.
 */
export async function register(
  deps: AskDeps,
  application: Application,
  browserHash: string,
  letters: Letters,
): Promise<string> {
  const now = deps.clock()
  const id = uuidv7(now)
  const registration: Registration = {
    ...application,
    id,
    browserHash,
    codeMac: undefined,
    codeExpiresAt: addSeconds(now, CODE_TTL_SECONDS),
    tries: 0,
    lastAskedAt: now,
    expiresAt: addSeconds(now, REGISTRATION_TTL_SECONDS),
  }
  await deps.database.db.transaction(async (tx) => {
    await createRegistrationStore(tx).save(registration)
    await mail(deps, tx, registration, letters, now)
  })
  return id
}

/** Mails the proof again, with another code; not more often than once a minute. */
export async function resend(
  deps: AskDeps,
  id: string,
  browserHash: string,
  letters: Letters,
): Promise<Resending> {
  const now = deps.clock()
  return deps.database.db.transaction(async (tx) => {
    const store = createRegistrationStore(tx)
    const asked = await store.askAgain(id, browserHash, now)
    if (asked !== undefined) {
      await mail(deps, tx, asked, letters, now)
      return { kind: 'asked' }
    }
    const present = await store.find(id, now)
    if (present?.browserHash !== browserHash) return { kind: 'gone' }
    return { kind: 'too_soon', retryAfterSeconds: Math.max(1, resendInSeconds(present, now)) }
  })
}

/**
 * One letter to the mailbox, if it has not had too many. A code that is not mailed is not set either: whoever makes us
 * silent gains no tries at guessing one.
 */
async function mail(
  { ring, secrets, clock }: AskDeps,
  tx: Tx,
  { id, email, expiresAt }: Registration,
  letters: Letters,
  now: Date,
): Promise<void> {
  const throttles = createThrottleStore(tx)
  for (const { what, ...budget } of MAIL_BUDGETS) {
    const take = await throttles.take(what, email, budget, now)
    if (take.kind === 'exhausted') return
  }
  const code = makeCode()
  const codeMac = secrets.macOf(id, code)
  const proof = letters.proof(email, code, secrets.sealLink(id))
  const exists = letters.exists(email)
  const isTaken = (await createUserStore(tx).findByEmail(email)) !== undefined
  const end = addSeconds(now, CODE_TTL_SECONDS)
  await createRegistrationStore(tx).setCode(id, {
    codeMac: isTaken ? undefined : codeMac,
    codeExpiresAt: end < expiresAt ? end : expiresAt,
  })
  await createOutbox(tx, ring, clock).queue(isTaken ? exists : proof)
}
