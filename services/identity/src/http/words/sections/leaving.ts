import type { Phrase } from '../phrase.ts'

/** Taking one's data along, and leaving: the pages and letters of both. */
export interface LeavingWords {
  readonly data: {
    readonly title: string
    readonly lead: string
    readonly contentsTitle: string
    readonly contents: {
      readonly profile: string
      readonly devices: string
      readonly applications: string
      readonly log: string
    }
    readonly without: string
    readonly download: string
    readonly deleteTitle: string
    readonly deleteLead: string
    readonly deleteLink: string
  }
  readonly delete: {
    readonly title: string
    readonly lead: Phrase
    readonly goesTitle: string
    readonly goes: { readonly account: string; readonly applications: string; readonly log: string }
    readonly whenTitle: string
    readonly when: Phrase
    readonly wayBack: string
    readonly whenNow: string
    readonly afterwards: string
    /** What is typed to confirm; the prompt shows it. */
    readonly word: string
    readonly type: Phrase
    readonly wrong: (word: string) => string
    readonly submit: string
    readonly cancel: string
    readonly back: string
    readonly onlyAdministratorTitle: string
    readonly onlyAdministrator: string
  }
  readonly keep: {
    readonly title: string
    readonly lead: Phrase
    readonly when: Phrase
    readonly asked: string
    readonly submit: string
    readonly staleTitle: string
    readonly stale: string
    readonly goneTitle: string
    readonly gone: string
    /** Said on the sign-in page afterwards. */
    readonly kept: string
  }
  readonly mails: {
    readonly leaving: {
      readonly subject: string
      readonly intro: (when: string) => string
      readonly effect: string
      readonly action: string
      readonly notYou: string
    }
    readonly kept: {
      readonly subject: string
      readonly intro: string
      readonly action: string
      readonly nothing: string
    }
    readonly deleted: {
      readonly subject: string
      readonly intro: string
      readonly applications: string
      readonly last: string
    }
  }
  /** A day and time that lies ahead. */
  readonly moment: (at: Date) => string
}
