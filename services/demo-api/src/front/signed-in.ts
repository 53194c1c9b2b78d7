import type { ListResult } from './notes-client.ts'
import type { TokenDescription } from './token-view.ts'

/** What somebody was writing when it did not work. */
export interface Draft {
  readonly text: string
  readonly problem: string
}

export interface SignedIn {
  readonly user: Readonly<Record<string, unknown>>
  readonly csrfToken: string
  readonly token: TokenDescription
  readonly list: ListResult
  /** An admin looks at everybody's notes. */
  readonly all: boolean
  readonly draft: Draft | undefined
  readonly mode: 'bff' | 'tmb'
  readonly issuer: string
}
