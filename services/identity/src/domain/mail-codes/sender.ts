import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Tx } from '../../platform/db/database.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'

/** A way to bring a code to a person: the mailbox today, a gateway for text messages another day. */
export interface CodeSender {
  /** Hands a code over in the transaction that makes it count: none is sent that does not work. */
  send(tx: Tx, code: string): Promise<void>
}

export function mailSender(
  ring: KeyRing,
  clock: Clock,
  letter: (code: string) => LetterContent,
): CodeSender {
  return {
    send: async (tx, code) => createOutbox(tx, ring, clock).queue(letter(code)),
  }
}
