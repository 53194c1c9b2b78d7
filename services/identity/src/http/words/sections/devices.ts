import type { Phrase } from '../phrase.ts'

/** The page of the places where a person is signed in. */
export interface DevicesWords {
  readonly title: string
  readonly lead: string
  readonly current: string
  readonly unknown: string
  /** After the name of a browser: "on Linux". */
  readonly onSystem: (system: string) => string
  readonly inUse: string
  readonly lastSeen: (when: string) => string
  readonly signedIn: (when: string) => string
  readonly address: Phrase
  readonly signOut: string
  /** The same for those who hear the buttons one by one. */
  readonly signOutOf: (device: string) => string
  readonly onlyThis: string
  readonly others: { readonly title: string; readonly lead: string; readonly submit: string }
  readonly everywhere: { readonly title: string; readonly lead: string; readonly submit: string }
  readonly done: {
    readonly one: string
    readonly others: string
    /** Said on the sign-in page. */
    readonly everywhere: string
  }
}
