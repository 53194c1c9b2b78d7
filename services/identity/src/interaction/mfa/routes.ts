import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { checkRecoveryCode, checkTotp } from '../../domain/factors/check-code.ts'
import type { FactorTryDeps } from '../../domain/factors/try-factor.ts'
import type { FactorStore } from '../../domain/factors/store.ts'
import { parseCode } from '../../domain/mail/code.ts'
import { single, toParameters } from '../../domain/oauth/parameters.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import { appIdentity } from '../../http/app-identity.ts'
import type { AuthorizationResponse } from '../../http/authorization-response.tsx'
import type { Browsers } from '../../http/session/browser.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { mfaLetters } from '../../http/mails/mfa.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { afterSignIn, paths } from '../../http/paths.ts'
import type { SecondStep, SecondSteps } from '../../http/sign-in/second-step.ts'
import type { TrustedBrowsers } from '../../http/sign-in/trusted-browser.ts'
import { sendPage } from '../../http/send-page.ts'
import { type AfterwardsDeps, afterwardsPages } from './afterwards.ts'
import { otherWaysView } from './other-view.tsx'
import { type CodeProblem, codeTitle, codeView } from './view.tsx'
import { type Way, pageOf, waysOf } from './way.ts'

export interface MfaDeps extends FactorTryDeps, AfterwardsDeps {
  readonly issuer: string
  readonly factors: FactorStore
  readonly secondSteps: SecondSteps
  readonly browsers: Browsers
  readonly trusted: TrustedBrowsers
  readonly notMe: NotMeLinks
  readonly respond: AuthorizationResponse
  readonly ratePerMinute: () => number
}

type CodeWay = Exclude<Way, 'passkey'>

/** One request for a page of the second step. */
interface Visit {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly step: SecondStep
  readonly ways: readonly Way[]
  readonly page: CodeWay | 'other'
}

/**
 * The second step of a sign-in, or of a session that is to be worth more: asks for one code, or lets a person choose
 * another of the ways that they have.
 */
export function mfa(deps: MfaDeps): FastifyPluginAsync {
  const { factors, secondSteps, browsers, trusted } = deps

  async function visitOf(request: FastifyRequest, reply: FastifyReply): Promise<Visit | undefined> {
    const step = await secondSteps.open(request, reply)
    if (step === undefined) return undefined
    const ways = waysOf(await factors.factorsOf(step.userId))
    const page = pageOf(single(toParameters(request.query), 'way'), ways)
    if (page === undefined) {
      // The factor was taken away meanwhile: the way that led here decides anew.
      if (step.kind === 'step-up') await reply.redirect(afterSignIn(step.onward), 303)
      else throw new PageError('page_expired', startAgain(request, step))
      return undefined
    }
    if (page === 'passkey') {
      await reply.redirect(step.page(paths.mfaPasskey), 303)
      return undefined
    }
    return { request, reply, step, ways, page }
  }

  function showOther({ request, reply, step, ways }: Visit) {
    const { words } = languageOf(request)
    const app = appOf(step)
    const hrefs = ways.map((way) => ({
      way,
      href: way === 'passkey' ? step.page(paths.mfaPasskey) : step.page(paths.mfa, { way }),
    }))
    const body = otherWaysView({ words, app, ways: hrefs })
    return sendPage(reply, { title: words.mfa.otherTitle, body, app })
  }

  function showCode(visit: Visit, asks: CodeWay, trusts = false, problem?: CodeProblem) {
    const { request, reply, step } = visit
    const mayTrust = step.kind === 'sign-in' && asks === 'authenticator'
    const app = appOf(step)
    const props = {
      words: languageOf(request).words,
      asks,
      action: step.page(paths.mfa, { way: asks }),
      csrf: browsers.csrfToken(request, reply),
      app,
      email: step.email,
      isStepUp: step.kind === 'step-up',
      trustDays: mayTrust ? trusted.days() : undefined,
      trusts,
      otherHref: step.page(paths.mfa, { way: 'other' }),
      cancelHref: step.current === undefined ? cancelPath(step) : undefined,
      problem,
    }
    if (problem !== undefined) void reply.status(problem.kind === 'throttled' ? 429 : 401)
    if (problem?.kind === 'throttled')
      void reply.header('retry-after', String(problem.retryAfterSeconds))
    const error = problem !== undefined
    return sendPage(reply, { title: codeTitle(props), body: codeView(props), app, error })
  }

  async function check({ request, step }: Visit, asks: CodeWay, typed: string) {
    const letters = mfaLetters(languageOf(request), deps.issuer, deps.notMe)
    const { userId } = step
    const guessed = (at: Date) => letters.guessed(step, at)
    const attempt = { userId, ip: request.ip, guessed }
    // What is no code at all is a wrong one: it gets the same answer, and costs the same.
    if (asks === 'authenticator') return checkTotp(deps, attempt, parseCode(typed) ?? '')
    return checkRecoveryCode(deps, attempt, typed, (left, at) => letters.codeUsed(step, left, at))
  }

  async function tryCode(visit: Visit, asks: CodeWay, typed: string, trusts: boolean) {
    const { request, reply, step } = visit
    const checked = await check(visit, asks, typed)
    if (checked.kind !== 'right') return showCode(visit, asks, trusts, checked)
    const isRecovery = asks === 'recovery-code'
    return secondSteps.finish(request, reply, step, {
      amr: ['otp'],
      trust: trusts && !isRecovery,
      via: isRecovery ? paths.recovered : undefined,
    })
  }

  return async (app) => {
    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    const config = { rateLimit, formOutlivesSignIn: true }

    app.get(paths.mfa, { config }, async (request, reply) => {
      const visit = await visitOf(request, reply)
      if (visit === undefined) return reply
      return visit.page === 'other' ? showOther(visit) : showCode(visit, visit.page)
    })

    app.post(paths.mfa, { config }, async (request, reply) => {
      const form = readForm(request, ['code', 'trust', 'decision'])
      const visit = await visitOf(request, reply)
      if (visit === undefined) return reply
      const { page, step } = visit
      if (form.decision === 'deny' && step.current !== undefined)
        return deps.respond(reply, step.current.request.redirect, {
          error: 'access_denied',
          error_description: 'the person cancelled the second step of the sign-in',
          why: { check: 'person_refused' },
        })
      if (page === 'other') return showOther(visit)
      return tryCode(visit, page, form.code, form.trust === 'yes')
    })

    await app.register(afterwardsPages(deps))
  }
}

function appOf({ current }: SecondStep) {
  return current === undefined ? undefined : appIdentity(current.request.client)
}

function cancelPath({ kind }: SecondStep): string {
  return kind === 'step-up' ? paths.account : paths.home
}

function startAgain(request: FastifyRequest, { current }: SecondStep) {
  const { words } = languageOf(request)
  const href = current === undefined ? paths.login : afterSignIn({ tx: current.sealed })
  return {
    actions: [{ label: words.actions.startAgain, href }],
    hint: 'the person has no second factor any more',
  }
}
