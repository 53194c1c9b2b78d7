import type { AccountScope } from '../../../domain/resources/built-in.ts'

/** What is said of the APIs of this service itself: where people allow their use, and on the pages for developers. */
export interface ApiWords {
  /** What each scope lets an application do, as the end of "this application can". */
  readonly scopes: Readonly<Record<AccountScope, string>>
  readonly docs: {
    readonly title: string
    readonly lead: string
    /** Says that summaries and descriptions are in English, whatever the page is in. */
    readonly english: string
    readonly document: string
    readonly all: string
    readonly problems: string
    readonly problemsLead: string
    readonly base: string
    readonly audience: string
    readonly permission: string
    readonly permissions: string
    readonly proof: string
    readonly proofFresh: string
    readonly proofAny: string
    readonly parameters: string
    readonly body: string
    readonly answer: string
    readonly example: string
    readonly required: string
    readonly status: string
  }
}
