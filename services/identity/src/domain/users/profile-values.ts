/** Why a value cannot be taken. */
export type ProfileFault =
  'too_long' | 'characters' | 'url' | 'https' | 'birthdate' | 'time_zone' | 'language' | 'phone'

/** A value in the form that is kept, undefined for none, or why it cannot be. */
export type ParsedValue = { readonly value: string | undefined } | { readonly fault: ProfileFault }

// Controls, separators of lines, and what turns the direction of the text after it: a name must not rewrite the
// page of an application that shows it.
const UNFIT = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/u
const UNFIT_IN_LINES = /(?!\n)[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/u
const VISIBLE = /[^\p{Z}\p{Cf}\p{M}\s]/u

/** One line of text as it is kept (NFC, trimmed); nothing when there is nothing to see. */
export function lineOf(typed: string): ParsedValue {
  return textOf(typed, UNFIT)
}

/** Several lines of text. */
export function linesOf(typed: string): ParsedValue {
  return textOf(typed.replace(/\r\n?/g, '\n'), UNFIT_IN_LINES)
}

function textOf(typed: string, unfit: RegExp): ParsedValue {
  if (!typed.isWellFormed()) return { fault: 'characters' }
  const text = typed.normalize('NFC').trim()
  if (unfit.test(text)) return { fault: 'characters' }
  return { value: VISIBLE.test(text) ? text : undefined }
}

/** A web address. What applications show as a link or a picture must not run, nor hide a name before the host. */
export function webAddressOf(typed: string, secure: boolean): ParsedValue {
  const fault = secure ? 'https' : 'url'
  const line = lineOf(typed)
  if ('fault' in line || line.value === undefined) return line
  if (!URL.canParse(line.value)) return { fault }
  const { protocol, username, password, href } = new URL(line.value)
  const fits = protocol === 'https:' || (!secure && protocol === 'http:')
  return fits && username === '' && password === '' ? { value: href } : { fault }
}

/** OIDC Core 1.0 §5.1: YYYY-MM-DD, 0000 for a year that is not told, or the year alone. */
export function birthdateOf(typed: string, now: Date): ParsedValue {
  const text = typed.trim()
  if (text === '') return { value: undefined }
  const fault = { fault: 'birthdate' } as const
  const [, year, month, day] = /^(\d{4})(?:-(\d{2})-(\d{2}))?$/.exec(text) ?? []
  if (year === undefined) return fault
  if (month === undefined || day === undefined)
    return year !== '0000' && Number(year) <= now.getUTCFullYear() ? { value: text } : fault
  // An untold year may be one with a 29 February.
  const date = `${year === '0000' ? '2000' : year}-${month}-${day}`
  const at = new Date(`${date}T00:00:00Z`)
  const exists = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date)
  return exists && at <= now ? { value: text } : fault
}

const ZONES: ReadonlyMap<string, string> = new Map(
  [...Intl.supportedValuesOf('timeZone'), 'UTC'].map((zone) => [zone.toLowerCase(), zone]),
)

/** A name of the IANA time zone database; also the newer names, which the list of Intl leaves out. */
export function timeZoneOf(typed: string): ParsedValue {
  const text = typed.trim()
  if (text === '') return { value: undefined }
  const listed = ZONES.get(text.toLowerCase())
  if (listed !== undefined) return { value: listed }
  return /^[A-Z][A-Za-z]+(?:[/_+-][A-Za-z0-9]+)+$/.test(text) && isZone(text)
    ? { value: text }
    : { fault: 'time_zone' }
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** A language tag of BCP 47; OIDC Core 1.0 §5.1 knows the underscore, too. */
export function languageTagOf(typed: string): ParsedValue {
  const text = typed.trim().replaceAll('_', '-')
  if (text === '') return { value: undefined }
  try {
    const [tag] = Intl.getCanonicalLocales(text)
    return { value: tag }
  } catch {
    return { fault: 'language' }
  }
}

/** A telephone number in the form of E.164, without the marks that people write between its digits. */
export function phoneOf(typed: string): ParsedValue {
  const text = typed.replace(/[\s().\-\u2010-\u2013]/g, '')
  if (text === '') return { value: undefined }
  return /^\+[1-9]\d{6,14}$/.test(text) ? { value: text } : { fault: 'phone' }
}
