import type { FastifyReply, FastifyRequest } from 'fastify'
import { type SignedIn, isFresh } from '../domain/sessions/session.ts'
import type { Clock } from '../platform/clock.ts'
import { accountDestination, chooseAccountFirst, paths, signInFirst } from './paths.ts'
import type { Presence } from './presence.ts'

/** Lets people into the pages of their account. Undefined means that the answer, a way to sign in, is already sent. */
export interface AccountDoor {
  enter(request: FastifyRequest, reply: FastifyReply): Promise<SignedIn | undefined>
  /** For what others must not do at a browser left open: the last proof is at most ten minutes old. */
  enterFresh(request: FastifyRequest, reply: FastifyReply): Promise<SignedIn | undefined>
}

export function createAccountDoor(presence: Presence, clock: Clock): AccountDoor {
  async function open(request: FastifyRequest, reply: FastifyReply, fresh: boolean) {
    const signedIn = await presence.signedIn(request)
    if (signedIn !== undefined && (!fresh || isFresh(signedIn.session, clock()))) return signedIn
    const canChoose = signedIn === undefined && (await presence.all(request)).others.length > 0
    const first = canChoose ? chooseAccountFirst : signInFirst
    // A form that was not let in is opened again by GET: the same address.
    await reply.redirect(first(accountDestination(request.url) ?? paths.account), 303)
    return undefined
  }
  return {
    enter: async (request, reply) => open(request, reply, false),
    enterFresh: async (request, reply) => open(request, reply, true),
  }
}
