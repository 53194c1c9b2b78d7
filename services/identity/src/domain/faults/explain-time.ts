import { type Check, wordsOf } from './checks.ts'
import type { Why } from './why.ts'

/** Something came after its time: how long after, in words. */
export function explainExpiry(check: Check, expiresAt: Date, now: Date): Why {
  return {
    check,
    received: { expires_at: expiresAt.toISOString(), now: now.toISOString() },
    advice: `It expired ${span(expiresAt, now)} ago by the clock of this service. ${wordsOf(check).fix}`,
  }
}

/** A span of time in the largest unit that keeps it readable. */
export function span(from: Date, to: Date): string {
  const seconds = Math.abs(to.getTime() - from.getTime()) / 1000
  const [amount, unit] =
    seconds < 120
      ? [seconds, 'second']
      : seconds < 7200
        ? [seconds / 60, 'minute']
        : seconds < 172_800
          ? [seconds / 3600, 'hour']
          : [seconds / 86_400, 'day']
  const rounded = amount < 10 ? Math.round(amount * 10) / 10 : Math.round(amount)
  return `${rounded} ${unit}${rounded === 1 ? '' : 's'}`
}
