import { addSeconds } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Settings } from '../settings/settings.ts'
import { type EmailAddress, parseEmail } from '../users/email.ts'

/** Lets one mailbox make an account where registration is not open to everybody. */
export interface Invitation {
  /** Tells one invitation from another, so that each is good for one account. */
  readonly id: string
  readonly email: EmailAddress
  /** Roles that the account begins with, as far as they still exist then. */
  readonly roles: readonly string[]
  readonly expiresAt: Date
}

const INVITATION_TTL_SECONDS = 7 * 86_400

interface Sealed {
  readonly i: string
  readonly m: string
  readonly r: readonly string[]
  /** End, in milliseconds since 1970. */
  readonly e: number
}

/** Invitations travel sealed in their links; no row is kept of one until it is used. */
export function createInvitations(ring: KeyRing) {
  return {
    seal({ id, email, roles, expiresAt }: Invitation): string {
      const content: Sealed = { i: id, m: email, r: roles, e: expiresAt.getTime() }
      return ring.seal('invitation', JSON.stringify(content))
    },

    /** What a token says, unless we did not make it or it had expired at that moment. */
    open(token: string, at: Date): Invitation | undefined {
      const text = ring.open('invitation', token)
      if (text === undefined) return undefined
      const { i, m, r, e } = JSON.parse(text) as Sealed
      const email = parseEmail(m)
      if (email === undefined || at.getTime() >= e) return undefined
      return { id: i, email, roles: r, expiresAt: new Date(e) }
    },
  }
}
export type Invitations = ReturnType<typeof createInvitations>

/** When an invitation made now ends. */
export function invitationEnd(now: Date): Date {
  return addSeconds(now, INVITATION_TTL_SECONDS)
}

/** Whether an account may be made, with an invitation or without one. */
export function mayRegister(signUp: Settings['sign_up'], isInvited: boolean): boolean {
  return signUp === 'open' || (signUp === 'invited' && isInvited)
}
