import type { FastifyRequest } from 'fastify'
import { malformation, single, toParameters } from '../domain/oauth/parameters.ts'
import { PageError } from './errors/page-error.ts'

/** The fields of a form of ours; missing ones are empty text. Throws a PageError when a field is repeated or not text. */
export function readForm<Name extends string>(
  request: FastifyRequest,
  names: readonly Name[],
): Record<Name, string> {
  const fields = toParameters(request.body)
  const fault = malformation(fields)
  if (fault !== undefined) throw new PageError('invalid_request', { hint: fault })
  const entries = names.map((name) => [name, single(fields, name) ?? ''] as const)
  return Object.fromEntries(entries) as Record<Name, string>
}
