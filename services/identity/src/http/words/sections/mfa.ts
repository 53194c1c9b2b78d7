import type { Phrase } from '../phrase.ts'

interface WayWords {
  readonly name: string
  readonly hint: string
}

/** The second step of a sign-in, and what is said about it afterwards. */
export interface MfaWords {
  readonly title: string
  readonly lead: string
  readonly leadAgain: string
  readonly code: string
  readonly codeHint: string
  readonly submit: string
  readonly wrong: string
  readonly trust: (days: number) => string
  readonly trustHint: string
  readonly other: string
  readonly otherTitle: string
  readonly ways: {
    readonly authenticator: WayWords
    readonly passkey: WayWords
    readonly recoveryCode: WayWords
  }
  readonly trouble: string
  readonly troubleHelp: string
  readonly recovery: {
    readonly title: string
    readonly lead: string
    readonly code: string
    readonly codeHint: string
    readonly wrong: string
  }
  /** After a recovery code. */
  readonly recovered: {
    readonly title: string
    readonly left: (count: number) => string
    readonly none: string
    readonly advice: string
    readonly look: string
  }
  /** To a person who will have to have a second factor soon. */
  readonly due: {
    readonly title: string
    readonly lead: Phrase
    readonly why: string
    readonly setUp: string
    readonly later: string
  }
  readonly mails: {
    readonly codeUsed: {
      readonly subject: string
      readonly intro: (when: string) => string
      readonly left: (count: number) => string
      readonly none: string
    }
    readonly guessed: {
      readonly subject: string
      readonly intro: (when: string) => string
      readonly effect: string
    }
  }
}
