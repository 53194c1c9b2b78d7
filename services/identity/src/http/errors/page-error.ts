import type { Why } from '../../domain/faults/why.ts'
import type { AppIdentity } from '../parts/app-identity.ts'
import type { ErrorKind } from '../words/words.ts'

export interface PageErrorOptions {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly app?: AppIdentity | undefined
  readonly actions?: readonly { readonly label: string; readonly href: string }[]
  /** What the check knows: for the log, `signet why`, and the page where the service is one's own. */
  readonly why?: Why | undefined
  /** The same in a few words, where there is no more to know. */
  readonly hint?: string
}

/** An error that the person at the browser may see. */
export class PageError extends Error {
  override readonly name = 'PageError'
  readonly kind: ErrorKind
  readonly status: number
  readonly options: PageErrorOptions

  constructor(kind: ErrorKind, options: PageErrorOptions = {}) {
    super(options.hint ?? kind)
    this.kind = kind
    this.status = options.status ?? 400
    this.options = options
  }
}
