import type { LinkNews } from '../../domain/identities/link.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { Language } from '../language/language.ts'
import { composeMail } from './compose.tsx'
import { newsLetters } from './news.ts'

/** Letters about accounts at other services; what those say of a person stays out of them. */
export function upstreamLetters(language: Language, issuer: string, notMe: NotMeLinks) {
  const { linked, unlinked, code } = language.words.upstream.mails
  const { when } = language.words.errorDetails
  const news = newsLetters(language, issuer, notMe)
  const letter = (said: typeof linked, provider: string, { userId, email, at }: LinkNews) =>
    news({ userId, email, because: 'connection-change' }, at, {
      subject: said.subject(provider),
      paragraphs: [said.intro(when(at))],
    })

  return {
    linked: (provider: string) => (told: LinkNews) => letter(linked, provider, told),
    unlinked: (provider: string, told: LinkNews) => letter(unlinked, provider, told),
    code: (provider: string, address: string, value: string) =>
      composeMail(language, address, {
        subject: code.subject,
        paragraphs: [code.intro(provider)],
        code: { intro: code.code, value },
        ending: [code.notYou],
      }),
  }
}
