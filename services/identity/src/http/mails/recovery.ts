import type { LetterContent } from '../../domain/mail/letter.ts'
import type { Language } from '../language/language.ts'
import { forgotPasswordPath, paths } from '../paths.ts'
import { composeMail } from './compose.tsx'

/** The letters of account recovery; their links start at the issuer, whatever host a request named. */
export function recoveryLetters(language: Language, issuer: string) {
  const { passwordReset, passwordChanged } = language.words.mails
  return {
    /** The link for a new password; `tx` is the authorization request to go on with. */
    reset(address: string, token: string, tx: string | undefined): LetterContent {
      const query = new URLSearchParams({ token, ...(tx !== undefined && { tx }) })
      return composeMail(language, address, {
        subject: passwordReset.subject,
        paragraphs: [passwordReset.intro],
        action: {
          label: passwordReset.action,
          href: `${issuer}${paths.resetPassword}?${query.toString()}`,
        },
        ending: [passwordReset.validity, passwordReset.notYou],
      })
    },
    /** The news that the password is another one. */
    changed(address: string, at: Date): LetterContent {
      const when = language.words.errorDetails.when(at)
      return composeMail(language, address, {
        subject: passwordChanged.subject,
        paragraphs: [passwordChanged.intro(when), passwordChanged.effect],
        action: {
          label: passwordChanged.action,
          href: `${issuer}${forgotPasswordPath(undefined)}`,
        },
        ending: [passwordChanged.nothing],
      })
    },
  }
}
