import { type Clock, addSeconds } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import type { Database, Tx } from '../../platform/db/database.ts'
import { CODE_TTL_SECONDS, resendInSeconds } from '../mail/code.ts'
import { createOutbox } from '../mail/store.ts'
import { type NewCode, type ProofLetters, sendProof } from '../mailbox-proofs/send.ts'
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
  letters: ProofLetters,
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
  letters: ProofLetters,
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

async function mail(
  { ring, secrets, clock }: AskDeps,
  tx: Tx,
  { id, email, expiresAt }: Registration,
  letters: ProofLetters,
  now: Date,
): Promise<void> {
  const unproved = {
    email,
    expiresAt,
    link: secrets.sealLink(id),
    macOf: (code: string) => secrets.macOf(id, code),
    setCode: async (code: NewCode) => createRegistrationStore(tx).setCode(id, code),
    budgets: MAIL_BUDGETS,
  }
  await sendProof(tx, createOutbox(tx, ring, clock), unproved, letters, now)
}
