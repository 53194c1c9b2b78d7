import type { FastifyReply, FastifyRequest } from 'fastify'
import { AAL2 } from '../../domain/oauth/acr.ts'
import { single } from '../../domain/oauth/parameters.ts'
import { type Session, shownHere, withSecondFactor } from '../../domain/sessions/session.ts'
import { FIRST_PROOF } from '../../domain/sessions/sign-in.ts'
import type { SpentStore } from '../../domain/spent/store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Browsers } from '../session/browser.ts'
import type { Conversation, Conversations } from '../conversation.ts'
import type { FirstProof, FirstProofs } from './first-proof.ts'
import { languageOf } from '../language/language.ts'
import { PageError } from '../errors/page-error.ts'
import { type Onward, afterSignIn, paths, signInFirst, stepPath, withOnward } from '../paths.ts'
import { pageQuery } from '../query.ts'
import type { Presence } from '../session/presence.ts'
import type { Extras, SignInGate } from './gate.ts'
import { wayOf } from './way.ts'

interface Step {
  readonly userId: string
  readonly email: string
  /** What was shown before. */
  readonly amr: readonly string[]
  /** The authorization request that it is for, if any. */
  readonly current: Conversation | undefined
  readonly onward: Onward
  /** Another page of the same step, or the same one with other parameters. */
  readonly page: (path: string, more?: Readonly<Record<string, string>>) => string
}

/** A person between the first factor and the second: without a session yet, or in one that is to be worth more. */
export type SecondStep =
  | (Step & { readonly kind: 'sign-in'; readonly proof: FirstProof })
  | (Step & { readonly kind: 'step-up'; readonly session: Session })

/** What was shown now, by RFC 8176, and what goes with it. */
export interface Shown extends Extras {
  readonly amr: readonly string[]
}

export interface SecondStepDeps {
  readonly conversations: Conversations
  readonly proofs: FirstProofs
  readonly presence: Presence
  readonly browsers: Browsers
  readonly gate: SignInGate
  readonly spent: SpentStore
  readonly clock: Clock
}

/** What every page of a second factor begins and ends with. */
export interface SecondSteps {
  /** Who is at this page. Undefined when the answer is sent already; throws a PageError with a way on. */
  open(request: FastifyRequest, reply: FastifyReply): Promise<SecondStep | undefined>
  /**
   * Signs the person in, or makes the session worth more, and goes on. Throws a PageError when it is too late for that.
   */
  finish(
    request: FastifyRequest,
    reply: FastifyReply,
    step: SecondStep,
    shown: Shown,
  ): Promise<FastifyReply>
}

export function createSecondSteps(deps: SecondStepDeps): SecondSteps {
  const { conversations, proofs, presence, browsers, gate, spent, clock } = deps

  async function open(
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<SecondStep | undefined> {
    const { current, onward } = await wayOf(request, conversations)
    const signedIn = await presence.signedIn(request)
    const sealed = single(pageQuery(request), 'proof')
    if (sealed !== undefined) {
      const proof = proofs.read(request, browsers.known(request), clock())
      const isGood = proof !== undefined && !(await isUsedUp(proof))
      if (isGood) {
        const { userId, email, amr } = proof
        const page = (path: string, more = {}) =>
          withOnward(path, onward, { proof: sealed, ...more })
        return { kind: 'sign-in', proof, userId, email, amr, current, onward, page }
      }
      // The back button after a sign-in: that is done, so go on.
      const isThrough = proof !== undefined && signedIn?.account.id === proof.userId
      if (!isThrough) throw tooLate(request, onward)
      await reply.redirect(afterSignIn(onward), 303)
      return undefined
    }
    if (signedIn === undefined || shownHere(signedIn.session) === AAL2) {
      const isDone = signedIn !== undefined || onward.tx !== undefined
      await reply.redirect(isDone ? afterSignIn(onward) : startOf(onward), 303)
      return undefined
    }
    const { session, account } = signedIn
    const who = { userId: account.id, email: account.email, amr: session.amr }
    const page = (path: string, more = {}) => withOnward(path, onward, more)
    return { kind: 'step-up', session, ...who, current, onward, page }
  }

  async function isUsedUp({ carried }: FirstProof): Promise<boolean> {
    return carried !== undefined && spent.isSpent(FIRST_PROOF, carried.id)
  }

  return {
    open,
    async finish(request, reply, step, { amr: shown, trust, via }) {
      const proven = withSecondFactor(step.amr, shown)
      const { onward } = step
      const admission =
        step.kind === 'sign-in'
          ? await gate.start(request, reply, { ...step.proof, ...proven }, onward, { trust, via })
          : await gate.raise(request, reply, step.session, proven, onward, { via })
      if (admission === 'refused') throw tooLate(request, onward)
      return reply
    },
  }
}

function startOf({ tx, next }: Onward): string {
  if (tx !== undefined) return stepPath('authorize', tx)
  return next === undefined ? paths.login : signInFirst(next)
}

/** The one answer to a first proof that is used up, too old, made up or of another browser: begin again. */
export function tooLate(request: FastifyRequest, onward: Onward): PageError {
  return new PageError('page_expired', {
    actions: [{ label: languageOf(request).words.actions.startAgain, href: startOf(onward) }],
    hint: 'the first proof no longer holds in this browser',
  })
}
