import type { FastifyRequest } from 'fastify'
import { single } from '../../domain/oauth/parameters.ts'
import type { Conversation, Conversations } from '../conversation.ts'
import { type Onward, accountDestination } from '../paths.ts'
import { pageQuery } from '../query.ts'

/** Where a sign-in leads to. */
export interface Way {
  readonly current: Conversation | undefined
  readonly onward: Onward
}

/** The way of a request. Throws a PageError when its conversation cannot go on here. */
export async function wayOf(request: FastifyRequest, conversations: Conversations): Promise<Way> {
  const query = pageQuery(request)
  const current = query.has('tx') ? await conversations.resume(request) : undefined
  const next = current === undefined ? accountDestination(single(query, 'next')) : undefined
  return { current, onward: { tx: current?.sealed, next } }
}
