import { randomInt } from 'node:crypto'

/** How long a mailed code works. */
export const CODE_TTL_SECONDS = 600
/** Tries at one code. With six digits and the mails of a day, a guesser stays under NIST SP 800-63B-4 §3.2.2's hundred. */
export const CODE_TRIES = 5
export const RESEND_AFTER_SECONDS = 60

/** A mailed code as it is kept: how often it was tried, how long it works, when its mail was last asked for. */
export interface MailedCode {
  readonly tries: number
  readonly codeExpiresAt: Date
  readonly lastAskedAt: Date
}

/** Six digits, each as likely. */
export function makeCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0')
}

/** Seconds until another mail may be asked for; 0 when it may now. */
export function resendInSeconds({ lastAskedAt }: Pick<MailedCode, 'lastAskedAt'>, now: Date) {
  const left = lastAskedAt.getTime() / 1000 + RESEND_AFTER_SECONDS - now.getTime() / 1000
  return Math.max(0, Math.ceil(left))
}

/** Why a code cannot be tried, or undefined when it can. */
export function codeFault(
  { tries, codeExpiresAt }: Pick<MailedCode, 'tries' | 'codeExpiresAt'>,
  now: Date,
): 'expired' | 'exhausted' | undefined {
  if (codeExpiresAt <= now) return 'expired'
  return tries >= CODE_TRIES ? 'exhausted' : undefined
}

/** The six digits of a code as typed, or undefined: spaces and hyphens do not count, nor which digits of Unicode they are. */
export function parseCode(input: string): string | undefined {
  if (input.length > 64) return undefined
  const code = input
    .normalize('NFKC')
    .replace(/[\s\p{Dash}]/gu, '')
    .replace(/[٠-٩۰-۹]/g, latinDigit)
  return /^\d{6}$/.test(code) ? code : undefined
}

// U+0660 and U+06F0 start the digits that Arabic and Persian keyboards type; their low four bits are the value.
const latinDigit = (digit: string) => String((digit.codePointAt(0) ?? 0) & 0xf)
