import type { FastifyReply, FastifyRequest } from 'fastify'
import { hasSecondFactor } from '../../domain/factors/policy.ts'
import type { FactorStore } from '../../domain/factors/store.ts'
import { isFresh } from '../../domain/sessions/session.ts'
import type { Clock } from '../../platform/clock.ts'
import { paths, withOnward } from '../paths.ts'
import type { SecondStep, SecondSteps } from './second-step.ts'

export interface FirstFactorDeps {
  readonly secondSteps: SecondSteps
  readonly factors: FactorStore
  readonly clock: Clock
}

/** Who sets up their first second factor in the middle of a sign-in. Undefined when the answer is already sent. */
export async function openFirstFactor(
  { secondSteps, factors, clock }: FirstFactorDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<SecondStep | undefined> {
  const step = await secondSteps.open(request, reply)
  if (step === undefined) return undefined
  // Whoever has a second factor must show it: a password alone may not add another one.
  if (hasSecondFactor(await factors.factorsOf(step.userId))) {
    await reply.redirect(step.page(paths.mfa), 303)
    return undefined
  }
  // A browser left open is not enough to add what opens the account later.
  if (step.kind === 'step-up' && !isFresh(step.session, clock())) {
    await reply.redirect(withOnward(paths.login, step.onward), 303)
    return undefined
  }
  return step
}
