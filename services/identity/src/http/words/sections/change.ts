import type { Phrase } from '../phrase.ts'

/** Changing address and password, and saying that it was somebody else. */
export interface ChangeWords {
  readonly email: {
    readonly title: string
    readonly lead: string
    readonly current: string
    readonly verified: string
    readonly unverified: string
    readonly newTitle: string
    readonly newLead: string
    readonly field: string
    readonly submit: string
    readonly pendingTitle: string
    readonly pendingLead: Phrase
    readonly confirm: string
    readonly cancel: string
    readonly problems: {
      readonly same: string
      readonly gone: string
      readonly tooMany: string
    }
    readonly cancelled: string
    readonly changed: string
    readonly linkTitle: string
    readonly linkLead: Phrase
    readonly linkWarning: string
    readonly linkSubmit: string
    readonly staleTitle: string
    readonly stale: string
    readonly back: string
  }
  readonly password: {
    readonly title: string
    readonly lead: string
    readonly firstTitle: string
    readonly firstLead: string
    readonly current: string
    readonly fresh: string
    readonly endOthers: string
    readonly endOthersHint: string
    readonly submit: string
    readonly firstSubmit: string
    readonly problems: {
      readonly missing: string
      readonly wrong: string
      readonly same: string
      readonly overtaken: string
    }
    readonly changed: string
    readonly changedEverywhere: string
  }
  readonly notMe: {
    readonly title: string
    readonly newDevice: string
    readonly signInCode: string
    readonly emailChange: string
    readonly passwordChange: string
    readonly factorChange: string
    readonly connectionChange: string
    readonly effectsTitle: string
    readonly signedOut: string
    readonly noPassword: string
    readonly noFactors: string
    readonly restored: Phrase
    readonly submit: string
    readonly harmless: string
    readonly staleTitle: string
    readonly stale: string
    readonly again: string
    readonly takenTitle: string
    readonly taken: Phrase
    /** Said on the page that mails a link for a new password. */
    readonly done: string
  }
  readonly mails: {
    /** The label of the way out, in every letter that has one, and how long it works. */
    readonly notMe: string
    readonly notMeValidity: string
    readonly nothing: string
    readonly proof: {
      readonly subject: string
      readonly intro: string
      readonly code: string
      readonly action: string
      readonly validity: string
      readonly notYou: string
    }
    readonly exists: {
      readonly subject: string
      readonly intro: string
      readonly action: string
      readonly notYou: string
    }
    readonly asked: {
      readonly subject: string
      readonly intro: (when: string) => string
      readonly effect: string
    }
    readonly changed: {
      readonly subject: string
      readonly intro: (when: string) => string
      readonly effect: string
    }
    readonly password: {
      readonly subject: string
      readonly intro: (when: string) => string
      readonly othersEnded: string
      readonly othersStay: string
    }
    readonly secured: {
      readonly subject: string
      readonly intro: (when: string) => string
      readonly effect: string
      readonly action: string
    }
  }
}
