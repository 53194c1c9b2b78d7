import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type ActivateDeps, activate } from '../../domain/factors/activate.ts'
import { type Setup, beginSetup } from '../../domain/factors/setup.ts'
import { totpUri } from '../../domain/factors/totp.ts'
import { single, toParameters } from '../../domain/oauth/parameters.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import { appIdentity } from '../../http/app-identity.ts'
import type { AuthorizationResponse } from '../../http/authorization-response.tsx'
import type { Browsers } from '../../http/session/browser.ts'
import { sendCodesFile } from '../../http/enrolment/codes-file.ts'
import { type EnrolmentDeps, createEnrolments } from '../../http/enrolment/enrolments.ts'
import { type ScanProblems, scanProblems } from '../../http/enrolment/scan-step.tsx'
import { saveCodesView, scanView } from '../../http/enrolment/view.tsx'
import { basisOfStep } from '../../http/sign-in/factor-basis.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { factorLetters } from '../../http/mails/factors.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { afterSignIn, paths, withOnward } from '../../http/paths.ts'
import { type FirstFactorDeps, openFirstFactor } from '../../http/sign-in/first-factor.ts'
import type { SecondStep } from '../../http/sign-in/second-step.ts'
import { sendPage } from '../../http/send-page.ts'

export interface EnrolDeps extends ActivateDeps, EnrolmentDeps, FirstFactorDeps {
  readonly issuer: string
  readonly browsers: Browsers
  readonly notMe: NotMeLinks
  readonly respond: AuthorizationResponse
  readonly ratePerMinute: () => number
}

interface Found {
  readonly setup: Setup
  readonly sealed: string
}

/** The first second factor of a person who gets no further without one; nothing is stored before it is proved. */
export function enrol(deps: EnrolDeps): FastifyPluginAsync {
  const { secondSteps, browsers, clock } = deps
  const enrolments = createEnrolments(deps)

  /** Who sets the first factor up. Undefined when the answer, another way, is already sent. */
  async function open(request: FastifyRequest, reply: FastifyReply) {
    const step = await openFirstFactor(deps, request, reply)
    if (step === undefined) return undefined
    return { step, found: await enrolments.find(request, enrolleeOf(step)) }
  }

  async function begin(reply: FastifyReply, step: SecondStep, again: boolean) {
    const { userId, boundTo } = enrolleeOf(step)
    const setup = enrolments.seal(beginSetup(userId, boundTo, clock()))
    return reply.redirect(step.page(paths.enrol, { setup, ...(again && { again: 'yes' }) }), 303)
  }

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    step: SecondStep,
    { setup, sealed }: Found,
    problems: ScanProblems = {},
    name = '',
  ) {
    const { words } = languageOf(request)
    const app = step.current === undefined ? undefined : appIdentity(step.current.request.client)
    const frame = {
      words,
      app,
      csrf: browsers.csrfToken(request, reply),
      action: step.page(paths.enrol, { setup: sealed }),
      cancelHref: step.current === undefined ? paths.home : undefined,
    }
    const { authenticator, recoveryCodes } = setup
    if (recoveryCodes !== undefined) {
      const fileHref = step.page(paths.enrolFile, { setup: sealed })
      const body = saveCodesView({ ...frame, codes: recoveryCodes, fileHref })
      return sendPage(reply, { title: words.twoStep.codes.savingTitle, body, app })
    }
    if (authenticator === undefined) throw new PageError('page_expired')
    const { secret } = authenticator
    const body = scanView({
      ...frame,
      forced: true,
      secret,
      uri: totpUri(secret, words.product, step.email),
      name,
      problems,
      again: single(toParameters(request.query), 'again') === 'yes',
      passkeyHref: step.page(paths.enrolPasskey),
    })
    const error = Object.values(problems).some((problem) => problem !== undefined)
    return sendPage(reply, { title: words.twoStep.forced.title, body, app, error })
  }

  async function finish(
    request: FastifyRequest,
    reply: FastifyReply,
    step: SecondStep,
    setup: Setup,
  ) {
    const letters = factorLetters(languageOf(request), deps.issuer, deps.notMe)
    const outcome = await activate(
      deps,
      { setup, ip: request.ip, basis: basisOfStep(step) },
      letters.changed(step.userId, setup.authenticator?.id),
    )
    // The form was sent twice at once, and the other one has already signed the person in.
    if (outcome === 'done_before') return reply.redirect(afterSignIn(step.onward), 303)
    if (outcome !== 'activated')
      throw new PageError('page_expired', {
        actions: [
          {
            label: languageOf(request).words.actions.startAgain,
            href: withOnward(paths.login, step.onward),
          },
        ],
        hint: `the set-up was not taken: ${outcome}`,
      })
    return secondSteps.finish(request, reply, step, { amr: ['otp'] })
  }

  async function prove(
    request: FastifyRequest,
    reply: FastifyReply,
    step: SecondStep,
    found: Found,
  ) {
    const { words } = languageOf(request)
    const { code, name } = readForm(request, ['code', 'name'])
    const { unnamed } = words.twoStep.authenticators
    const proving = await enrolments.prove(found.setup, { code, name, unnamed })
    if (proving.kind === 'proved') {
      const { setup } = proving
      if (setup.recoveryCodes === undefined) return finish(request, reply, step, setup)
      const address = step.page(paths.enrol, { setup: enrolments.seal(setup) })
      return reply.redirect(address, 303)
    }
    void reply.status(proving.kind === 'exhausted' ? 429 : 422)
    return show(request, reply, step, found, scanProblems(words, proving), name)
  }

  return async (app) => {
    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    const config = { rateLimit, formOutlivesSignIn: true }

    app.get(paths.enrol, { config }, async (request, reply) => {
      const opened = await open(request, reply)
      if (opened === undefined) return reply
      const { step, found } = opened
      return found.kind === 'found'
        ? show(request, reply, step, found)
        : begin(reply, step, found.kind === 'stale')
    })

    app.post(paths.enrol, { config }, async (request, reply) => {
      const { decision } = readForm(request, ['decision'])
      const opened = await open(request, reply)
      if (opened === undefined) return reply
      const { step, found } = opened
      if (decision === 'deny' && step.current !== undefined)
        return deps.respond(reply, step.current.request.redirect, {
          error: 'access_denied',
          error_description: 'the person cancelled setting up a second factor',
          why: { check: 'person_refused' },
        })
      if (found.kind !== 'found') return begin(reply, step, found.kind === 'stale')
      const isProved = found.setup.authenticator?.provenStep !== undefined
      return isProved
        ? finish(request, reply, step, found.setup)
        : prove(request, reply, step, found)
    })

    app.get(paths.enrolFile, { config }, async (request, reply) => {
      const opened = await open(request, reply)
      if (opened === undefined) return reply
      const { step, found } = opened
      if (found.kind !== 'found' || found.setup.recoveryCodes === undefined)
        throw new PageError('not_found', { status: 404, hint: 'no recovery codes to be saved' })
      const { words } = languageOf(request)
      return sendCodesFile(reply, words, step.email, found.setup.recoveryCodes, clock())
    })
  }
}

/** Who sets up, and in which first proof or session: a set-up works in no other. */
function enrolleeOf(step: SecondStep) {
  const { userId } = step
  const boundTo = step.kind === 'sign-in' ? step.proof.carried?.id : step.session.id
  if (boundTo === undefined) throw new Error('a proof of this page comes from an earlier one')
  return { userId, boundTo }
}
