import type { Settings } from '../settings/settings.ts'
import { isCommon } from './common-passwords.ts'
import { MAX_PASSWORD_CHARACTERS, passwordLength } from './password-hasher.ts'
import { isMonotonous, occurrencesIn, refrain, runsIn } from './password-patterns.ts'

export interface PasswordRules {
  /** Fewest characters; at most there may always be MAX_PASSWORD_CHARACTERS. */
  readonly minimum: number
}

export type PasswordFault =
  | { readonly kind: 'missing' }
  | { readonly kind: 'short'; readonly lacking: number }
  | { readonly kind: 'long' }
  /** Many people have it. */
  | { readonly kind: 'common' }
  /** It repeats itself, or follows the alphabet or the keyboard. */
  | { readonly kind: 'pattern' }
  /** It is made of the person's name or address, or of the name of the service or application. */
  | { readonly kind: 'personal' }

type RuleSettings = Pick<
  Settings,
  'mfa' | 'password_min_characters' | 'password_min_characters_with_second_factor'
>

/** NIST SP 800-63B-4 §3.1.1.2: a password that is never enough alone may be shorter. */
export function passwordRules(settings: RuleSettings): PasswordRules {
  const { mfa, password_min_characters, password_min_characters_with_second_factor } = settings
  const minimum =
    mfa === 'required' ? password_min_characters_with_second_factor : password_min_characters
  return { minimum }
}

/**
 * Why a new password is refused, or undefined (NIST SP 800-63B-4 §3.1.1.2). Length and guessability only: any
 * characters, no composition rules, no expiry. `personal` are texts that an attacker would try first: the person's name
 * and address, the names of the service and of the application.
 */
export function passwordFault(
  password: string,
  personal: readonly string[],
  { minimum }: PasswordRules,
): PasswordFault | undefined {
  if (password === '') return { kind: 'missing' }
  const length = passwordLength(password)
  if (length < minimum) return { kind: 'short', lacking: minimum - length }
  if (length > MAX_PASSWORD_CHARACTERS) return { kind: 'long' }

  const text = folded(password)
  const characters = Array.from(text)
  if (isCommon(text) || isCommon(refrain(characters) ?? '')) return { kind: 'common' }
  if (isMonotonous(characters)) return { kind: 'pattern' }
  return mostlyGuessable(characters, partsOf(personal))
}

/** Refused only when what can be guessed makes up most of it: a name in a long phrase does no harm. */
function mostlyGuessable(
  characters: readonly string[],
  personal: readonly (readonly string[])[],
): PasswordFault | undefined {
  const named = occurrencesIn(characters, personal)
  const inRuns = runsIn(characters)
  const guessable = characters.filter((_, at) => named[at] === true || inRuns[at] === true)
  if (guessable.length * 2 <= characters.length) return undefined
  return { kind: count(named) >= count(inRuns) ? 'personal' : 'pattern' }
}

const SHORTEST_PART = 3

/** The words that names and addresses consist of. */
function partsOf(texts: readonly string[]): string[][] {
  const words = texts.flatMap((text) => folded(text).split(/[^\p{L}\p{M}\p{N}]+/u))
  return words.map((word) => Array.from(word)).filter(({ length }) => length >= SHORTEST_PART)
}

const count = (marks: readonly boolean[]) => marks.filter(Boolean).length

/** Compatible forms and capitals do not make a password harder to guess. */
function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
