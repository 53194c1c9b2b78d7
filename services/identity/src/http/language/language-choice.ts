import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../platform/clock.ts'
import type { CookieJar } from '../session/cookies.ts'
import { LANGUAGES, type PickedLanguage, preferPicked } from './language.ts'
import { withoutParameters } from '../own-address.ts'

/** The language that a person picks by a link of a page, kept in a cookie. */
export interface LanguageChoice {
  /** Notes the language picked earlier, for every page that answers this request. */
  recall(request: FastifyRequest): void
  /** Takes `lang` of an address: keeps it and sends the browser back to the same page. False when there is none. */
  take(request: FastifyRequest, reply: FastifyReply): boolean
}

const ONE_YEAR_SECONDS = 31_536_000
/** The language, and when it was picked in milliseconds; a bare language was picked long ago. */
const COOKIE = /^([a-z]{2})(?:\.(\d{1,15}))?$/

export function createLanguageChoice(jar: CookieJar, clock: Clock): LanguageChoice {
  function picked(cookie: string | undefined): PickedLanguage | undefined {
    const [, tag = '', at = '0'] = COOKIE.exec(cookie ?? '') ?? []
    return LANGUAGES.has(tag) ? { tag, at: new Date(Number(at)) } : undefined
  }

  return {
    recall(request) {
      const known = picked(request.cookies[jar.language])
      if (known !== undefined) preferPicked(request, known)
    },
    take(request, reply) {
      const tag = request.method === 'GET' ? languageIn(request) : undefined
      if (tag === undefined) return false
      const value = `${tag}.${clock().getTime()}`
      void reply
        .setCookie(jar.language, value, { ...jar.options, maxAge: ONE_YEAR_SECONDS })
        // What the application asked for in this very address counts no longer: the person has answered it.
        .redirect(withoutParameters(request.url, ['lang', 'ui_locales']), 303)
      return true
    },
  }
}

/** A language of ours that the address names once. Other sites do not decide which language people read here. */
function languageIn({ url, headers }: FastifyRequest): string | undefined {
  if (headers['sec-fetch-site'] === 'cross-site') return undefined
  const at = url.indexOf('?')
  if (at === -1) return undefined
  const [tag = '', ...more] = new URLSearchParams(url.slice(at + 1)).getAll('lang')
  return more.length === 0 && LANGUAGES.has(tag) ? tag : undefined
}
