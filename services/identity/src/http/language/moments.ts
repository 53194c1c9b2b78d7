import { timeZoneOf } from '../../domain/users/profile-values.ts'

/** Times as a person reads them: in the language of the page, at the place that the profile names, else in UTC. */
export interface Moments {
  readonly day: (at: Date) => string
  readonly time: (at: Date) => string
  readonly full: (at: Date) => string
}

// Latin digits in Arabic, as the words of the pages have them.
const TAGS: Readonly<Record<string, string>> = { en: 'en-GB', ar: 'ar-u-nu-latn' }

const DAY = { day: 'numeric', month: 'long', year: 'numeric' } as const
const SHORT_DAY = { ...DAY, month: 'short' } as const
const TIME = {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
} as const

export function createMoments(lang: string, zoneinfo: string | undefined): Moments {
  const tag = TAGS[lang] ?? lang
  const zone = timeZoneOf(zoneinfo ?? '')
  // Operators may have written anything into a profile.
  const timeZone = 'value' in zone ? (zone.value ?? 'UTC') : 'UTC'
  const format = (options: Intl.DateTimeFormatOptions) => {
    // Costly to make, and few pages use all three.
    let formatter: Intl.DateTimeFormat | undefined
    return (at: Date) =>
      (formatter ??= new Intl.DateTimeFormat(tag, { ...options, timeZone })).format(at)
  }
  return { day: format(DAY), time: format(TIME), full: format({ ...SHORT_DAY, ...TIME }) }
}
