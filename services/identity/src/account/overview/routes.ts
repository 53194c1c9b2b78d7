import type { FastifyPluginAsync } from 'fastify'
import {
  type ConnectedAppsDeps,
  connectedApps,
} from '../../domain/connected-apps/connected-apps.ts'
import { hasSecondFactor } from '../../domain/factors/policy.ts'
import type { FactorStore } from '../../domain/factors/store.ts'
import type { CredentialStore } from '../../domain/credentials/store.ts'
import { ownLog } from '../../domain/security-log/own-log.ts'
import { devicesOf } from '../../domain/sessions/devices.ts'
import type { AccountDoor } from '../../http/account-door.ts'
import { sendAccountPage } from '../../http/account-page.tsx'
import type { Browsers } from '../../http/session/browser.ts'
import { languageOf } from '../../http/language/language.ts'
import { createMoments } from '../../http/language/moments.ts'
import { paths } from '../../http/paths.ts'
import { overviewView } from './view.tsx'

export interface OverviewDeps extends ConnectedAppsDeps {
  readonly door: AccountDoor
  readonly browsers: Browsers
  readonly credentials: CredentialStore
  readonly factors: FactorStore
}

const LATEST_EVENTS = 4

/** The first page of an account: how it stands, with the way to each of its pages. */
export function overview(deps: OverviewDeps): FastifyPluginAsync {
  const { door, browsers, credentials, factors } = deps

  return async (app) => {
    app.get(paths.account, async (request, reply) => {
      const signedIn = await door.enter(request, reply)
      if (signedIn === undefined) return reply
      const { id, email, emailVerified, claims } = signedIn.account
      const { words, locale } = languageOf(request)
      const [passwordChangedAt, second, devices, apps, log] = await Promise.all([
        credentials.passwordChangedAt(id),
        factors.factorsOf(id),
        devicesOf(deps, id, signedIn.session.id),
        connectedApps(deps, id),
        ownLog(deps, id, { limit: LATEST_EVENTS }),
      ])
      const body = overviewView({
        words,
        moments: createMoments(locale.lang, claims.zoneinfo),
        name: claims.name ?? claims.given_name,
        picture: claims.picture,
        email,
        emailVerified,
        passwordChangedAt,
        hasSecondFactor: hasSecondFactor(second),
        deviceCount: devices.length,
        appCount: apps.length,
        latest: log.entries,
      })
      const csrf = browsers.csrfToken(request, reply)
      const title = words.account.title
      return sendAccountPage(reply, { section: 'overview', title, body, signedIn, csrf })
    })
  }
}
