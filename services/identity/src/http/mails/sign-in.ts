import type { LetterContent } from '../../domain/mail/letter.ts'
import { deviceName } from '../device-name.ts'
import type { Language } from '../language/language.ts'
import { paths } from '../paths.ts'
import { composeMail } from './compose.tsx'
import { tokenLink } from './link.ts'

/** Where and when somebody signed in. */
export interface SignInFacts {
  readonly at: Date
  readonly ip: string
  readonly userAgent: string | undefined
}

/** Letters about signing in; their links start at the issuer, whatever host a request named. */
export function signInLetters(language: Language, issuer: string) {
  const { newDevice, lockOut } = language.words.signIn.mails
  return {
    /** That somebody signed in on a device that the account has not been used on. */
    newDevice(address: string, { at, ip, userAgent }: SignInFacts, token: string): LetterContent {
      const { browser, system } = deviceName(userAgent)
      const names = [browser, system].filter((name) => name !== undefined)
      const device = names.length === 0 ? newDevice.unknownDevice : names.join(', ')
      return composeMail(language, address, {
        subject: newDevice.subject,
        paragraphs: [
          newDevice.intro,
          newDevice.device(device),
          newDevice.time(language.words.errorDetails.when(at)),
          newDevice.network(ip),
        ],
        action: { label: newDevice.action, href: tokenLink(issuer, paths.notMe, token) },
        ending: [newDevice.nothing, language.words.change.mails.notMeValidity],
      })
    },
    /** That an account's tries are used up, with the way round for its owner. */
    lockOut(address: string, token: string): LetterContent {
      return composeMail(language, address, {
        subject: lockOut.subject,
        paragraphs: [lockOut.intro, lockOut.effect],
        action: { label: lockOut.action, href: tokenLink(issuer, paths.unlock, token) },
        ending: [lockOut.validity, lockOut.notYou],
      })
    },
  }
}
