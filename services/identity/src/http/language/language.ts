import type { FastifyRequest } from 'fastify'
import { LOCALES, type Locale } from './locale.ts'
import { type Look, lookOf } from '../look/look.ts'
import { ar } from '../words/ar.ts'
import { de } from '../words/de.ts'
import { en } from '../words/en.ts'
import { named } from '../words/named.ts'
import type { Words } from '../words/words.ts'

export interface Language {
  readonly words: Words
  readonly locale: Locale
  /** The operator's colour on light ground, for mails, which have no style sheet. */
  readonly accent?: string | undefined
}

const ENGLISH: Language = { words: en, locale: LOCALES.en }

/** The languages of the pages, by primary subtag; a new one is a file of words, a line here and one in `locale.ts`. */
export const LANGUAGES: ReadonlyMap<string, Language> = new Map([
  ['en', ENGLISH],
  ['de', { words: de, locale: LOCALES.de }],
  ['ar', { words: ar, locale: LOCALES.ar }],
])

export const SUPPORTED_LOCALES: readonly string[] = [...LANGUAGES.keys()]

/** A language that a person has picked on a page of ours. */
export interface PickedLanguage {
  readonly tag: string
  readonly at: Date
}

interface Wishes {
  readonly uiLocales?: string | undefined
  readonly askedAt?: Date | undefined
  readonly picked?: PickedLanguage | undefined
}

const wishes = Symbol('what is known of the languages of a person')
type Wishing = FastifyRequest & { [wishes]?: Wishes }

/**
 * Notes what the application asked for by `ui_locales` (OIDC Core 1.0 §3.1.2.1), for the pages of this request.
 * `askedAt` is when: what the person picks afterwards, on the pages of that very conversation, counts for more.
 */
export function preferLocales(
  request: Wishing,
  uiLocales: string | undefined,
  askedAt?: Date,
): void {
  request[wishes] = { ...request[wishes], uiLocales, askedAt }
}

/** Notes what the person picked in this browser. */
export function preferPicked(request: Wishing, picked: PickedLanguage): void {
  request[wishes] = { ...request[wishes], picked }
}

/**
 * The language of a page: what the application asked for, else what the person picked, else what the browser accepts,
 * else English. In it the service goes by the name that the operator gave it.
 */
export function languageOf(request: Wishing): Language {
  return inLook(spokenTo(request), lookOf(request))
}

function spokenTo(request: Wishing): Language {
  const { uiLocales, askedAt, picked } = request[wishes] ?? {}
  const asked = uiLocales?.split(' ') ?? []
  const own = picked === undefined ? [] : [picked.tag]
  const pickedSince = picked !== undefined && askedAt !== undefined && picked.at >= askedAt
  const accepted = acceptedLanguages(request.headers['accept-language'])
  for (const tag of [...(pickedSince ? own : []), ...asked, ...own, ...accepted]) {
    const language = LANGUAGES.get(tag.split('-', 1)[0]?.toLowerCase() ?? '')
    if (language !== undefined) return language
  }
  return ENGLISH
}

const dressed = new WeakMap<Look, Map<Language, Language>>()

/** A language with the operator's name and colour. */
export function inLook(language: Language, look: Look): Language {
  const { product, accent } = look
  if (product === undefined && accent === undefined) return language
  const known = dressed.get(look) ?? new Map<Language, Language>()
  dressed.set(look, known)
  const made = known.get(language)
  if (made !== undefined) return made
  const words = product === undefined ? language.words : named(language.words, product)
  known.set(language, { ...language, words, accent })
  return { ...language, words, accent }
}

const MAX_HEADER_CHARACTERS = 500
// RFC 9110 §12.4.2 and RFC 4647 §2.1: a range, then perhaps a weight from 0 to 1 with three decimals.
const LANGUAGE_RANGE =
  /^(\*|[a-z]{1,8}(?:-[a-z\d]{1,8})*)(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i

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
