import type { FactorChange } from '../../domain/factors/activate.ts'
import type { LetterContent } from '../../domain/mail/letter.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { Language } from '../language/language.ts'
import { paths } from '../paths.ts'
import { composeMail } from './compose.tsx'

/** Letters about the second step of a sign-in; each can be answered with "this wasn't me". */
export function factorLetters(language: Language, issuer: string, notMe: NotMeLinks) {
  const { twoStep, change: changes, errorDetails } = language.words
  const { mails } = twoStep

  const news = (
    userId: string,
    change: string | undefined,
    email: string,
    at: Date,
    subject: string,
    paragraphs: readonly string[],
  ): LetterContent => {
    const token = notMe.seal({ userId, because: 'factor-change', email, change }, at)
    return composeMail(
      language,
      { name: '', address: email },
      {
        subject,
        paragraphs,
        action: {
          label: changes.mails.notMe,
          href: `${issuer}${paths.notMe}?token=${encodeURIComponent(token)}`,
        },
        ending: [changes.mails.nothing, changes.mails.notMeValidity],
      },
    )
  }
  const plain = (kind: keyof typeof mails) => {
    const { subject, intro, effect } = mails[kind]
    // The names that people give their apps stay out: whoever did it may have chosen them to be read here.
    return (userId: string, factorId: string | undefined, email: string, at: Date) =>
      news(userId, factorId, email, at, subject, [intro(errorDetails.when(at)), effect])
  }

  return {
    /** That an authenticator app was set up, or new recovery codes were made. */
    changed: (userId: string, factorId?: string) => (kind: FactorChange, email: string, at: Date) =>
      plain(kind)(userId, factorId, email, at),
    /** That an authenticator app was removed, and with the last one the second step itself. */
    removed: (userId: string) => (email: string, at: Date, wasLast: boolean) =>
      plain(wasLast ? 'off' : 'removed')(userId, undefined, email, at),
  }
}
