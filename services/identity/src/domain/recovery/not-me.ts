import { addSeconds } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { type EmailAddress, parseEmail } from '../users/email.ts'

/** How long "this wasn't me" works: long enough for a person who was away for a while. */
export const NOT_ME_TTL_SECONDS = 604_800

export type NotMeReason =
  | 'new-device'
  | 'sign-in-code'
  | 'email-change'
  | 'password-change'
  | 'factor-change'
  | 'connection-change'

/** What a letter told of, for the person who answers "this wasn't me". */
export interface NotMe {
  readonly userId: string
  readonly because: NotMeReason
  /** Where the letter went: the address that the account gets back when it has lost it since. */
  readonly email?: string | undefined
  /** The change of address that the letter told of, or the second factor that was added. */
  readonly change?: string | undefined
}

/** What a link says, and when it was made; whether it still holds is for the account to tell. */
export interface NotMeLink extends Omit<NotMe, 'email'> {
  readonly email: EmailAddress | undefined
  readonly at: Date
}

interface Sealed {
  readonly u: string
  readonly b: NotMeReason
  readonly m?: string | undefined
  readonly c?: string | undefined
  /** When it was made, in milliseconds since 1970. */
  readonly a: number
}

/** Links by which a person says that a change was not theirs. Nothing is kept of them. */
export function createNotMeLinks(ring: KeyRing) {
  return {
    seal({ userId, because, email, change }: NotMe, now: Date): string {
      const content: Sealed = { u: userId, b: because, m: email, c: change, a: now.getTime() }
      return ring.seal('not-me', JSON.stringify(content))
    },

    /** The link behind a token, unless it was not made by us, or longer than seven days ago. */
    open(token: string, now: Date): NotMeLink | undefined {
      const text = ring.open('not-me', token)
      if (text === undefined) return undefined
      const { u: userId, b: because, m, c: change, a } = JSON.parse(text) as Sealed
      const at = new Date(a)
      if (now >= addSeconds(at, NOT_ME_TTL_SECONDS)) return undefined
      const email = m === undefined ? undefined : parseEmail(m)
      return { userId, because, email, change, at }
    },
  }
}
export type NotMeLinks = ReturnType<typeof createNotMeLinks>
