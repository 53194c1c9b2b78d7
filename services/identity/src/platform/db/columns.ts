import { timestamp } from 'drizzle-orm/pg-core'

/** A point in time with the milliseconds that a JavaScript Date holds, so that what was written is what is read. */
export function instant(name: string) {
  return timestamp(name, { withTimezone: true, mode: 'date', precision: 3 })
}
