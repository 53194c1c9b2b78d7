import { createCredentialStore } from '../../domain/credentials/store.ts'
import type { FactorBasis } from '../../domain/factors/basis.ts'
import { AAL2 } from '../../domain/oauth/acr.ts'
import { type Session, shownHere } from '../../domain/sessions/session.ts'
import { createSessionStore } from '../../domain/sessions/store.ts'
import { createUserStore } from '../../domain/users/store.ts'
import { type FirstProof, isOfPassword } from './first-proof.ts'
import { proofStands } from './proof-stands.ts'
import type { SecondStep } from './second-step.ts'

/** Adding a factor in a session, which must still be open when the factor is stored. */
export function basisOfSession(session: Session): FactorBasis {
  const { id, userId } = session
  return {
    onlyAsFirst: shownHere(session) !== AAL2,
    holds: async (tx) => {
      // Ending all sessions of a person locks this row, too: the session has either ended by now, or ends after us.
      await createUserStore(tx).lock(userId)
      return createSessionStore(tx).isOpen(userId, id)
    },
  }
}

/** Adding the first second factor in the middle of a sign-in, or of a step-up. */
export function basisOfStep(step: SecondStep): FactorBasis {
  return step.kind === 'step-up' ? basisOfSession(step.session) : basisOfProof(step.proof)
}

/** Adding a factor after a first proof: it must still hold, which a changed password or a cut connection does not. */
function basisOfProof(proof: FirstProof): FactorBasis {
  const { userId, email } = proof
  return {
    onlyAsFirst: true,
    holds: async (tx) => {
      // The password's row before the person's, as every sign-in and reset locks them: another order could deadlock.
      await createCredentialStore(tx).lockPassword(userId)
      await createUserStore(tx).lock(userId)
      if (!(await proofStands(proof)(tx))) return false
      const hash = (await createCredentialStore(tx).findByEmail(email))?.password?.hash
      return isOfPassword(proof, hash)
    },
  }
}
