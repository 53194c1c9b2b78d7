import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import {
  type ConnectedAppsDeps,
  connectedApps,
} from '../../domain/connected-apps/connected-apps.ts'
import { withdraw } from '../../domain/connected-apps/withdraw.ts'
import { single } from '../../domain/oauth/parameters.ts'
import type { AccountDoor } from '../../http/account-door.ts'
import { sendAccountPage } from '../../http/account-page.tsx'
import type { Browsers } from '../../http/session/browser.ts'
import { languageOf } from '../../http/language/language.ts'
import { createMoments } from '../../http/language/moments.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { paths, removeAppPath } from '../../http/paths.ts'
import { plain } from '../../http/words/words.ts'
import { appsView, nameOf, removeAppView } from './view.tsx'
import { doneNotice, pageQuery } from '../../http/query.ts'

export interface AppsDeps extends ConnectedAppsDeps {
  readonly door: AccountDoor
  readonly browsers: Browsers
}

/** The applications that can act for a person: looks at them, and removes the access of one. */
export function apps(deps: AppsDeps): FastifyPluginAsync {
  const { door, browsers } = deps

  function clientIdOf(request: FastifyRequest): string {
    return single(pageQuery(request), 'client_id') ?? ''
  }

  const notConnected = () =>
    new PageError('not_found', { status: 404, hint: 'the application is not connected' })

  return async (app) => {
    app.get(paths.apps, async (request, reply) => {
      const signedIn = await door.enter(request, reply)
      if (signedIn === undefined) return reply
      const { account } = signedIn
      const { words, locale } = languageOf(request)
      const body = appsView({
        words,
        moments: createMoments(locale.lang, account.claims.zoneinfo),
        apps: await connectedApps(deps, account.id),
        removeHref: removeAppPath,
        notice: doneNotice(request, { removed: words.apps.removed }),
      })
      const csrf = browsers.csrfToken(request, reply)
      const { title } = words.apps
      return sendAccountPage(reply, { section: 'apps', title, body, signedIn, csrf })
    })

    app.get(paths.removeApp, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      const clientId = clientIdOf(request)
      const all = await connectedApps(deps, signedIn.account.id)
      const connected = all.find((one) => one.clientId === clientId)
      if (connected === undefined) throw notConnected()
      const { words } = languageOf(request)
      const csrf = browsers.csrfToken(request, reply)
      const action = removeAppPath(clientId)
      const body = removeAppView({ words, action, csrf, app: connected, backHref: paths.apps })
      const title = plain(words.apps.removeTitle(nameOf(connected)))
      return sendAccountPage(reply, { section: 'apps', title, body, signedIn, csrf })
    })

    app.post(paths.removeApp, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      const done = await withdraw(deps, signedIn.account.id, clientIdOf(request), request.ip)
      if (done === 'not_found') throw notConnected()
      return reply.redirect(`${paths.apps}?done=removed`, 303)
    })
  }
}
