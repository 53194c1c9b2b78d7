import { randomInt } from 'node:crypto'

/** Crockford's base32: no letter looks like a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CHARACTERS = 10
const SPELLING = /^[0-9A-HJKMNP-TV-Z]{10}$/
export const RECOVERY_CODES = 10

/** A fresh set of codes of fifty bits each, as people see them: `XXXXX-XXXXX`. */
export function makeRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const code = Array.from({ length: CHARACTERS }, () => ALPHABET.charAt(randomInt(32))).join('')
    return `${code.slice(0, 5)}-${code.slice(5)}`
  })
}

/** A code as typed in its one spelling, or undefined: case, spaces, dashes and look-alikes do not count. */
export function parseRecoveryCode(input: string): string | undefined {
  if (input.length > 64) return undefined
  const code = input
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Dash}]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  const isCode = SPELLING.test(code)
  return isCode ? `${code.slice(0, 5)}-${code.slice(5)}` : undefined
}
