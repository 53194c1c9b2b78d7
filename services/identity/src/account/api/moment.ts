import { z } from 'zod'

/** A time in an answer: UTC, by RFC 3339. */
export const Moment = z.iso.datetime()

/** The time as an answer shows it. */
export const moment = (at: Date): string => at.toISOString()

/** The same for a time that may not have been. */
export const momentOrNull = (at: Date | null | undefined): string | null =>
  at === null || at === undefined ? null : moment(at)
