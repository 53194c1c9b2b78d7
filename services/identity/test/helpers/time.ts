import type { Identity } from './identity.ts'

/** The service's present time in seconds since 1970, whatever unit its clock counts in. */
export function secondsOf(identity: Identity): number {
  const now = identity.clock.now()
  return Math.floor(now > 100_000_000_000 ? now / 1000 : now)
}

/** The service's present time, for checks of signatures made on it. */
export function dateOf(identity: Identity): Date {
  return new Date(secondsOf(identity) * 1000)
}
