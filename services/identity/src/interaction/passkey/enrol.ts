import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { hasSecondFactor } from '../../domain/factors/policy.ts'
import type { FactorStore } from '../../domain/factors/store.ts'
import { isFresh } from '../../domain/sessions/session.ts'
import { basisOfStep } from '../../http/sign-in/factor-basis.ts'
import { languageOf } from '../../http/language/language.ts'
import { type NewPasskeyDeps, takeNewPasskey } from '../../http/sign-in/new-passkey.ts'
import { paths, withOnward } from '../../http/paths.ts'
import { type SecondStep, type SecondSteps, tooLate } from '../../http/sign-in/second-step.ts'
import { sendPasskeyPage } from './page.ts'
import type { PasskeyProblem } from './view.tsx'

export interface PasskeyEnrolmentDeps extends NewPasskeyDeps {
  readonly secondSteps: SecondSteps
  readonly factors: FactorStore
  readonly ratePerMinute: () => number
}

/** A passkey as the second factor that somebody has to set up before going on. */
export function enrolPasskey(deps: PasskeyEnrolmentDeps): FastifyPluginAsync {
  const { secondSteps, factors, passkeys, browsers, clock } = deps

  /** Who sets the first factor up. Undefined when the answer, another way, is already sent. */
  async function open(request: FastifyRequest, reply: FastifyReply) {
    const step = await secondSteps.open(request, reply)
    if (step === undefined) return undefined
    // Whoever has a second factor shows that: the first one alone adds none.
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

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    step: SecondStep,
    problem?: PasskeyProblem,
  ) {
    const { passkeys: said } = languageOf(request).words
    const { title, lead, other } = said.enrol
    const owner = { id: step.userId, email: step.email, name: undefined }
    return sendPasskeyPage(browsers, request, reply, step.current, {
      prompt: await passkeys.forNew(request, reply, owner),
      title,
      lead,
      why: said.make.how,
      submit: said.make.submit,
      problem,
      other: { label: other, href: step.page(paths.enrol) },
    })
  }

  return async (app) => {
    app.get(paths.enrolPasskey, async (request, reply) => {
      const step = await open(request, reply)
      return step === undefined ? reply : show(request, reply, step)
    })

    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    app.post(paths.enrolPasskey, { config: { rateLimit } }, async (request, reply) => {
      const step = await open(request, reply)
      if (step === undefined) return reply
      const added = await takeNewPasskey(deps, request, step.userId, basisOfStep(step))
      if (added.kind === 'overtaken') throw tooLate(request, step.onward)
      if (added.kind !== 'added') return show(request, reply, step, { kind: 'failed' })
      return secondSteps.finish(request, reply, step, added)
    })
  }
}
