import type { LetterContent } from '../../domain/mail/letter.ts'
import type { Language } from '../language/language.ts'
import { paths } from '../paths.ts'
import { composeMail } from './compose.tsx'

/** Letters about accounts at other services; what those say of a person stays out of them. */
export function upstreamLetters(language: Language, issuer: string) {
  const { mails } = language.words.upstream
  const { when } = language.words.errorDetails
  const to = (address: string) => ({ name: '', address })
  const news = (address: string, subject: string, intro: string): LetterContent =>
    composeMail(language, to(address), {
      subject,
      paragraphs: [intro],
      action: { label: mails.action, href: `${issuer}${paths.connections}` },
      ending: [mails.notYou],
    })
  return {
    linked: (provider: string) => (address: string, at: Date) =>
      news(address, mails.linked.subject(provider), mails.linked.intro(when(at))),
    unlinked: (provider: string, address: string, at: Date) =>
      news(address, mails.unlinked.subject(provider), mails.unlinked.intro(when(at))),
    code: (provider: string, address: string, code: string) =>
      composeMail(language, to(address), {
        subject: mails.code.subject,
        paragraphs: [mails.code.intro(provider)],
        code: { intro: mails.code.code, value: code },
        ending: [mails.code.notYou],
      }),
  }
}
