import type { FastifyRequest } from 'fastify'
import type { Locale } from './page.tsx'
import { ar } from './words/ar.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'
import type { Words } from './words/words.ts'

export interface Language {
  readonly words: Words
  readonly locale: Locale
}

const ENGLISH: Language = { words: en, locale: { lang: 'en', dir: 'ltr' } }

/** The languages of the pages, by primary subtag; a new one is a file of words and a line here. */
export const LANGUAGES: ReadonlyMap<string, Language> = new Map([
  ['en', ENGLISH],
  ['de', { words: de, locale: { lang: 'de', dir: 'ltr' } }],
  ['ar', { words: ar, locale: { lang: 'ar', dir: 'rtl' } }],
])

export const SUPPORTED_LOCALES: readonly string[] = [...LANGUAGES.keys()]

const MAX_HEADER_CHARACTERS = 500
// RFC 9110 §12.4.2 and RFC 4647 §2.1: a range, then perhaps a weight from 0 to 1 with three decimals.
const LANGUAGE_RANGE =
  /^(\*|[a-z]{1,8}(?:-[a-z\d]{1,8})*)(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i

const preferred = Symbol('ui_locales of the authorization request')
type Preferring = FastifyRequest & { [preferred]?: string | undefined }

/** Notes what the application asked for by `ui_locales` (OIDC Core 1.0 §3.1.2.1), for the pages of this request. */
export function preferLocales(request: Preferring, uiLocales: string | undefined): void {
  request[preferred] = uiLocales
}

/** The language of a page: what the application asked for, else what the browser accepts, else English. */
export function languageOf(request: Preferring): Language {
  const asked = request[preferred]?.split(' ') ?? []
  const accepted = acceptedLanguages(request.headers['accept-language'])
  for (const tag of [...asked, ...accepted]) {
    const language = LANGUAGES.get(tag.split('-', 1)[0]?.toLowerCase() ?? '')
    if (language !== undefined) return language
  }
  return ENGLISH
}

/** Tags of Accept-Language (RFC 9110 §12.5.4), best first; bounded, since anybody may send anything. */
export function acceptedLanguages(header = ''): string[] {
  const parts = header.slice(0, MAX_HEADER_CHARACTERS).split(',')
  // The cut may have gone through the last one, which then is not what was sent.
  if (header.length > MAX_HEADER_CHARACTERS) parts.pop()
  return parts
    .flatMap((part) => {
      const [, tag, weight = '1'] = LANGUAGE_RANGE.exec(part.trim()) ?? []
      return tag === undefined ? [] : [{ tag, weight: Number(weight) }]
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag)
}
