import type { FactorChange } from '../../domain/factors/activate.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { Language } from '../language/language.ts'
import { newsLetters } from './news.ts'

/** Letters about the second step of a sign-in; each can be answered with "this wasn't me". */
export function factorLetters(language: Language, issuer: string, notMe: NotMeLinks) {
  const { mails } = language.words.twoStep
  const { when } = language.words.errorDetails
  const news = newsLetters(language, issuer, notMe)

  // The names that people give their apps stay out: whoever did it may have chosen them to be read here.
  const letter = (
    kind: keyof typeof mails,
    who: { readonly userId: string; readonly email: string; readonly change?: string | undefined },
    at: Date,
  ) => {
    const { subject, intro, effect } = mails[kind]
    const paragraphs = [intro(when(at)), effect]
    return news({ ...who, because: 'factor-change' }, at, { subject, paragraphs })
  }

  return {
    /** That an authenticator app was set up, or new recovery codes were made. */
    changed: (userId: string, factorId?: string) => (kind: FactorChange, email: string, at: Date) =>
      letter(kind, { userId, email, change: factorId }, at),
    /** That an authenticator app was removed, and with the last one the second step itself. */
    removed: (userId: string) => (email: string, at: Date, wasLast: boolean) =>
      letter(wasLast ? 'off' : 'removed', { userId, email }, at),
  }
}
