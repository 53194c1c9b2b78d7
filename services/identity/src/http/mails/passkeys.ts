import type { CloneLetter } from '../../domain/passkeys/accept.ts'
import type { PasskeyChange } from '../../domain/factors/add-passkey.ts'
import type { LetterContent } from '../../domain/mail/letter.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { Language } from '../language/language.ts'
import { paths } from '../paths.ts'
import { composeMail } from './compose.tsx'

/**
 * Letters about passkeys; their links start at the issuer, whatever host a request named. The names of passkeys stay
 * out: whoever added one chose it, perhaps to be read here.
 */
export function passkeyLetters(language: Language, issuer: string, notMe: NotMeLinks) {
  const { mails } = language.words.passkeys
  const { notMe: action, nothing, notMeValidity } = language.words.change.mails
  const { when: said } = language.words.errorDetails

  const news = (kind: 'added' | 'removed', { userId, email, id, at }: PasskeyChange) => {
    const { subject, intro, effect } = mails[kind]
    const change = kind === 'added' ? id : undefined
    const token = notMe.seal({ userId, because: 'factor-change', change, email }, at)
    const href = `${issuer}${paths.notMe}?token=${encodeURIComponent(token)}`
    return composeMail(
      language,
      { name: '', address: email },
      {
        subject,
        paragraphs: [intro(said(at)), effect],
        action: { label: action, href },
        ending: [nothing, notMeValidity],
      },
    )
  }
  const cloned: CloneLetter = ({ email, at }) => {
    const { subject, intro, effect, action: look, nothing: harmless } = mails.cloned
    return composeMail(
      language,
      { name: '', address: email },
      {
        subject,
        paragraphs: [intro(said(at)), effect],
        action: { label: look, href: `${issuer}${paths.passkeys}` },
        ending: [harmless],
      },
    )
  }
  return {
    added: (change: PasskeyChange): LetterContent => news('added', change),
    removed: (change: PasskeyChange): LetterContent => news('removed', change),
    cloned,
  }
}
export type PasskeyLetters = ReturnType<typeof passkeyLetters>
