import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { toParameters } from '../../domain/oauth/parameters.ts'
import { type UnlockDeps, accountToUnlock, unlock } from '../../domain/recovery/unlock.ts'
import type { UnlockLinks } from '../../domain/recovery/unlock-link.ts'
import type { Browsers } from '../../http/session/browser.ts'
import type { Devices } from '../../http/sign-in/known-device.ts'
import { languageOf } from '../../http/language/language.ts'
import { paths } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import { staleUnlockView, unlockView } from './view.tsx'

export interface UnlockPageDeps extends Pick<UnlockDeps, 'database' | 'clock'> {
  readonly unlockLinks: UnlockLinks
  readonly browsers: Browsers
  readonly devices: Devices
  readonly ratePerMinute: () => number
}

/** The page behind the link of the mail about a lock-out: gives this browser tries of its own, and nobody a session. */
export function unlockPage(deps: UnlockPageDeps): FastifyPluginAsync {
  const { browsers, devices } = deps
  const using = { ...deps, links: deps.unlockLinks }

  const tokenOf = (request: FastifyRequest): string => {
    const [token, ...others] = toParameters(request.query).get('token') ?? []
    return token !== undefined && others.length === 0 ? token : ''
  }

  /** The one answer to a link that was used elsewhere, is too old or made up, or whose account has changed since. */
  function stale(request: FastifyRequest, reply: FastifyReply) {
    const { words } = languageOf(request)
    const body = staleUnlockView({ words, signInHref: paths.login })
    void reply.status(400)
    return sendPage(reply, { title: words.signIn.unlock.staleTitle, body, error: true })
  }

  return async (app) => {
    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    const config = { rateLimit, formOutlivesSignIn: true }

    app.get(paths.unlock, { config }, async (request, reply) => {
      const browser = browsers.bind(request, reply)
      const account = await accountToUnlock(using, tokenOf(request), browser)
      if (account === undefined) return stale(request, reply)
      const { words } = languageOf(request)
      const csrf = browsers.csrfToken(request, reply)
      const body = unlockView({ words, action: request.url, csrf, email: account.email })
      return sendPage(reply, { title: words.signIn.unlock.title, body })
    })

    app.post(paths.unlock, { config }, async (request, reply) => {
      const token = tokenOf(request)
      const browser = browsers.bind(request, reply)
      const account = await accountToUnlock(using, token, browser)
      if (account === undefined) return stale(request, reply)
      const isOurs = await unlock(using, account, { token, browser, ip: request.ip })
      if (!isOurs) return stale(request, reply)
      devices.unlock(request, reply, account.email)
      return reply.redirect(`${paths.login}?unlocked=yes`, 303)
    })
  }
}
