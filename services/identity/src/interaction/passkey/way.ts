import type { FastifyRequest } from 'fastify'
import { malformation, single, toParameters } from '../../domain/oauth/parameters.ts'
import type { Conversation, Conversations } from '../../http/conversation.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { type Onward, accountDestination } from '../../http/paths.ts'

/** Where a sign-in leads to. */
export interface Way {
  readonly current: Conversation | undefined
  readonly onward: Onward
}

/** The way of a request. Throws a PageError when its conversation cannot go on here. */
export async function wayOf(request: FastifyRequest, conversations: Conversations): Promise<Way> {
  const query = toParameters(request.query)
  const fault = malformation(query)
  if (fault !== undefined) throw new PageError('invalid_request', { hint: fault })
  const current = query.has('tx') ? await conversations.resume(request) : undefined
  const next = current === undefined ? accountDestination(single(query, 'next')) : undefined
  return { current, onward: { tx: current?.sealed, next } }
}
