import type { MailedCode } from '../mail/code.ts'
import type { LetterContent } from '../mail/letter.ts'
import type { ProofLetters } from '../mailbox-proofs/send.ts'
import type { EmailAddress } from '../users/email.ts'

/** A new address that waits for the proof of its mailbox. */
export interface EmailChange extends MailedCode {
  readonly userId: string
  /** Tells this change from one before it, in links and codes. */
  readonly id: string
  readonly email: EmailAddress
  readonly codeMac: string | undefined
  readonly expiresAt: Date
}

/** The letters that a change of address causes, in the language of whoever asks for it. */
export interface ChangeLetters extends ProofLetters {
  /** To the mailbox in force, when another one is asked for. */
  readonly asked: (change: FromOld) => LetterContent
  /** To the mailbox that was in force, when another one is. */
  readonly changed: (change: FromOld) => LetterContent
}

/** What the old mailbox must know to say that this was not its owner. */
export interface FromOld {
  readonly userId: string
  readonly change: string
  readonly old: string
  readonly at: Date
}

/** How long the link works, and the change waits. */
export const CHANGE_TTL_SECONDS = 86_400
/** Changes that one person may ask for: each tells two mailboxes. */
export const ASK_BUDGET = { tries: 10, windowSeconds: 86_400 } as const
/** Mails of changes to one mailbox, whoever asks for them. */
export const MAIL_BUDGETS = [
  { what: 'email-change-mail-hour', tries: 5, windowSeconds: 3600 },
  { what: 'email-change-mail-day', tries: 20, windowSeconds: 86_400 },
] as const
