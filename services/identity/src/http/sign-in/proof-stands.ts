import { hasSecondFactor } from '../../domain/factors/policy.ts'
import { createFactorStore } from '../../domain/factors/store.ts'
import { createIdentityStore } from '../../domain/identities/store.ts'
import { AAL2 } from '../../domain/oauth/acr.ts'
import { shownHere } from '../../domain/sessions/session.ts'
import type { Tx } from '../../platform/db/database.ts'
import type { FirstProof } from './first-proof.ts'

type Shown = Pick<FirstProof, 'userId' | 'identity' | 'amr' | 'acr'>

/** Whether a person still has what was shown beside a password; whoever takes any of it away locks the person's row. */
export function proofStands({ userId, identity, amr, acr }: Shown): (tx: Tx) => Promise<boolean> {
  return async (tx) => {
    if (identity !== undefined && !(await createIdentityStore(tx).isOf(userId, identity)))
      return false
    if (shownHere({ acr, amr }) !== AAL2) return true
    // The second factor was right a moment ago, and an operator has reset it since: whoever holds the lost phone stays
    // out.
    return hasSecondFactor(await createFactorStore(tx).factorsOf(userId))
  }
}
