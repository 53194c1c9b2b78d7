import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { basisOfStep } from '../../http/sign-in/factor-basis.ts'
import { languageOf } from '../../http/language/language.ts'
import { type NewPasskeyDeps, takeNewPasskey } from '../../http/sign-in/new-passkey.ts'
import { paths } from '../../http/paths.ts'
import { type FirstFactorDeps, openFirstFactor } from '../../http/sign-in/first-factor.ts'
import { type SecondStep, tooLate } from '../../http/sign-in/second-step.ts'
import { sendPasskeyPage } from './page.ts'
import type { PasskeyProblem } from './view.tsx'

export interface PasskeyEnrolmentDeps extends NewPasskeyDeps, FirstFactorDeps {
  readonly ratePerMinute: () => number
}

/** A passkey as the second factor that somebody has to set up before going on. */
export function enrolPasskey(deps: PasskeyEnrolmentDeps): FastifyPluginAsync {
  const { secondSteps, passkeys, browsers } = deps

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
      const step = await openFirstFactor(deps, request, reply)
      return step === undefined ? reply : show(request, reply, step)
    })

    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    app.post(paths.enrolPasskey, { config: { rateLimit } }, async (request, reply) => {
      const step = await openFirstFactor(deps, request, reply)
      if (step === undefined) return reply
      const added = await takeNewPasskey(deps, request, step.userId, basisOfStep(step))
      if (added.kind === 'overtaken') throw tooLate(request, step.onward)
      if (added.kind !== 'added') return show(request, reply, step, { kind: 'failed' })
      return secondSteps.finish(request, reply, step, added)
    })
  }
}
