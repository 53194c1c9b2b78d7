import { addSeconds } from '../../platform/clock.ts'

/** The times of a signing key; everything else about it follows. */
export interface KeyTimes {
  readonly id: string
  readonly publishedAt: Date
  readonly signsFrom: Date
  readonly retiredAt: Date | null
  readonly withdrawnAt: Date | null
  readonly revokedAt: Date | null
}

export type KeyState = 'next' | 'signing' | 'retired' | 'withdrawn' | 'revoked'

export function keyState(key: KeyTimes, at: Date): KeyState {
  if (key.revokedAt !== null && key.revokedAt <= at) return 'revoked'
  if (key.withdrawnAt !== null && key.withdrawnAt <= at) return 'withdrawn'
  if (key.retiredAt !== null && key.retiredAt <= at) return 'retired'
  return key.signsFrom <= at ? 'signing' : 'next'
}

/** In the JWKS: before it signs, while it signs, and until the last token it signed has expired. */
export function isPublished(key: KeyTimes, at: Date): boolean {
  const state = keyState(key, at)
  return key.publishedAt <= at && (state === 'next' || state === 'signing' || state === 'retired')
}

/** The key that signs at a moment: the newest of those whose time has come. */
export function signingKeyAt<K extends KeyTimes>(keys: readonly K[], at: Date): K | undefined {
  return keys
    .filter((key) => key.revokedAt === null && key.signsFrom <= at)
    .toSorted((a, b) => b.signsFrom.getTime() - a.signsFrom.getTime())[0]
}

/** The key for an answer of some moment ago; when that moment's keys were revoked since, the first after it. */
export function signingKeyFor<K extends KeyTimes>(keys: readonly K[], at: Date): K | undefined {
  const later = keys
    .filter((key) => key.revokedAt === null)
    .toSorted((a, b) => a.signsFrom.getTime() - b.signsFrom.getTime())
  return signingKeyAt(keys, at) ?? later[0]
}

/** How long verifiers may go on with the JWKS they have: `max-age` and `stale-while-revalidate` of our answer. */
export const JWKS_CACHE_SECONDS = 360
/** How long a key is public before it signs, so that every verifier has met it. */
export const PUBLISH_AHEAD_SECONDS = 86_400
/** How long a key signs before the next one takes over. */
export const SIGNING_SECONDS = 90 * 86_400

export interface RotationPlan {
  /** When the new key begins to sign; its predecessor retires at that moment. */
  readonly signsFrom: Date
  readonly retires: string | undefined
  /** When the retired key leaves the JWKS. */
  readonly withdrawnAt: Date
}

/** Whether a key has to be made now, and its times. Pure: the same answer on every node. */
export function planRotation(
  keys: readonly KeyTimes[],
  at: Date,
  longestTokenSeconds: number,
): RotationPlan | undefined {
  const current = signingKeyAt(keys, at)
  if (current === undefined) return rotationAt(at, undefined, longestTokenSeconds)
  const hasNext = keys.some((key) => keyState(key, at) === 'next')
  const due = addSeconds(current.signsFrom, SIGNING_SECONDS - PUBLISH_AHEAD_SECONDS)
  if (hasNext || at < due) return undefined
  return rotationAt(addSeconds(at, PUBLISH_AHEAD_SECONDS), current.id, longestTokenSeconds)
}

export function rotationAt(
  signsFrom: Date,
  retires: string | undefined,
  longestTokenSeconds: number,
): RotationPlan {
  return {
    signsFrom,
    retires,
    withdrawnAt: addSeconds(signsFrom, longestTokenSeconds + JWKS_CACHE_SECONDS),
  }
}
