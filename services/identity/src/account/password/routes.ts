import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { passwordRules } from '../../domain/credentials/password-rules.ts'
import type { CredentialStore } from '../../domain/credentials/store.ts'
import {
  type ChangePasswordDeps,
  type PasswordChanging,
  changePassword,
} from '../../domain/recovery/change-password.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { SignedIn } from '../../domain/sessions/session.ts'
import type { AccountDoor } from '../../http/account-door.ts'
import { sendAccountPage } from '../../http/account-page.tsx'
import type { Browsers } from '../../http/session/browser.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { accountLetters } from '../../http/mails/account.ts'
import { passwordProblem } from '../../http/sign-in/password-problem.ts'
import { paths } from '../../http/paths.ts'
import type { Words } from '../../http/words/words.ts'
import { type PasswordProblems, passwordView } from './view.tsx'
import { doneNotice } from '../../http/query.ts'

export interface PasswordDeps extends ChangePasswordDeps {
  readonly issuer: string
  readonly notMe: NotMeLinks
  readonly credentials: CredentialStore
  readonly door: AccountDoor
  readonly browsers: Browsers
  readonly ratePerMinute: () => number
}

interface State {
  readonly endOthers?: boolean
  readonly problems?: PasswordProblems
  readonly retryAfterSeconds?: number | undefined
}

/** The password of an account: another one in the place of the present one, or a first one. */
export function password(deps: PasswordDeps): FastifyPluginAsync {
  const { door, browsers, credentials, settings } = deps

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    { endOthers = true, problems = {}, retryAfterSeconds }: State = {},
  ) {
    const { words } = languageOf(request)
    const hasPassword = await credentials.hasPassword(signedIn.account.id)
    const csrf = browsers.csrfToken(request, reply)
    const body = passwordView({
      words,
      csrf,
      email: signedIn.account.email,
      hasPassword,
      minimum: passwordRules(settings()).minimum,
      endOthers,
      problems,
      retryAfterSeconds,
      notice: noticeOf(request),
    })
    const { title, firstTitle } = words.change.password
    return sendAccountPage(reply, {
      section: 'password',
      title: hasPassword ? title : firstTitle,
      body,
      signedIn,
      csrf,
      error: Object.values(problems).some((problem) => problem !== undefined),
    })
  }

  return async (app) => {
    app.get(paths.password, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      return signedIn === undefined ? reply : show(request, reply, signedIn)
    })

    const config = { rateLimit: { max: deps.ratePerMinute, timeWindow: 60_000 } }
    app.post(paths.password, { config }, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      const { account, session } = signedIn
      const form = readForm(request, ['current_password', 'password', 'end_others'])
      const language = languageOf(request)
      const { words } = language
      const endOthers = form.end_others !== ''
      if (form.current_password === '' && (await credentials.hasPassword(account.id))) {
        const current = words.change.password.problems.missing
        const fresh = form.password === '' ? words.passwords.faults.missing : undefined
        void reply.status(422)
        return show(request, reply, signedIn, { endOthers, problems: { current, fresh } })
      }
      const change = {
        userId: account.id,
        sessionId: session.id,
        current: form.current_password,
        fresh: form.password,
        endOthers,
        ip: request.ip,
      }
      const letters = accountLetters(language, deps.issuer, deps.notMe)
      const outcome = await changePassword(deps, change, letters.passwordChanged)
      if (outcome.kind === 'changed')
        return reply.redirect(`${paths.password}?done=${endOthers ? 'everywhere' : 'here'}`, 303)
      void reply.status(STATUS[outcome.kind])
      const retryAfterSeconds =
        'retryAfterSeconds' in outcome ? outcome.retryAfterSeconds : undefined
      if (retryAfterSeconds !== undefined)
        void reply.header('retry-after', String(retryAfterSeconds))
      const problems = explain(words, outcome)
      return show(request, reply, signedIn, { endOthers, problems, retryAfterSeconds })
    })
  }
}

type Failure = Exclude<PasswordChanging, { kind: 'changed' }>

const STATUS: Readonly<Record<Failure['kind'], number>> = {
  refused: 422,
  wrong: 422,
  overtaken: 409,
  throttled: 429,
  busy: 503,
}

function explain(words: Words, outcome: Failure): PasswordProblems {
  const { problems } = words.change.password
  switch (outcome.kind) {
    case 'refused':
      return {
        fresh:
          outcome.fault.kind === 'same' ? problems.same : passwordProblem(words, outcome.fault),
      }
    case 'wrong':
      return { current: problems.wrong }
    case 'overtaken':
      return { form: problems.overtaken }
    case 'throttled':
      return { form: words.wait.throttled(outcome.retryAfterSeconds) }
    case 'busy':
      return { form: words.wait.busy(outcome.retryAfterSeconds) }
  }
}

function noticeOf(request: FastifyRequest): string | undefined {
  const { changed, changedEverywhere } = languageOf(request).words.change.password
  return doneNotice(request, { here: changed, everywhere: changedEverywhere })
}
