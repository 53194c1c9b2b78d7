import type { Phrase } from '../phrase.ts'

/** What surrounds the sign-in: the unlocking of a browser, and letters. */
export interface SignInWords {
  /** Why somebody who was signed in here has to do it again. */
  readonly ended: string
  readonly unlock: {
    readonly title: string
    readonly lead: Phrase
    readonly explanation: string
    readonly submit: string
    readonly staleTitle: string
    readonly stale: string
    /** Said on the sign-in page afterwards. */
    readonly done: string
    /** Said to everybody who has to wait there, as it says nothing about the account. */
    readonly sooner: string
  }
  readonly mails: {
    readonly newDevice: {
      readonly subject: string
      readonly intro: string
      readonly device: (name: string) => string
      readonly unknownDevice: string
      readonly time: (when: string) => string
      readonly network: (address: string) => string
      readonly action: string
      readonly nothing: string
    }
    readonly lockOut: {
      readonly subject: string
      readonly intro: string
      readonly effect: string
      readonly action: string
      readonly validity: string
      readonly notYou: string
    }
  }
}
