import type { FastifyPluginAsync } from 'fastify'
import { activate } from '../../domain/factors/activate.ts'
import { hasSecondFactor } from '../../domain/factors/policy.ts'
import { beginRecoveryCodes } from '../../domain/factors/setup.ts'
import type { SignedIn } from '../../domain/sessions/session.ts'
import { sendCodesFile } from '../../http/enrolment/codes-file.ts'
import { createEnrolments } from '../../http/enrolment/enrolments.ts'
import { saveCodesView } from '../../http/enrolment/view.tsx'
import { basisOfSession } from '../../http/sign-in/factor-basis.ts'
import { languageOf } from '../../http/language/language.ts'
import { factorLetters } from '../../http/mails/factors.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { paths, setupPath } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import { overtaken } from './overtaken.ts'
import type { TwoStepDeps } from './room.ts'

/** A new set of recovery codes: shown first, in force once the person has saved it. */
export function codes(deps: TwoStepDeps): FastifyPluginAsync {
  const { door, browsers, factors, clock } = deps
  const enrolments = createEnrolments(deps)
  const enrolleeOf = ({ account, session }: SignedIn) => ({
    userId: account.id,
    boundTo: session.id,
  })

  return async (app) => {
    app.get(paths.newRecoveryCodes, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      const { account, session } = signedIn
      const found = await enrolments.find(request, enrolleeOf(signedIn))
      // Codes are the way back to a second factor: without one there is nothing to come back to.
      if (found.kind === 'done' || !hasSecondFactor(await factors.factorsOf(account.id)))
        return reply.redirect(paths.twoStep, 303)
      if (found.kind !== 'found' || found.setup.recoveryCodes === undefined) {
        const begun = enrolments.seal(beginRecoveryCodes(account.id, session.id, clock()))
        return reply.redirect(setupPath('newRecoveryCodes', begun), 303)
      }
      const { words } = languageOf(request)
      const body = saveCodesView({
        words,
        csrf: browsers.csrfToken(request, reply),
        action: setupPath('newRecoveryCodes', found.sealed),
        cancelHref: paths.twoStep,
        codes: found.setup.recoveryCodes,
        fileHref: setupPath('recoveryCodesFile', found.sealed),
        renews: true,
      })
      const title = words.twoStep.codes.renewTitle
      return sendPage(reply, { title, body })
    })

    app.post(paths.newRecoveryCodes, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      const { account, session } = signedIn
      const found = await enrolments.find(request, enrolleeOf(signedIn))
      const done = `${paths.twoStep}?done=codes`
      if (found.kind === 'done') return reply.redirect(done, 303)
      // A set-up of an authenticator ends on its own page.
      if (found.kind !== 'found' || found.setup.authenticator !== undefined)
        return reply.redirect(paths.newRecoveryCodes, 303)
      const { setup } = found
      const letters = factorLetters(languageOf(request), deps.issuer, deps.notMe)
      const basis = basisOfSession(session)
      const activation = { setup, ip: request.ip, sessionId: session.id, basis }
      const outcome = await activate(deps, activation, letters.changed(account.id))
      if (outcome !== 'activated' && outcome !== 'done_before') throw overtaken(request, outcome)
      return reply.redirect(done, 303)
    })

    app.get(paths.recoveryCodesFile, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      const found = await enrolments.find(request, enrolleeOf(signedIn))
      if (found.kind !== 'found' || found.setup.recoveryCodes === undefined)
        throw new PageError('not_found', { status: 404, hint: 'no recovery codes to be saved' })
      const { words } = languageOf(request)
      const { recoveryCodes } = found.setup
      return sendCodesFile(reply, words, signedIn.account.email, recoveryCodes, clock())
    })
  }
}
