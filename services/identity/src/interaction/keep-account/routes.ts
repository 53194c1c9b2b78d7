import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type KeepDeps, accountToKeep, keepAccount } from '../../domain/leaving/keep.ts'
import { single, toParameters } from '../../domain/oauth/parameters.ts'
import type { Browsers } from '../../http/session/browser.ts'
import { languageOf } from '../../http/language/language.ts'
import { leavingLetters } from '../../http/mails/leaving.ts'
import { afterKeepingPath, paths, stepPath } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import { goneView, keepView, nothingToKeepView } from './view.tsx'

export interface KeepAccountDeps extends KeepDeps {
  readonly issuer: string
  readonly browsers: Browsers
  readonly ratePerMinute: () => number
}

/**
 * The way back to an account that is to be deleted, from the link of the mail or after a right password: one button
 * calls the deletion off. It signs nobody in.
 */
export function keepAccountPage(deps: KeepAccountDeps): FastifyPluginAsync {
  const { browsers } = deps

  const parameter = (request: FastifyRequest, name: 'token' | 'tx' | 'left') =>
    single(toParameters(request.query), name)

  const account = async (request: FastifyRequest) =>
    accountToKeep(deps, parameter(request, 'token') ?? '')

  /** The one answer to a link that is too old or made up, or whose account was kept or deleted. */
  function nothingToKeep(request: FastifyRequest, reply: FastifyReply) {
    const { words } = languageOf(request)
    const tx = parameter(request, 'tx')
    const signInHref = tx === undefined ? paths.login : stepPath('login', tx)
    const body = nothingToKeepView({ words, signInHref })
    return sendPage(reply.status(400), { title: words.leaving.keep.staleTitle, body, error: true })
  }

  return async (app) => {
    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    const config = { rateLimit, formOutlivesSignIn: true }

    app.get(paths.keepAccount, { config }, async (request, reply) => {
      const { words } = languageOf(request)
      const left = parameter(request, 'left')
      if (left === 'now')
        return sendPage(reply, { title: words.leaving.keep.goneTitle, body: goneView({ words }) })
      const found = await account(request)
      if (found === undefined) return nothingToKeep(request, reply)
      const body = keepView({
        words,
        action: request.url,
        csrf: browsers.csrfToken(request, reply),
        email: found.email,
        leavesAt: found.leavesAt,
        hasJustLeft: left === 'later',
      })
      return sendPage(reply, { title: words.leaving.keep.title, body })
    })

    app.post(paths.keepAccount, { config }, async (request, reply) => {
      const found = await account(request)
      if (found === undefined) return nothingToKeep(request, reply)
      const { kept } = leavingLetters(languageOf(request), deps.issuer)
      if (!(await keepAccount(deps, found, request.ip, kept))) return nothingToKeep(request, reply)
      return reply.redirect(afterKeepingPath(parameter(request, 'tx')), 303)
    })
  }
}
