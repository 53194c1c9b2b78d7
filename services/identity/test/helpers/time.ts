import type { Identity } from './identity.ts'

/** The service's present time in seconds since 1970. */
export function secondsOf(identity: Identity): number {
  return Math.floor(identity.clock.now() / 1000)
}

/** The service's present time, for checks of signatures made on it. */
export function dateOf(identity: Identity): Date {
  return new Date(identity.clock.now())
}
