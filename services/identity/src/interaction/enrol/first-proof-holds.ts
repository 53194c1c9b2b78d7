import { createCredentialStore } from '../../domain/credentials/store.ts'
import { createRecoveryStore } from '../../domain/recovery/store.ts'
import { isOfPassword } from '../../http/first-proof.ts'
import type { SecondStep } from '../../http/second-step.ts'
import type { Tx } from '../../platform/db/database.ts'

/**
 * Whether what was shown first still holds at the moment that a factor is stored: whoever knew a password that was
 * changed meanwhile adds none.
 */
export function firstProofHolds(step: SecondStep): (tx: Tx) => Promise<boolean> {
  return async (tx) => {
    // The session of a step-up was looked at by this very request.
    if (step.kind === 'step-up') return true
    // Locked, so that the password is another one before this transaction or after it.
    await createRecoveryStore(tx).passwordSince(step.userId, true)
    const { proof } = step
    const hash = (await createCredentialStore(tx).findByEmail(proof.email))?.password?.hash
    return isOfPassword(proof, hash)
  }
}
