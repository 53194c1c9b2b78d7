import type { Phrase } from '../phrase.ts'

/** A code by mail in the middle of a sign-in. */
export interface SignInCodeWords {
  readonly title: string
  readonly lead: Phrase
  readonly other: string
  readonly mails: {
    readonly subject: string
    readonly intro: string
    readonly validity: string
    readonly notYou: string
    readonly action: string
  }
}
