import type { FastifyPluginAsync } from 'fastify'
import { signOut } from '../../domain/sessions/sign-in.ts'
import type { Browsers } from '../../http/browser.ts'
import type { Presence } from '../../http/presence.ts'
import { languageOf } from '../../http/language.ts'
import { paths } from '../../http/paths.ts'
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
      const signedIn = await presence.signedIn(request)
      const account =
        signedIn === undefined
          ? undefined
          : { name: signedIn.account.claims.name, email: signedIn.account.email }
      const csrf = browsers.csrfToken(request, reply)
      const { words } = languageOf(request)
      const props = { words, account, csrf, signOutAction: paths.signOut, signInHref: paths.login }
      return sendPage(reply, { title: homeTitle(props), body: homeView(props) })
    })

    app.post(paths.signOut, async (request, reply) => {
      const signedIn = await presence.signedIn(request)
      if (signedIn !== undefined) await signOut(deps, signedIn.session, request.ip)
      browsers.endSession(reply)
      return reply.redirect(paths.home, 303)
    })
  }
}
