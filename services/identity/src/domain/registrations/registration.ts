import { addSeconds } from '../../platform/clock.ts'
import type { StoredPassword } from '../credentials/password-hasher.ts'
import type { MailedCode } from '../mail/code.ts'
import type { EmailAddress } from '../users/email.ts'

/** What a person gave to get an account. */
export interface Application {
  readonly name: string
  readonly email: EmailAddress
  readonly password: StoredPassword
  /** The authorization request to go on with, sealed. */
  readonly tx: string | undefined
  /** The invitation that it began with, sealed. */
  readonly invitation: string | undefined
}

export interface Registration extends Application, MailedCode {
  readonly id: string
  readonly browserHash: string
  readonly codeMac: string | undefined
  readonly expiresAt: Date
}

/** How long the link works, and the registration lasts. */
export const REGISTRATION_TTL_SECONDS = 86_400
/** Mails of registration to one mailbox, whoever asks for them. */
export const MAIL_BUDGETS = [
  { what: 'registration-mail-hour', tries: 5, windowSeconds: 3600 },
  { what: 'registration-mail-day', tries: 20, windowSeconds: 86_400 },
] as const

/** When a registration began; what was good then is good until it ends. */
export function beganAt({ expiresAt }: Pick<Registration, 'expiresAt'>): Date {
  return addSeconds(expiresAt, -REGISTRATION_TTL_SECONDS)
}
