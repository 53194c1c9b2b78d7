import type { Tx } from '../../platform/db/database.ts'

/** What a person has shown who adds a second factor, looked at once more in the transaction that stores it. */
export interface FactorBasis {
  /** Less than a second factor: whoever has one shows that, and the first one alone adds none. */
  readonly onlyAsFirst: boolean
  /** Whether it still holds; what it hangs on, and the person, stay locked until the transaction ends. */
  readonly holds: (tx: Tx) => Promise<boolean>
}
