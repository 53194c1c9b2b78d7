import type { FastifyPluginAsync } from 'fastify'
import { signOut } from '../../domain/sessions/sign-in.ts'
import type { Browsers } from '../../http/session/browser.ts'
import { languageOf } from '../../http/language/language.ts'
import { presentAccount } from '../../http/parts/account-choices.tsx'
import { paths } from '../../http/paths.ts'
import type { Presence } from '../../http/session/presence.ts'
import { sendPage } from '../../http/send-page.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { homeTitle, homeView } from './view.tsx'

export interface HomeDeps {
  readonly presence: Presence
  readonly database: Database
  readonly browsers: Browsers
  readonly clock: Clock
}

/** The root page: who is signed in here, and the way out or in. */
export function home(deps: HomeDeps): FastifyPluginAsync {
  const { presence, browsers } = deps

  return async (app) => {
    app.get(paths.home, async (request, reply) => {
      const { active, others } = await presence.all(request)
      // Nobody is taken for the person unasked: the picker asks.
      if (active === undefined && others.length > 0) return reply.redirect(paths.selectAccount, 303)
      const props = {
        words: languageOf(request).words,
        account: active && presentAccount(active),
        others: others.map(presentAccount),
        csrf: browsers.csrfToken(request, reply),
        accountsAction: paths.selectAccount,
        accountHref: paths.account,
        signInHref: paths.login,
      }
      return sendPage(reply, { title: homeTitle(props), body: homeView(props) })
    })

    /** Signs the active person out: the button that every account page has. */
    app.post(paths.signOut, async (request, reply) => {
      const everybody = await presence.all(request)
      const sessions = everybody.active === undefined ? [] : [everybody.active.session]
      await signOut(deps, sessions, request.ip)
      browsers.endSessions(request, reply, sessions, everybody)
      return reply.redirect(paths.home, 303)
    })
    // Where the page of a refused form leads back to.
    app.get(paths.signOut, async (_request, reply) => reply.redirect(paths.home, 303))
  }
}
