import type { CloneLetter } from '../../domain/passkeys/accept.ts'
import type { PasskeyChange } from '../../domain/factors/add-passkey.ts'
import type { LetterContent } from '../../domain/mail/letter.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { Language } from '../language/language.ts'
import { paths } from '../paths.ts'
import { composeMail } from './compose.tsx'
import { newsLetters } from './news.ts'

/**
 * Letters about passkeys; their links start at the issuer, whatever host a request named. The names of passkeys stay
 * out: whoever added one chose it, perhaps to be read here.
 */
export function passkeyLetters(language: Language, issuer: string, notMe: NotMeLinks) {
  const { mails } = language.words.passkeys
  const { when } = language.words.errorDetails
  const news = newsLetters(language, issuer, notMe)

  const letter = (kind: 'added' | 'removed', { userId, email, id, at }: PasskeyChange) => {
    const { subject, intro, effect } = mails[kind]
    const change = kind === 'added' ? id : undefined
    const paragraphs = [intro(when(at)), effect]
    return news({ userId, email, because: 'factor-change', change }, at, { subject, paragraphs })
  }
  const cloned: CloneLetter = ({ email, at }) => {
    const { subject, intro, effect, action, nothing } = mails.cloned
    return composeMail(language, email, {
      subject,
      paragraphs: [intro(when(at)), effect],
      action: { label: action, href: `${issuer}${paths.passkeys}` },
      ending: [nothing],
    })
  }
  return {
    added: (change: PasskeyChange): LetterContent => letter('added', change),
    removed: (change: PasskeyChange): LetterContent => letter('removed', change),
    cloned,
  }
}
export type PasskeyLetters = ReturnType<typeof passkeyLetters>
