import type { ClaimSource } from '../users/claims.ts'

/** Authentication methods by RFC 8176 §2. */
export const PASSWORD_AMR: readonly string[] = ['pwd']

/** One factor; `aal2` (a second factor in this sign-in) takes its place beside it with factors. */
export const AAL1 = 'aal1'
export const SUPPORTED_ACR: readonly string[] = [AAL1]

/** A signed-in browser. */
export interface Session {
  readonly id: string
  readonly userId: string
  readonly authTime: Date
  readonly amr: readonly string[]
  readonly acr: string
  readonly lastSeenAt: Date
  readonly expiresAt: Date
}

/** A live session with the person behind it. */
export interface SignedIn {
  readonly session: Session
  readonly account: Account
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
