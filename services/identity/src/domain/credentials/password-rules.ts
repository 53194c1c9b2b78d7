import { MAX_PASSWORD_CHARACTERS } from './password-hasher.ts'

/** NIST SP 800-63B-4 §3.1.1.2: where the password is the only factor. */
export const MIN_PASSWORD_CHARACTERS = 15

export type PasswordFault = 'missing' | 'short' | 'common'

/** Why a new password is refused, or undefined. Length and guessability only: no composition rules, no expiry. */
export function passwordFault(
  password: string,
  personal: readonly string[],
): PasswordFault | undefined {
  if (password === '') return 'missing'
  // Code points, as NIST counts: a character outside the basic plane is one, not two.
  const characters = Array.from(password.normalize('NFC')).length
  if (characters < MIN_PASSWORD_CHARACTERS || password.length > MAX_PASSWORD_CHARACTERS)
    return 'short'
  const folded = password.toLowerCase()
  const isPersonal = personal.some((text) => text !== '' && text.toLowerCase() === folded)
  return isPersonal || new Set(folded).size < 4 ? 'common' : undefined
}
