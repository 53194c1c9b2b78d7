import type { FastifyPluginAsync } from 'fastify'
import { single, toParameters } from '../../domain/oauth/parameters.ts'
import type { LogKind } from '../../domain/security-log/events.ts'
import { type OwnLogDeps, ownLog } from '../../domain/security-log/own-log.ts'
import type { AccountDoor } from '../../http/account-door.ts'
import { sendAccountPage } from '../../http/account-page.tsx'
import type { Browsers } from '../../http/session/browser.ts'
import { languageOf } from '../../http/language/language.ts'
import { createMoments } from '../../http/language/moments.ts'
import { paths } from '../../http/paths.ts'
import { securityLogView } from './view.tsx'

export interface SecurityLogDeps extends OwnLogDeps {
  readonly door: AccountDoor
  readonly browsers: Browsers
}

/** Keeps a page under its 30 kB. */
const EVENTS_A_PAGE = 15

/** What happened to the account, for the person to look over. */
export function securityLog(deps: SecurityLogDeps): FastifyPluginAsync {
  const { door, browsers } = deps

  return async (app) => {
    app.get(paths.securityLog, async (request, reply) => {
      const signedIn = await door.enter(request, reply)
      if (signedIn === undefined) return reply
      const { account } = signedIn
      const query = toParameters(request.query)
      const kind = kindOf(single(query, 'show'))
      const before = single(query, 'before')
      const { words, locale } = languageOf(request)
      const page = await ownLog(deps, account.id, { limit: EVENTS_A_PAGE, before, kind })
      const body = securityLogView({
        words,
        moments: createMoments(locale.lang, account.claims.zoneinfo),
        ...page,
        kind,
        hrefOf,
        passwordHref: paths.password,
        later: before !== undefined,
      })
      const { title } = words.securityLog
      const csrf = browsers.csrfToken(request, reply)
      return sendAccountPage(reply, { section: 'securityLog', title, body, signedIn, csrf })
    })
  }
}

function kindOf(text: string | undefined): LogKind | undefined {
  return text === 'sign_in' || text === 'change' ? text : undefined
}

function hrefOf(kind: LogKind | undefined, before?: string): string {
  const query = new URLSearchParams()
  if (kind !== undefined) query.set('show', kind)
  if (before !== undefined) query.set('before', before)
  return query.size === 0 ? paths.securityLog : `${paths.securityLog}?${query.toString()}`
}
