import type { LetterContent } from '../../domain/mail/letter.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { Language } from '../language/language.ts'
import { paths } from '../paths.ts'
import { composeMail } from './compose.tsx'

/** To whom a letter goes, and about whose account. */
export interface Addressee {
  readonly userId: string
  readonly email: string
}

/** Letters about the second step of a sign-in; each has the way out for a person who did not take it. */
export function mfaLetters(language: Language, issuer: string, notMe: NotMeLinks) {
  const { mails } = language.words.mfa
  const { when: said } = language.words.errorDetails

  function news(
    { userId, email }: Addressee,
    at: Date,
    subject: string,
    paragraphs: readonly string[],
  ): LetterContent {
    const token = notMe.seal({ userId, because: 'new-device', email }, at)
    return composeMail(
      language,
      { name: '', address: email },
      {
        subject,
        paragraphs,
        action: {
          label: mails.notMe,
          href: `${issuer}${paths.notMe}?token=${encodeURIComponent(token)}`,
        },
        ending: [mails.nothing],
      },
    )
  }

  return {
    /** That a recovery code was used, and how many are left. */
    codeUsed(person: Addressee, left: number, at: Date): LetterContent {
      const { subject, intro, left: rest, none } = mails.codeUsed
      return news(person, at, subject, [intro(said(at)), left === 0 ? none : rest(left)])
    },
    /** That the tries at the second factor are used up: whoever made them has come past the first. */
    guessed(person: Addressee, at: Date): LetterContent {
      const { subject, intro, effect } = mails.guessed
      return news(person, at, subject, [intro(said(at)), effect])
    },
  }
}
