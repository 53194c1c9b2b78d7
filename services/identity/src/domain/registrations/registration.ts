import type { StoredPassword } from '../credentials/password-hasher.ts'
import type { EmailAddress } from '../users/email.ts'

/** What a person gave to get an account. */
export interface Application {
  readonly name: string
  readonly email: EmailAddress
  readonly password: StoredPassword
  /** The authorization request to go on with, sealed. */
  readonly tx: string | undefined
}

export interface Registration extends Application {
  readonly id: string
  readonly browserHash: string
  readonly codeMac: string | undefined
  readonly codeExpiresAt: Date
  readonly tries: number
  /** When a mail was last asked for, sent or not. */
  readonly lastAskedAt: Date
  readonly expiresAt: Date
}

/** How long the link works, and the registration lasts. */
export const REGISTRATION_TTL_SECONDS = 86_400
export const CODE_TTL_SECONDS = 600
/** Tries at one code. With six digits and the mails of a day, a guesser stays under NIST SP 800-63B-4 §3.2.2's hundred. */
export const CODE_TRIES = 5
export const RESEND_AFTER_SECONDS = 60
/** Mails of registration to one mailbox, whoever asks for them. */
export const MAIL_BUDGETS = [
  { what: 'registration-mail-hour', tries: 5, windowSeconds: 3600 },
  { what: 'registration-mail-day', tries: 20, windowSeconds: 86_400 },
] as const

/** Seconds until another mail may be asked for; 0 when it may now. */
export function resendInSeconds({ lastAskedAt }: Pick<Registration, 'lastAskedAt'>, now: Date) {
  const left = lastAskedAt.getTime() / 1000 + RESEND_AFTER_SECONDS - now.getTime() / 1000
  return Math.max(0, Math.ceil(left))
}

/** Why a code cannot be tried, or undefined when it can. */
export function codeFault(
  { tries, codeExpiresAt }: Pick<Registration, 'tries' | 'codeExpiresAt'>,
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
