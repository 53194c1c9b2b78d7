import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { sha256, equalInConstantTime } from '../../platform/crypto/hash.ts'
import type { Parameters } from '../oauth/parameters.ts'

/** An authorization request on its way through the hosted pages: sealed into the URL, kept nowhere. */
export interface Transaction {
  readonly parameters: Parameters
  /** When the request came: prompt and max_age are met by what happens after it. */
  readonly requestedAt: Date
  /** Set once the person has picked an account on the page that `prompt=select_account` asks for. */
  readonly accountSelected: boolean
}

export type OpenedTransaction =
  | { readonly kind: 'ours'; readonly transaction: Transaction }
  /** Sealed for no browser: a cross-site POST that goes on by GET. */
  | { readonly kind: 'unbound'; readonly transaction: Transaction }
  /** Sealed by us, but for another browser or too long ago: good for a fresh start, never for going on. */
  | { readonly kind: 'stale'; readonly transaction: Transaction }
  | { readonly kind: 'invalid' }

interface Sealed {
  readonly p: [string, string[]][]
  readonly t: number
  readonly b: string
  readonly a: 0 | 1
}

const TRANSACTION_TTL_SECONDS = 3600

/** Seals and opens transactions, each bound to the browser it began in. */
export function createTransactions(ring: KeyRing) {
  return {
    /** Seals for one browser, or for none yet when a cross-site POST came without its cookies. */
    seal(transaction: Transaction, browser: string | undefined): string {
      const content: Sealed = {
        p: [...transaction.parameters].map(([name, values]) => [name, [...values]]),
        t: transaction.requestedAt.getTime(),
        b: browser === undefined ? '' : sha256(browser),
        a: transaction.accountSelected ? 1 : 0,
      }
      return ring.seal('authorization-transaction', JSON.stringify(content))
    },

    open(sealed: string, browser: string | undefined, now: Date): OpenedTransaction {
      const text = ring.open('authorization-transaction', sealed)
      if (text === undefined) return { kind: 'invalid' }
      const content = JSON.parse(text) as Sealed
      const transaction: Transaction = {
        parameters: new Map(content.p),
        requestedAt: new Date(content.t),
        accountSelected: content.a === 1,
      }
      if (content.b === '') return { kind: 'unbound', transaction }
      const fresh = now.getTime() - content.t < TRANSACTION_TTL_SECONDS * 1000
      const here = browser !== undefined && equalInConstantTime(content.b, sha256(browser))
      return { kind: fresh && here ? 'ours' : 'stale', transaction }
    },
  }
}
export type Transactions = ReturnType<typeof createTransactions>
