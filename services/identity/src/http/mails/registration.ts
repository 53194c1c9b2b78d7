import type { Letters } from '../../domain/registrations/ask.ts'
import type { Language } from '../language/language.ts'
import { paths } from '../paths.ts'
import { composeMail } from './compose.tsx'

/** The letters of registration; their links start at the issuer, whatever host a request named. */
export function registrationLetters(language: Language, issuer: string): Letters {
  const { registration, alreadyRegistered } = language.words.mails
  const to = (address: string) => ({ name: '', address })
  return {
    // The name that was typed stays out: strangers would choose what we write to a mailbox.
    proof: (address, code, link) =>
      composeMail(language, to(address), {
        subject: registration.subject,
        paragraphs: [registration.intro],
        code: { intro: registration.code, value: code },
        action: {
          label: registration.action,
          href: `${issuer}${paths.verifyEmail}?token=${encodeURIComponent(link)}`,
        },
        ending: [registration.validity, registration.notYou],
      }),
    exists: (address) =>
      composeMail(language, to(address), {
        subject: alreadyRegistered.subject,
        paragraphs: [alreadyRegistered.intro, alreadyRegistered.forgotten],
        action: { label: alreadyRegistered.action, href: `${issuer}${paths.login}` },
        ending: [alreadyRegistered.notYou],
      }),
  }
}
