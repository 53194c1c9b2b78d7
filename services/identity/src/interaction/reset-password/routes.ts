import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { PasswordHasher } from '../../domain/credentials/password-hasher.ts'
import { passwordFault, passwordRules } from '../../domain/credentials/password-rules.ts'
import { single, toParameters } from '../../domain/oauth/parameters.ts'
import { type ResetDeps, accountOf, resetPassword } from '../../domain/recovery/reset.ts'
import type { RecoverableAccount } from '../../domain/recovery/store.ts'
import type { Settings } from '../../domain/settings/settings.ts'
import type { Conversations } from '../../http/conversation.ts'
import type { Browsers } from '../../http/session/browser.ts'
import { readForm } from '../../http/form.ts'
import type { Devices } from '../../http/sign-in/known-device.ts'
import { languageOf } from '../../http/language/language.ts'
import { recoveryLetters } from '../../http/mails/recovery.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { passwordProblem } from '../../http/sign-in/password-problem.ts'
import { afterResetPath, forgotPasswordPath, paths } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import { resetPasswordView, staleLinkView } from './view.tsx'

export interface ResetPasswordDeps extends ResetDeps {
  readonly issuer: string
  readonly hasher: PasswordHasher
  readonly conversations: Pick<Conversations, 'appOf'>
  readonly browsers: Browsers
  readonly devices: Devices
  readonly settings: () => Settings
  readonly ratePerMinute: () => number
}

/** The page behind the link of the mail: sets a new password, ends all sessions, signs nobody in. */
export function resetPasswordPage(deps: ResetPasswordDeps): FastifyPluginAsync {
  const { conversations, browsers, hasher, devices, clock } = deps

  const parameter = (request: FastifyRequest, name: 'token' | 'tx') =>
    single(toParameters(request.query), name)

  /**
   * The sign-in that the link was asked for on the way of; of the browser that asked, and not of the phone with the
   * mail.
   */
  async function ownTx(request: FastifyRequest): Promise<string | undefined> {
    const tx = parameter(request, 'tx')
    return (await conversations.appOf(request, tx)) === undefined ? undefined : tx
  }

  const account = async (request: FastifyRequest) =>
    accountOf(deps, parameter(request, 'token') ?? '')

  /** Used, too old, overtaken by another change or made up: one answer. */
  async function stale(request: FastifyRequest, reply: FastifyReply) {
    const { words } = languageOf(request)
    const againHref = forgotPasswordPath(await ownTx(request))
    const body = staleLinkView({ words, againHref })
    void reply.status(400)
    return sendPage(reply, { title: words.resetPassword.staleTitle, body, error: true })
  }

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    { email }: RecoverableAccount,
    problem?: string,
  ) {
    const { words } = languageOf(request)
    const body = resetPasswordView({
      words,
      action: request.url,
      csrf: browsers.csrfToken(request, reply),
      email,
      passwordMinimum: passwordRules(deps.settings()).minimum,
      problem,
    })
    const error = problem !== undefined
    if (error) void reply.status(422)
    return sendPage(reply, { title: words.resetPassword.title, body, error })
  }

  return async (app) => {
    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    const config = { rateLimit, formOutlivesSignIn: true }

    app.get(paths.resetPassword, { config }, async (request, reply) => {
      const found = await account(request)
      return found === undefined ? stale(request, reply) : show(request, reply, found)
    })

    app.post(paths.resetPassword, { config }, async (request, reply) => {
      const { password: typed } = readForm(request, ['password'])
      // Before anything is hashed: work is for those who have a link.
      const found = await account(request)
      if (found === undefined) return stale(request, reply)
      const language = languageOf(request)
      const { words } = language
      const personal = [found.email, found.name, words.product]
      const fault = passwordFault(typed, personal, passwordRules(deps.settings()))
      if (fault !== undefined) return show(request, reply, found, passwordProblem(words, fault))
      const password = await hasher.hash(typed)
      if (password === 'busy')
        throw new PageError('unavailable', { status: 503, headers: { 'retry-after': '5' } })

      const knownDevice = devices.knownFor(request, found.email)
      const notice = recoveryLetters(language, deps.issuer).changed(found.email, clock())
      const change = { password, ip: request.ip, knownDevice }
      if (!(await resetPassword(deps, found, change, notice))) return stale(request, reply)
      // Whoever is signed in here is so no longer; another person's session in this browser stays.
      return reply.redirect(afterResetPath(await ownTx(request)), 303)
    })
  }
}
