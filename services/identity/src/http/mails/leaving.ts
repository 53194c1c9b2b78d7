import type { LetterContent } from '../../domain/mail/letter.ts'
import type { Language } from '../language/language.ts'
import { forgotPasswordPath, keepAccountPath } from '../paths.ts'
import { composeMail } from './compose.tsx'

/** The letters to somebody who leaves; their links start at the issuer, whatever host a request named. */
export function leavingLetters(language: Language, issuer: string) {
  const { mails, moment } = language.words.leaving
  return {
    /** When the account goes, and the way back until then. */
    leaving: (address: string, leavesAt: Date, keepToken: string): LetterContent => {
      const { subject, intro, effect, action, notYou } = mails.leaving
      return composeMail(language, address, {
        subject,
        paragraphs: [intro(moment(leavesAt)), effect],
        action: { label: action, href: `${issuer}${keepAccountPath(keepToken)}` },
        ending: [notYou],
      })
    },
    kept: (address: string): LetterContent => {
      const { subject, intro, action, nothing } = mails.kept
      return composeMail(language, address, {
        subject,
        paragraphs: [intro],
        action: { label: action, href: `${issuer}${forgotPasswordPath(undefined)}` },
        ending: [nothing],
      })
    },
    /** The last letter: nothing is left to do. */
    deleted: (address: string): LetterContent => {
      const { subject, intro, applications, last } = mails.deleted
      return composeMail(language, address, {
        subject,
        paragraphs: [intro, applications],
        ending: [last],
      })
    },
  }
}
