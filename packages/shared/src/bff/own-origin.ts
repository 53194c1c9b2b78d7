import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export type OriginVerdict = 'own' | 'foreign' | 'unknown'

/** Decides whether a request was made by a page of this very origin, as far as the browser tells. */
export function requestOrigin(headers: IncomingHttpHeaders, ownOrigin: string): OriginVerdict {
  const { origin } = headers
  const site = headers['sec-fetch-site']
  // "null" says nothing by itself: a page that sends no referrer posts its own forms with it.
  // Fetch Standard, "serializing a request origin".
  const named = origin === 'null' && site !== undefined ? undefined : origin
  if (named !== undefined && named !== ownOrigin) return 'foreign'
  if (site !== undefined) return site === 'same-origin' ? 'own' : 'foreign'
  return named === ownOrigin ? 'own' : 'unknown'
}

/**
 * Decides on a call made by script. The header cannot be sent across origins without a CORS preflight, and
 * none is ever granted; that alone is the defence where a browser names no origin. RFC 10017, CSRF defences
 */
export function isOwnCall(headers: IncomingHttpHeaders, ownOrigin: string): boolean {
  return headers['x-csrf'] === '1' && requestOrigin(headers, ownOrigin) !== 'foreign'
}

/** Decides on a form post, which cannot carry a header: own origin by name, and the session's token. */
export function isOwnForm(
  headers: IncomingHttpHeaders,
  ownOrigin: string,
  token: unknown,
  expected: string,
): boolean {
  return (
    requestOrigin(headers, ownOrigin) === 'own' &&
    typeof token === 'string' &&
    timingSafeEqual(digest(token), digest(expected))
  )
}

const digest = (text: string) => createHash('sha256').update(text).digest()
