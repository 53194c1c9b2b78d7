import type { LetterContent } from '../../domain/mail/letter.ts'
import type { Language } from '../language/language.ts'
import { invitationPath } from '../paths.ts'
import { composeMail } from './compose.tsx'

/** The letter that invites somebody to make an account. */
export function invitationLetter(
  language: Language,
  issuer: string,
  address: string,
  token: string,
): LetterContent {
  const { subject, intro, action, validity, notYou } = language.words.invitation.mails
  return composeMail(language, address, {
    subject,
    paragraphs: [intro],
    action: { label: action, href: `${issuer}${invitationPath(token)}` },
    ending: [validity, notYou],
  })
}
