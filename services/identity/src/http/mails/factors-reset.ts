import type { LetterContent } from '../../domain/mail/letter.ts'
import type { Language } from '../language/language.ts'
import { paths } from '../paths.ts'
import { composeMail } from './compose.tsx'

/** The letter to a person whose second factors an operator has removed. */
export function factorsResetLetter(
  language: Language,
  issuer: string,
  address: string,
  at: Date,
  keptPasskeys: boolean,
): LetterContent {
  const { subject, intro, effect, passkeysStay, action, notYou } = language.words.factorsReset.mails
  return composeMail(language, address, {
    subject,
    paragraphs: [
      intro(language.words.errorDetails.when(at)),
      effect,
      ...(keptPasskeys ? [passkeysStay] : []),
    ],
    action: { label: action, href: `${issuer}${paths.twoStep}` },
    ending: [notYou],
  })
}
