import type { ProofLetters } from '../../domain/mailbox-proofs/send.ts'
import type { Language } from '../language/language.ts'
import { paths } from '../paths.ts'
import { composeMail } from './compose.tsx'
import { tokenLink } from './link.ts'

/** The letters of registration; their links start at the issuer, whatever host a request named. */
export function registrationLetters(language: Language, issuer: string): ProofLetters {
  const { registration, alreadyRegistered } = language.words.mails
  return {
    // The name that was typed stays out: strangers would choose what we write to a mailbox.
    proof: (address, code, link) =>
      composeMail(language, address, {
        subject: registration.subject,
        paragraphs: [registration.intro],
        code: { intro: registration.code, value: code },
        action: {
          label: registration.action,
          href: tokenLink(issuer, paths.verifyEmail, link),
        },
        ending: [registration.validity, registration.notYou],
      }),
    exists: (address) =>
      composeMail(language, address, {
        subject: alreadyRegistered.subject,
        paragraphs: [alreadyRegistered.intro, alreadyRegistered.forgotten],
        action: { label: alreadyRegistered.action, href: `${issuer}${paths.login}` },
        ending: [alreadyRegistered.notYou],
      }),
  }
}
