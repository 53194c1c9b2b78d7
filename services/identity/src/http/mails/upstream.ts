import type { LinkNews } from '../../domain/identities/link.ts'
import type { LetterContent } from '../../domain/mail/letter.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { Language } from '../language/language.ts'
import { paths } from '../paths.ts'
import { composeMail } from './compose.tsx'

/** Letters about accounts at other services; what those say of a person stays out of them. */
export function upstreamLetters(language: Language, issuer: string, notMe: NotMeLinks) {
  const { mails } = language.words.upstream
  const { notMe: action, nothing, notMeValidity } = language.words.change.mails
  const { when } = language.words.errorDetails
  const to = (address: string) => ({ name: '', address })
  const news = (
    { userId, email, at }: LinkNews,
    subject: string,
    intro: (when: string) => string,
  ): LetterContent => {
    const token = notMe.seal({ userId, because: 'connection-change', email }, at)
    return composeMail(language, to(email), {
      subject,
      paragraphs: [intro(when(at))],
      action: { label: action, href: `${issuer}${paths.notMe}?token=${encodeURIComponent(token)}` },
      ending: [nothing, notMeValidity],
    })
  }
  return {
    linked: (provider: string) => (told: LinkNews) =>
      news(told, mails.linked.subject(provider), mails.linked.intro),
    unlinked: (provider: string, told: LinkNews) =>
      news(told, mails.unlinked.subject(provider), mails.unlinked.intro),
    code: (provider: string, address: string, code: string) =>
      composeMail(language, to(address), {
        subject: mails.code.subject,
        paragraphs: [mails.code.intro(provider)],
        code: { intro: mails.code.code, value: code },
        ending: [mails.code.notYou],
      }),
  }
}
