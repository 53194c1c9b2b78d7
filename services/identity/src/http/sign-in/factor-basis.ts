import { createCredentialStore } from '../../domain/credentials/store.ts'
import type { FactorBasis } from '../../domain/factors/basis.ts'
import { AAL2, type Session, shownHere } from '../../domain/sessions/session.ts'
import { createSessionStore } from '../../domain/sessions/store.ts'
import { createUserStore } from '../../domain/users/store.ts'
import { type FirstProof, isOfPassword } from './first-proof.ts'
import { proofStands } from './proof-stands.ts'
import type { SecondStep } from './second-step.ts'

/** The session that somebody adds a second factor in: one that has ended meanwhile adds none. */
export function basisOfSession(session: Session): FactorBasis {
  const { id, userId } = session
  return {
    onlyAsFirst: shownHere(session) !== AAL2,
    holds: async (tx) => {
      // Whoever ends all sessions of a person holds this row: this one has ended before, or ends after.
      await createUserStore(tx).lock(userId)
      return createSessionStore(tx).isOpen(userId, id)
    },
  }
}

/** What somebody in the middle of a sign-in, or of a step-up, adds the first second factor by. */
export function basisOfStep(step: SecondStep): FactorBasis {
  return step.kind === 'step-up' ? basisOfSession(step.session) : basisOfProof(step.proof)
}

/** Whoever knew a password that is another one by now, or came by a connection that is cut, adds nothing. */
function basisOfProof(proof: FirstProof): FactorBasis {
  const { userId, email } = proof
  return {
    onlyAsFirst: true,
    holds: async (tx) => {
      // The password before the person, as every sign-in and reset does: two that lock in different orders would wait.
      await createCredentialStore(tx).lockPassword(userId)
      await createUserStore(tx).lock(userId)
      if (!(await proofStands(proof)(tx))) return false
      const hash = (await createCredentialStore(tx).findByEmail(email))?.password?.hash
      return isOfPassword(proof, hash)
    },
  }
}
