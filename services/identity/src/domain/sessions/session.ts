import { AAL1, AAL2 } from '../oauth/acr.ts'
import type { ClaimSource } from '../users/claims.ts'

/** Authentication methods by RFC 8176 §2. */
export const PASSWORD_AMR: readonly string[] = ['pwd']
/** Another provider's word; RFC 8176 knows no name for it. */
export const FEDERATED_AMR: readonly string[] = ['fed']

/** The same, of a provider that the operator has said does both steps. */
export const VOUCHED_AMR: readonly string[] = ['fed', 'mfa']

/**
 * What was shown to this service itself. A provider's word for a second factor is good for signing in; it cannot be
 * asked to have one shown now, so it is not enough for what a second factor of ours protects (docs/decisions/0027).
 */
export function shownHere({ acr, amr }: Pick<Session, 'acr' | 'amr'>): string {
  return amr.every((method) => VOUCHED_AMR.includes(method)) ? AAL1 : acr
}

/** What a sign-in has shown, and is worth, once a second factor comes on top (RFC 8176 §2, mfa). */
export function withSecondFactor(before: readonly string[], shown: readonly string[]) {
  return { amr: [...new Set([...before, ...shown, 'mfa'])], acr: AAL2 }
}

/** How many people may be signed in at one browser at a time; each costs 44 characters of its cookie. */
export const MAX_ACCOUNTS = 5

/** A signed-in browser. */
export interface Session {
  readonly id: string
  /** SHA-256 of the cookie value that stands for it. */
  readonly tokenHash: string
  readonly userId: string
  readonly authTime: Date
  readonly amr: readonly string[]
  readonly acr: string
  readonly lastSeenAt: Date
  readonly expiresAt: Date
}

/** How long a sign-in made for a request counts as new: reading a consent page takes a while. */
const STILL_THIS_REQUEST_SECONDS = 600

/** Whether the person signed in for this request: after it came, and not so long ago that it is being replayed. */
export function isSignInFor({ authTime }: Session, requestedAt: Date, now: Date): boolean {
  const ageSeconds = (now.getTime() - authTime.getTime()) / 1000
  return authTime >= requestedAt && ageSeconds <= STILL_THIS_REQUEST_SECONDS
}

/** How long after a proof a person may change what others must not: NIST SP 800-63B-4 §2.2.3 leaves it to us. */
export const FRESH_SECONDS = 600

/** Whether the last proof is recent enough for a change to the account. */
export function isFresh({ authTime }: Pick<Session, 'authTime'>, now: Date): boolean {
  return (now.getTime() - authTime.getTime()) / 1000 <= FRESH_SECONDS
}

/** A live session as its person looks at it, to know the device again. */
export interface SignedInDevice {
  readonly id: string
  readonly createdAt: Date
  readonly lastSeenAt: Date
  readonly authTime: Date
  readonly ip: string | null
  readonly userAgent: string | null
}

/** A live session with the person behind it. */
export interface SignedIn {
  readonly session: Session
  readonly account: Account
}

/** The people signed in at one browser. */
export interface Everybody {
  /** Whom its requests act for; undefined when nobody is, though others may be signed in. */
  readonly active: SignedIn | undefined
  readonly others: readonly SignedIn[]
}

/** Everybody in one list, the active one first. */
export function everyone({ active, others }: Everybody): readonly SignedIn[] {
  return active === undefined ? others : [active, ...others]
}

/** The sessions of everybody, the active one first. */
export function sessionsOf(everybody: Everybody): Session[] {
  return everyone(everybody).map(({ session }) => session)
}

export interface Account extends ClaimSource {
  readonly id: string
  readonly roles: readonly string[]
}

/** A live session as one client's request meets it: with what the person already allowed that client. */
export interface Standing extends SignedIn {
  readonly permissions: readonly string[]
  readonly consentedAt: Date | undefined
}
