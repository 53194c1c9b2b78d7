import type { LetterContent } from '../../domain/mail/letter.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { Language } from '../language/language.ts'
import { newsLetters } from './news.ts'

/** To whom a letter goes, and about whose account. */
export interface Addressee {
  readonly userId: string
  readonly email: string
}

/** Letters about the second step of a sign-in; each has the way out for a person who did not take it. */
export function mfaLetters(language: Language, issuer: string, notMe: NotMeLinks) {
  const { mails } = language.words.mfa
  const { when } = language.words.errorDetails
  const news = newsLetters(language, issuer, notMe)

  return {
    /** That a recovery code was used, and how many are left. */
    codeUsed({ userId, email }: Addressee, left: number, at: Date): LetterContent {
      const { subject, intro, left: rest, none } = mails.codeUsed
      const paragraphs = [intro(when(at)), left === 0 ? none : rest(left)]
      return news({ userId, email, because: 'new-device' }, at, { subject, paragraphs })
    },
    /** That the tries at the second factor are used up: whoever made them has come past the first. */
    guessed({ userId, email }: Addressee, at: Date): LetterContent {
      const { subject, intro, effect } = mails.guessed
      const paragraphs = [intro(when(at)), effect]
      return news({ userId, email, because: 'new-device' }, at, { subject, paragraphs })
    },
  }
}
