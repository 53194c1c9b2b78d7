import type { Phrase } from '../phrase.ts'

/** Accounts made by invitation. */
export interface InvitationWords {
  readonly lead: Phrase
  readonly staleTitle: string
  readonly stale: string
  /** Where one may register without an invitation, too. */
  readonly staleButOpen: string
  readonly mails: {
    readonly subject: string
    readonly intro: string
    readonly action: string
    readonly validity: string
    readonly notYou: string
  }
}
