import type { ChangeLetters } from '../../domain/email-changes/change.ts'
import type { LetterContent } from '../../domain/mail/letter.ts'
import type { PasswordChanged } from '../../domain/recovery/change-password.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { Language } from '../language/language.ts'
import { forgotPasswordPath, paths } from '../paths.ts'
import { composeMail } from './compose.tsx'
import { tokenLink } from './link.ts'
import { newsLetters } from './news.ts'

/** Letters about an account that changes; their links start at the issuer, whatever host a request named. */
export function accountLetters(language: Language, issuer: string, notMe: NotMeLinks) {
  const { mails } = language.words.change
  const { when: said } = language.words.errorDetails
  const news = newsLetters(language, issuer, notMe)

  const emailChange: ChangeLetters = {
    proof: (to, code, token) =>
      composeMail(language, to, {
        subject: mails.proof.subject,
        paragraphs: [mails.proof.intro],
        code: { intro: mails.proof.code, value: code },
        action: { label: mails.proof.action, href: tokenLink(issuer, paths.confirmEmail, token) },
        ending: [mails.proof.validity, mails.proof.notYou],
      }),
    exists: (to) =>
      composeMail(language, to, {
        subject: mails.exists.subject,
        paragraphs: [mails.exists.intro],
        action: { label: mails.exists.action, href: `${issuer}${paths.login}` },
        ending: [mails.exists.notYou],
      }),
    // The new address stays out of both: whoever asked chose it, and may have chosen it to be read here.
    asked: ({ userId, change, old, at }) =>
      news({ userId, because: 'email-change', email: old, change }, at, {
        subject: mails.asked.subject,
        paragraphs: [mails.asked.intro(said(at)), mails.asked.effect],
      }),
    changed: ({ userId, change, old, at }) =>
      news({ userId, because: 'email-change', email: old, change }, at, {
        subject: mails.changed.subject,
        paragraphs: [mails.changed.intro(said(at)), mails.changed.effect],
      }),
  }

  return {
    emailChange,
    /** That the password is another one. */
    passwordChanged: ({ userId, email, at, othersEnded }: PasswordChanged): LetterContent => {
      const { subject, intro, othersEnded: ended, othersStay } = mails.password
      return news({ userId, because: 'password-change', email }, at, {
        subject,
        paragraphs: [intro(said(at)), othersEnded ? ended : othersStay],
      })
    },
    /** That "this wasn't me" was pressed. */
    secured: (address: string, at: Date): LetterContent => {
      const { subject, intro, effect, action } = mails.secured
      return composeMail(language, address, {
        subject,
        paragraphs: [intro(said(at)), effect],
        action: { label: action, href: `${issuer}${forgotPasswordPath(undefined)}` },
        ending: [],
      })
    },
  }
}
