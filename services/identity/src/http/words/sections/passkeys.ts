/** Passkeys: signing in with them, and looking after them. */
export interface PasskeysWords {
  /** Said where the browser has no passkeys, or scripts are off. */
  readonly unable: string
  /** Said by the script: nothing was picked, or the time is over. */
  readonly cancelled: string
  /** The same, where the browser has the passkey already. */
  readonly present: string
  readonly wrong: string
  readonly signIn: {
    readonly submit: string
    readonly lead: string
    readonly other: string
  }
  readonly secondFactor: {
    readonly title: string
    readonly lead: string
    readonly submit: string
    readonly other: string
  }
  readonly offer: {
    readonly title: string
    readonly lead: string
    readonly why: string
    readonly submit: string
    readonly later: string
    readonly never: string
  }
  readonly enrol: {
    readonly title: string
    readonly lead: string
    readonly other: string
  }
  readonly room: {
    readonly title: string
    readonly lead: string
    readonly empty: string
    readonly add: string
    readonly added: (when: string) => string
    readonly lastUsed: (when: string) => string
    readonly neverUsed: string
    readonly synced: string
    readonly notSynced: string
    readonly onlyOne: string
    readonly change: string
    /** The same for those who hear the links one by one. */
    readonly changeOf: (name: string) => string
    readonly full: (count: number) => string
    readonly done: {
      readonly added: string
      readonly renamed: string
      readonly removed: string
    }
  }
  readonly make: {
    readonly title: string
    readonly lead: string
    readonly how: string
    readonly submit: string
    readonly back: string
    readonly failed: string
  }
  readonly one: {
    readonly name: string
    readonly nameHint: string
    readonly save: string
    readonly problem: string
    readonly removeTitle: string
    readonly removeLead: string
    readonly remove: string
    readonly lastWayIn: string
    readonly required: string
  }
  readonly mails: {
    readonly added: PasskeyMail
    readonly removed: PasskeyMail
    readonly cloned: {
      readonly subject: string
      readonly intro: (when: string) => string
      readonly effect: string
      readonly action: string
      readonly nothing: string
    }
  }
}

interface PasskeyMail {
  readonly subject: string
  readonly intro: (when: string) => string
  readonly effect: string
}
