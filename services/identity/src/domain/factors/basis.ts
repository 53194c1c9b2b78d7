import type { Tx } from '../../platform/db/database.ts'

/** What entitles a person to add a second factor; checked again in the transaction that stores it. */
export interface FactorBasis {
  /** Enough for the first second factor only: whoever has one already must show it to add another. */
  readonly onlyAsFirst: boolean
  /** Whether it still holds. The rows that this depends on stay locked until the transaction ends. */
  readonly holds: (tx: Tx) => Promise<boolean>
}
