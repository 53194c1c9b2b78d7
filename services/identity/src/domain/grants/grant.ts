import type { ClaimsRequest } from '../authorization/claims-request.ts'
import type { ProfileClaims } from '../users/claims.ts'
import type { GrantEnd } from './schema.ts'

/** A grant's row with the person behind it, as token issuance needs them. */
export interface Grant {
  readonly id: string
  readonly clientId: string
  readonly sessionId: string
  readonly scopes: readonly string[]
  readonly resources: readonly string[]
  readonly claimsRequest: ClaimsRequest | null
  readonly authTime: Date
  readonly amr: readonly string[]
  readonly acr: string
  readonly refreshable: boolean
  readonly salt: string
  readonly generation: number
  readonly rotatedAt: Date
  readonly issuedScopes: readonly string[]
  readonly issuedAudience: string
  readonly idleExpiresAt: Date
  readonly expiresAt: Date
  readonly endedAt: Date | null
  readonly endedBecause: GrantEnd | null
  readonly user: GrantUser
}

export interface GrantUser {
  readonly id: string
  readonly email: string
  readonly emailVerified: boolean
  readonly claims: ProfileClaims
  readonly roles: readonly string[]
  readonly updatedAt: Date
}

/** A grant as its session and user stand now. */
export interface GrantStanding extends Grant {
  readonly sessionEndedAt: Date | null
  readonly userDisabledAt: Date | null
}

/** Whether tokens of the grant count at all: nothing ended it, its session or its user. */
export function isAlive(grant: GrantStanding): boolean {
  return grant.endedAt === null && grant.sessionEndedAt === null && grant.userDisabledAt === null
}

export type RefreshVerdict = 'repeat' | 'replayed' | 'dead' | 'expired' | 'foreign' | 'current'

export interface RefreshAttempt {
  readonly clientId: string
  readonly generation: number
  readonly salt: string
}

/** Why a rotation met no row: what a genuine refresh token that did not rotate deserves. */
export function refreshVerdict(
  grant: GrantStanding | undefined,
  attempt: RefreshAttempt,
  now: Date,
  graceSeconds: number,
): RefreshVerdict {
  if (grant === undefined || grant.salt !== attempt.salt) return 'dead'
  // A token in another client's hands is refused without hurting its owner (RFC 6749 §5.2).
  if (grant.clientId !== attempt.clientId) return 'foreign'
  if (!isAlive(grant)) return 'dead'
  if (grant.expiresAt <= now || grant.idleExpiresAt <= now) return 'expired'
  // The newest token of a living grant: what was asked with it went too far.
  if (attempt.generation === grant.generation) return 'current'
  // Only the immediate predecessor, and only for a moment: a lost answer or a second tab, not a thief with time.
  const sinceRotation = now.getTime() - grant.rotatedAt.getTime()
  const isPredecessor = attempt.generation === grant.generation - 1
  return isPredecessor && sinceRotation <= graceSeconds * 1000 ? 'repeat' : 'replayed'
}
