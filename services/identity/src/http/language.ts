import type { FastifyRequest } from 'fastify'
import type { Locale } from './page.tsx'
import { en } from './words/en.ts'
import type { Words } from './words/words.ts'

export interface Language {
  readonly words: Words
  readonly locale: Locale
}

const ENGLISH: Language = { words: en, locale: { lang: 'en', dir: 'ltr' } }

/** The languages of the pages, by primary subtag; a new one is a file of words and a line here. */
const LANGUAGES: ReadonlyMap<string, Language> = new Map([['en', ENGLISH]])

export const SUPPORTED_LOCALES: readonly string[] = [...LANGUAGES.keys()]

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
export function acceptedLanguages(header: string | undefined): string[] {
  return (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', quality] = part.split(';')
      const weight =
        quality === undefined ? 1 : Number(/^\s*q=([\d.]+)\s*$/.exec(quality)?.[1] ?? 0)
      return { tag: tag.trim(), weight }
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag)
}
