/**
 * What may be kept of a request and its settings. Whatever is not in this list never is: no code, token or password.
 */
const SHOWN = [
  'client_id',
  'redirect_uri',
  'post_logout_redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'resource',
  'prompt',
  'max_age',
  'code_challenge_method',
  'grant_type',
  'grant_types',
  'token_endpoint_auth_method',
  'issuer',
  'typ',
  'audience',
  'origin',
  'acr',
  'acr_values',
  'amr',
  'method',
  'content_type',
  'parameter',
  'characters',
  'expires_at',
  'issued_at',
  'now',
  'reason',
] as const
export type Shown = (typeof SHOWN)[number]

/** Named values that were expected, or that came. */
export type Facts = Readonly<Partial<Record<Shown, string>>>

const MAX_CHARACTERS = 500
/** Looked at before anything else, so that no pattern meets an endless text. */
const MAX_LOOKED_AT = 1000
// eslint-disable-next-line no-control-regex -- a terminal would obey them, and PostgreSQL takes no NUL
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g
const USER_INFORMATION = /\/\/[^/?#\s]*@/g
const EMAIL_ADDRESS = /[^\s@/?&=:,;"'<>()]+(?:@|%40)[^\s@/?&=:,;"'<>()%]+\.[a-z]{2,}/gi
const LONG_WORD = /[\w-]{24,}/g
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/**
 * Text as it may be kept: bounded, printable, without addresses of people and without what looks like a secret. The
 * list above is what keeps secrets away; this is for those that somebody put where they do not belong.
 */
export function shownText(text: string): string {
  const masked = text
    .slice(0, MAX_LOOKED_AT)
    .replace(CONTROL, '?')
    .replace(USER_INFORMATION, '//(user)@')
    .replace(EMAIL_ADDRESS, '(an address)')
    .replace(LONG_WORD, (word) => (looksRandom(word) ? `(${word.length} characters)` : word))
  const cut = masked.length > MAX_CHARACTERS ? `${masked.slice(0, MAX_CHARACTERS - 1)}…` : masked
  return cut.toWellFormed()
}

/** A slug of words stays, a token goes: mixed letters with digits, or much hexadecimal that is no UUID. */
function looksRandom(word: string): boolean {
  if (UUID.test(word)) return false
  if (/^[\da-f]{32,}$/i.test(word)) return true
  return /\d/.test(word) && /[a-z]/.test(word) && /[A-Z]/.test(word)
}

/**
 * A URI as it may be kept. Values of a query stay only where they are registered: a page's own address may hold a code.
 */
export function shownUri(uri: string, registered: readonly string[] = []): string {
  if (registered.includes(uri)) return uri.slice(0, MAX_CHARACTERS)
  const [, path = uri, query, fragment] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(uri) ?? []
  const known = new Set(registered.flatMap((one) => (one.split('?', 2)[1] ?? '').split('&')))
  const pairs = query
    ?.split('&')
    .map((pair) => (known.has(pair) ? pair : pair.replace(/=.*$/s, '=…').slice(0, 40)))
  return shownText(
    `${path}${pairs === undefined ? '' : `?${pairs.join('&')}`}${fragment === undefined ? '' : '#…'}`,
  )
}

/** Only what is in the list, each value fit to be kept. */
export function shownFacts(facts: Facts | undefined): Facts | undefined {
  if (facts === undefined) return undefined
  const entries = SHOWN.flatMap((name) => {
    const value = facts[name]
    return value === undefined ? [] : [[name, shownText(value)] as const]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
