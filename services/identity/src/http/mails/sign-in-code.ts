import type { LetterContent } from '../../domain/mail/letter.ts'
import type { Language } from '../language/language.ts'
import { paths } from '../paths.ts'
import { composeMail } from './compose.tsx'
import { tokenLink } from './link.ts'

/** The letter with the code of a sign-in, and the way out for somebody whose sign-in it is not. */
export function signInCodeLetter(
  language: Language,
  issuer: string,
  address: string,
  code: string,
  notMeToken: string,
): LetterContent {
  const { subject, intro, validity, notYou, action } = language.words.signInCode.mails
  return composeMail(language, address, {
    subject,
    paragraphs: [],
    code: { intro, value: code },
    action: {
      label: action,
      href: tokenLink(issuer, paths.notMe, notMeToken),
    },
    ending: [validity, notYou],
  })
}
