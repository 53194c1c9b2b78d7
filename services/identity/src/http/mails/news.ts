import type { LetterContent } from '../../domain/mail/letter.ts'
import type { NotMe, NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { Language } from '../language/language.ts'
import { paths } from '../paths.ts'
import { type MailText, composeMail } from './compose.tsx'
import { tokenLink } from './link.ts'

/** What a letter tells of, and the account that it happened to. */
export interface Happened extends NotMe {
  readonly email: string
}

/** Writes letters about something that the person may not have done themselves; each ends in "this wasn't me". */
export function newsLetters(language: Language, issuer: string, notMe: NotMeLinks) {
  const { notMe: label, nothing, notMeValidity } = language.words.change.mails
  return (
    about: Happened,
    at: Date,
    text: Pick<MailText, 'subject' | 'paragraphs'>,
  ): LetterContent =>
    composeMail(language, about.email, {
      ...text,
      action: { label, href: tokenLink(issuer, paths.notMe, notMe.seal(about, at)) },
      ending: [nothing, notMeValidity],
    })
}
