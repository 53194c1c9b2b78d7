import { type Clock, addSeconds } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import type { Database, Tx } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import { CODE_TTL_SECONDS, resendInSeconds } from '../mail/code.ts'
import { createOutbox } from '../mail/store.ts'
import { type NewCode, sendProof } from '../mailbox-proofs/send.ts'
import { createThrottleStore } from '../throttles/store.ts'
import type { EmailAddress } from '../users/email.ts'
import { createUserStore } from '../users/store.ts'
import {
  ASK_BUDGET,
  CHANGE_TTL_SECONDS,
  type ChangeLetters,
  type EmailChange,
  MAIL_BUDGETS,
} from './change.ts'
import { createEmailChangeSecrets } from './secrets.ts'
import { createEmailChangeStore } from './store.ts'

export interface EmailChangeDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly clock: Clock
}

export interface AskingForChange {
  readonly userId: string
  readonly email: EmailAddress
  readonly ip: string
}

export type ChangeAsking =
  | { readonly kind: 'asked'; readonly change: EmailChange }
  /** It is the person's address already. */
  | { readonly kind: 'same' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }

export type ChangeResending =
  | { readonly kind: 'asked' }
  | { readonly kind: 'too_soon'; readonly retryAfterSeconds: number }
  | { readonly kind: 'gone' }

/**
 * Lets a new address wait for its proof, the newest in the place of any before, and tells both mailboxes. Whether the
 * new one belongs to somebody already only that mailbox learns: the rows and the answer are the same.
 */
export async function askForEmailChange(
  deps: EmailChangeDeps,
  { userId, email, ip }: AskingForChange,
  letters: ChangeLetters,
): Promise<ChangeAsking> {
  const { database, ring, clock } = deps
  const now = clock()
  return database.db.transaction(async (tx): Promise<ChangeAsking> => {
    const person = await createUserStore(tx).lock(userId)
    if (person === undefined || person.email === email) return { kind: 'same' }
    const take = await createThrottleStore(tx).take('email-change', userId, ASK_BUDGET, now)
    if (take.kind === 'exhausted')
      return { kind: 'throttled', retryAfterSeconds: take.retryAfterSeconds }
    const change: EmailChange = {
      userId,
      id: uuidv7(now),
      email,
      codeMac: undefined,
      codeExpiresAt: addSeconds(now, CODE_TTL_SECONDS),
      tries: 0,
      lastAskedAt: now,
      expiresAt: addSeconds(now, CHANGE_TTL_SECONDS),
    }
    await createEmailChangeStore(tx).save(change)
    await mailProof(deps, tx, change, letters, now)
    await createOutbox(tx, ring, clock).queue(
      letters.asked({ userId, change: change.id, old: person.email, at: now }),
    )
    const detail = { change: change.id }
    await createAuditStore(tx, clock).record({ event: 'email_change_asked', userId, ip, detail })
    return { kind: 'asked', change }
  })
}

/** Mails the proof again, with another code; not more often than once a minute. */
export async function resendEmailProof(
  deps: EmailChangeDeps,
  userId: string,
  letters: ChangeLetters,
): Promise<ChangeResending> {
  const now = deps.clock()
  return deps.database.db.transaction(async (tx): Promise<ChangeResending> => {
    const store = createEmailChangeStore(tx)
    const asked = await store.askAgain(userId, now)
    if (asked !== undefined) {
      await mailProof(deps, tx, asked, letters, now)
      return { kind: 'asked' }
    }
    const present = await store.pending(userId, now)
    if (present === undefined) return { kind: 'gone' }
    return { kind: 'too_soon', retryAfterSeconds: Math.max(1, resendInSeconds(present, now)) }
  })
}

async function mailProof(
  { ring, clock }: EmailChangeDeps,
  tx: Tx,
  { id, email, expiresAt }: EmailChange,
  letters: ChangeLetters,
  now: Date,
): Promise<void> {
  const secrets = createEmailChangeSecrets(ring)
  const unproved = {
    email,
    expiresAt,
    link: secrets.sealLink(id),
    macOf: (code: string) => secrets.macOf(id, code),
    setCode: async (code: NewCode) => createEmailChangeStore(tx).setCode(id, code),
    budgets: MAIL_BUDGETS,
  }
  await sendProof(tx, createOutbox(tx, ring, clock), unproved, letters, now)
}
