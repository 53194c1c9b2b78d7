import type { Phrase } from '../phrase.ts'

/** The pages of the applications that can act for a person. */
export interface AppsWords {
  readonly title: string
  readonly lead: string
  readonly empty: string
  readonly can: string
  readonly since: (when: string) => string
  readonly lastUsed: (when: string) => string
  /** For an application of the operator's own, which is not asked about. */
  readonly trusted: string
  readonly remove: string
  readonly removeOf: (app: string) => string
  readonly removed: string
  readonly removeTitle: Phrase
  readonly removeLead: string
  readonly effects: {
    readonly access: string
    readonly account: string
    readonly again: string
    /** Instead of the last, for an application that is not asked about. */
    readonly returns: string
  }
  readonly keep: string
}
