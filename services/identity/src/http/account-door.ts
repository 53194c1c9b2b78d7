import type { FastifyReply, FastifyRequest } from 'fastify'
import { hasSecondFactor } from '../domain/factors/policy.ts'
import type { FactorStore } from '../domain/factors/store.ts'
import { AAL2 } from '../domain/oauth/acr.ts'
import { type SignedIn, isFresh, shownHere } from '../domain/sessions/session.ts'
import type { Clock } from '../platform/clock.ts'
import { accountDestination, chooseAccountFirst, paths, signInFirst, withOnward } from './paths.ts'
import type { Presence } from './session/presence.ts'

/** Lets people into the pages of their account. Undefined means that the answer, a way to sign in, is already sent. */
export interface AccountDoor {
  enter(request: FastifyRequest, reply: FastifyReply): Promise<SignedIn | undefined>
  /**
   * For what others must not do at a browser left open: the last proof is at most ten minutes old, and whoever has a
   * second factor has shown it here, be the browser trusted or not.
   */
  enterFresh(request: FastifyRequest, reply: FastifyReply): Promise<SignedIn | undefined>
}

export interface AccountDoorDeps {
  readonly presence: Presence
  readonly factors: FactorStore
  readonly clock: Clock
}

export function createAccountDoor({ presence, factors, clock }: AccountDoorDeps): AccountDoor {
  async function wayIn(request: FastifyRequest, signedIn: SignedIn | undefined, fresh: boolean) {
    // A form that was not let in is opened again by GET: the same address.
    const next = accountDestination(request.url) ?? paths.account
    if (signedIn === undefined) {
      const canChoose = (await presence.all(request)).others.length > 0
      return canChoose ? chooseAccountFirst(next) : signInFirst(next)
    }
    if (!fresh) return undefined
    const { session } = signedIn
    if (!isFresh(session, clock())) return signInFirst(next)
    if (shownHere(session) === AAL2 || !hasSecondFactor(await factors.factorsOf(session.userId)))
      return undefined
    return withOnward(paths.mfa, { next })
  }

  async function open(request: FastifyRequest, reply: FastifyReply, fresh: boolean) {
    const signedIn = await presence.signedIn(request)
    const first = await wayIn(request, signedIn, fresh)
    if (first === undefined) return signedIn
    await reply.redirect(first, 303)
    return undefined
  }
  return {
    enter: async (request, reply) => open(request, reply, false),
    enterFresh: async (request, reply) => open(request, reply, true),
  }
}
