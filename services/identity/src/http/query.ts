import type { FastifyRequest } from 'fastify'
import { type Parameters, malformation, single, toParameters } from '../domain/oauth/parameters.ts'
import { PageError } from './errors/page-error.ts'

/** The parameters of a page's address. Throws a PageError when one is repeated or not text. */
export function pageQuery(request: FastifyRequest): Parameters {
  const query = toParameters(request.query)
  const fault = malformation(query)
  if (fault !== undefined) throw new PageError('invalid_request', { hint: fault })
  return query
}

/**
 * What to say of the change that has just been made. A form that worked leads to `?done=<word>`, and the page looks
 * the word up: whatever else stands there is ignored, so that no link can put words on our pages.
 */
export function doneNotice(
  request: FastifyRequest,
  notices: Readonly<Record<string, string>>,
): string | undefined {
  const word = single(toParameters(request.query), 'done')
  return word !== undefined && Object.hasOwn(notices, word) ? notices[word] : undefined
}
