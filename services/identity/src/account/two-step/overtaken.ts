import type { FastifyRequest } from 'fastify'
import type { ActivationOutcome } from '../../domain/factors/activate.ts'
import { languageOf } from '../../http/language/language.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { paths } from '../../http/paths.ts'

/** What a person is told whose set-up comes too late, with the way back. */
export function overtaken(
  request: FastifyRequest,
  outcome: Exclude<ActivationOutcome, 'activated'>,
): PageError {
  const { words } = languageOf(request)
  return new PageError('page_expired', {
    status: 409,
    actions: [{ label: words.twoStep.item.back, href: paths.twoStep }],
    hint: `the set-up was not taken: ${outcome}`,
  })
}
