import { type Clock, addSeconds } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import type { Database } from '../../platform/db/database.ts'
import { CODE_TTL_SECONDS, RESEND_AFTER_SECONDS, makeCode, resendInSeconds } from '../mail/code.ts'
import { createThrottleStore } from '../throttles/store.ts'
import { codeMac } from './secrets.ts'
import type { CodeSender } from './sender.ts'
import { type CodePlace, createMailCodeStore } from './store.ts'

export interface AskCodeDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly clock: Clock
}

export type CodeAsked =
  | { readonly kind: 'sent' }
  /** The last one was sent a moment ago, and still counts. */
  | { readonly kind: 'too_soon'; readonly retryAfterSeconds: number }
  /** This person has had enough of them for now. */
  | { readonly kind: 'exhausted'; readonly retryAfterSeconds: number }

/** From however many browsers: whoever knows a password must not be able to fill a mailbox. */
const CODES = { tries: 10, windowSeconds: 3600 } as const

/** Sends a new code, which takes the place of the last one of the same purpose, person and browser. */
export async function askCode(
  { database, ring, clock }: AskCodeDeps,
  place: CodePlace,
  sender: CodeSender,
): Promise<CodeAsked> {
  const now = clock()
  const id = uuidv7(now)
  const code = makeCode()
  const made = {
    id,
    codeMac: codeMac(ring, id, place, code),
    codeExpiresAt: addSeconds(now, CODE_TTL_SECONDS),
  }
  return database.db.transaction(async (tx): Promise<CodeAsked> => {
    const store = createMailCodeStore(tx)
    const throttles = createThrottleStore(tx)
    const take = await throttles.take(`${place.purpose}-mails`, place.subject, CODES, now)
    if (take.kind === 'exhausted') return take
    if (!(await store.replace(place, made, now))) {
      await throttles.giveBack(`${place.purpose}-mails`, place.subject, CODES, now)
      const last = await store.find(place)
      const wait = last === undefined ? RESEND_AFTER_SECONDS : resendInSeconds(last, now)
      return { kind: 'too_soon', retryAfterSeconds: Math.max(1, wait) }
    }
    await sender.send(tx, code)
    return { kind: 'sent' }
  })
}
