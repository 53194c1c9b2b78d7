import { MAX_PASSWORD_CHARACTERS } from '../../domain/credentials/password-hasher.ts'
import type { PasswordFault } from '../../domain/credentials/password-rules.ts'
import type { Words } from '../words/words.ts'

/** Says why a new password is refused. */
export function passwordProblem({ passwords }: Words, fault: PasswordFault): string {
  const { faults } = passwords
  switch (fault.kind) {
    case 'short':
      return faults.short(fault.lacking)
    case 'long':
      return faults.long(MAX_PASSWORD_CHARACTERS)
    default:
      return faults[fault.kind]
  }
}
