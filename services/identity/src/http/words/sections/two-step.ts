import type { Phrase } from '../phrase.ts'

/** The second step of a sign-in: authenticator apps, recovery codes, trusted browsers. */
export interface TwoStepWords {
  readonly title: string
  readonly lead: string
  /** For the overview of the account. */
  readonly state: {
    readonly on: string
    readonly off: string
    readonly setUp: string
    readonly manage: string
  }
  /** Said where the operator asks for a second step. */
  readonly required: string
  readonly authenticators: {
    readonly title: string
    readonly lead: string
    readonly add: string
    readonly addAnother: string
    readonly added: (when: string) => string
    readonly lastUsed: (when: string) => string
    readonly change: string
    /** The same for those who hear the links one by one. */
    readonly changeOf: (name: string) => string
    /** What one is called whose person gave it no name. */
    readonly unnamed: string
  }
  readonly codes: {
    readonly title: string
    readonly lead: string
    readonly left: (count: number) => string
    readonly none: string
    /** Said when few are left. */
    readonly low: string
    readonly renew: string
    readonly renewTitle: string
    readonly renewLead: string
    readonly savingTitle: string
    readonly savingLead: string
    readonly list: string
    readonly copy: string
    readonly download: string
    readonly print: string
    readonly saved: string
    /** Lines of the file. */
    readonly file: {
      readonly title: string
      readonly account: (email: string) => string
      readonly made: (when: string) => string
      readonly once: string
    }
  }
  readonly passkeys: { readonly title: string; readonly lead: string; readonly show: string }
  readonly trusted: {
    readonly title: string
    readonly lead: string
    readonly since: (when: string) => string
    readonly until: (when: string) => string
    readonly end: string
    readonly endOf: (device: string) => string
    readonly endAll: string
  }
  readonly enrol: {
    readonly title: string
    readonly replaceTitle: Phrase
    readonly lead: string
    readonly replaceLead: string
    readonly get: Phrase
    readonly scan: string
    readonly picture: string
    readonly otherwise: string
    readonly key: string
    readonly copyKey: string
    readonly open: string
    readonly keyKind: string
    readonly enter: string
    readonly name: string
    readonly nameHint: string
    readonly code: string
    readonly codeHint: string
    readonly submit: string
    readonly cancel: string
    /** A set-up took too long, so that there is a new picture. */
    readonly again: string
  }
  readonly problems: {
    readonly codeMissing: string
    readonly codeShape: string
    readonly codeWrong: string
    readonly exhausted: string
    readonly name: string
  }
  readonly item: {
    readonly title: Phrase
    readonly name: string
    readonly rename: string
    readonly replace: string
    readonly remove: string
    readonly back: string
    readonly removeTitle: Phrase
    readonly removeLead: string
    readonly removeLastLead: string
    readonly lastEffects: { readonly off: string; readonly codes: string; readonly trusted: string }
    readonly keep: string
    /** The policy of the operator asks for one. */
    readonly mustKeep: string
  }
  /** The same in the middle of a sign-in that goes no further without. */
  readonly forced: {
    readonly title: string
    readonly lead: string
    readonly leadFor: Phrase
    readonly passkey: string
  }
  readonly done: {
    readonly added: string
    readonly replaced: string
    readonly renamed: string
    readonly removed: string
    readonly off: string
    readonly codes: string
    readonly untrusted: string
    readonly 'all-untrusted': string
  }
  readonly mails: {
    readonly added: FactorMail
    readonly replaced: FactorMail
    readonly removed: FactorMail
    readonly off: FactorMail
    readonly codes: FactorMail
  }
}

interface FactorMail {
  readonly subject: string
  readonly intro: (when: string) => string
  readonly effect: string
}
