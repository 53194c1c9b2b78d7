import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { checkPasskey } from '../../domain/factors/check-passkey.ts'
import type { AcceptDeps } from '../../domain/passkeys/accept.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { AuthorizationResponse } from '../../http/authorization-response.tsx'
import type { Browsers } from '../../http/session/browser.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { mfaLetters } from '../../http/mails/mfa.ts'
import { TrustBox } from '../../http/parts/trust-box.tsx'
import type { Passkeys } from '../../http/sign-in/passkeys.ts'
import { paths } from '../../http/paths.ts'
import type { SecondStep, SecondSteps } from '../../http/sign-in/second-step.ts'
import type { TrustedBrowsers } from '../../http/sign-in/trusted-browser.ts'
import { Cancel } from './cancel.tsx'
import { sendPasskeyPage } from './page.ts'
import type { PasskeyProblem } from './view.tsx'

export interface PasskeyFactorDeps extends AcceptDeps {
  readonly issuer: string
  readonly notMe: NotMeLinks
  readonly passkeys: Passkeys
  readonly secondSteps: SecondSteps
  readonly browsers: Browsers
  readonly trusted: TrustedBrowsers
  readonly respond: AuthorizationResponse
  readonly ratePerMinute: () => number
}

/** A passkey beside a first proof, or in a session that is to be worth more. */
export function passkeyAsFactor(deps: PasskeyFactorDeps): FastifyPluginAsync {
  const { issuer, notMe, passkeys, secondSteps, browsers, trusted } = deps

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    step: SecondStep,
    problem?: PasskeyProblem,
  ) {
    const prompt = await passkeys.forSecondFactor(request, reply, step.userId)
    if (prompt === undefined) return reply.redirect(step.page(paths.mfa), 303)
    const { words } = languageOf(request)
    const { title, lead, submit, other } = words.passkeys.secondFactor
    const days = step.kind === 'sign-in' ? trusted.days() : undefined
    return sendPasskeyPage(browsers, request, reply, step.current, {
      prompt,
      title,
      lead,
      submit,
      problem,
      before: (
        <>
          {/* So that nobody looks for the passkey of another account. */}
          <p class="current">
            <bdi dir="ltr">{step.email}</bdi>
          </p>
          {days !== undefined && <TrustBox words={words} days={days} />}
        </>
      ),
      beside: <Cancel words={words} step={step} />,
      other: { label: other, href: step.page(paths.mfa, { way: 'other' }) },
    })
  }

  return async (app) => {
    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    const config = { rateLimit, formOutlivesSignIn: true }

    app.get(paths.mfaPasskey, async (request, reply) => {
      const step = await secondSteps.open(request, reply)
      return step === undefined ? reply : show(request, reply, step)
    })

    app.post(paths.mfaPasskey, { config }, async (request, reply) => {
      const { answer, trust, decision } = readForm(request, ['answer', 'trust', 'decision'])
      const step = await secondSteps.open(request, reply)
      if (step === undefined) return reply
      if (decision === 'deny' && step.current !== undefined)
        return deps.respond(reply, step.current.request.redirect, {
          error: 'access_denied',
          error_description: 'the person cancelled the second step of the sign-in',
          why: { check: 'person_refused' },
        })
      const { userId } = step
      const mails = mfaLetters(languageOf(request), issuer, notMe)
      const checked = await checkPasskey(deps, passkeys.party(request), {
        userId,
        answer,
        browser: browsers.known(request),
        ip: request.ip,
        guessed: (at) => mails.guessed(step, at),
        cloned: passkeys.letters(request).cloned,
      })
      if (checked.kind === 'right')
        return secondSteps.finish(request, reply, step, { ...checked, trust: trust === 'yes' })
      if (checked.kind === 'wrong')
        request.log.info({ reason: checked.reason }, 'a passkey was refused')
      return show(request, reply, step, checked)
    })
  }
}
