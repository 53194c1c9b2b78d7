import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { single } from '../../domain/oauth/parameters.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import { type SecureDeps, secureAccount, stillHolds } from '../../domain/recovery/secure-account.ts'
import type { Browsers } from '../../http/session/browser.ts'
import { languageOf } from '../../http/language/language.ts'
import { accountLetters } from '../../http/mails/account.ts'
import { afterSecuringPath, paths } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import { notMeView, staleNotMeView, takenAddressView } from './view.tsx'
import { pageQuery } from '../../http/query.ts'

export interface NotMeDeps extends SecureDeps {
  readonly issuer: string
  readonly notMe: NotMeLinks
  readonly browsers: Browsers
  readonly ratePerMinute: () => number
}

/** "This wasn't me": the page behind the link of a letter takes the account back; it signs nobody in. */
export function notMePage(deps: NotMeDeps): FastifyPluginAsync {
  const { browsers, notMe, clock } = deps

  function linkOf(request: FastifyRequest) {
    return notMe.open(single(pageQuery(request), 'token') ?? '', clock())
  }

  /** The one answer to a link that is used, too old, overtaken or made up. */
  function stale(request: FastifyRequest, reply: FastifyReply) {
    const { words } = languageOf(request)
    const body = staleNotMeView({ words })
    void reply.status(400)
    return sendPage(reply, { title: words.change.notMe.staleTitle, body, error: true })
  }

  return async (app) => {
    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    const config = { rateLimit, formOutlivesSignIn: true }

    app.get(paths.notMe, { config }, async (request, reply) => {
      const link = linkOf(request)
      if (link === undefined || !(await stillHolds(deps, link))) return stale(request, reply)
      const { words } = languageOf(request)
      const { because, email } = link
      const csrf = browsers.csrfToken(request, reply)
      const body = notMeView({ words, action: request.url, csrf, because, email })
      return sendPage(reply, { title: words.change.notMe.title, body })
    })

    app.post(paths.notMe, { config }, async (request, reply) => {
      const link = linkOf(request)
      if (link === undefined) return stale(request, reply)
      const language = languageOf(request)
      const { secured } = accountLetters(language, deps.issuer, notMe)
      const outcome = await secureAccount(deps, link, request.ip, secured)
      switch (outcome.kind) {
        case 'secured':
          // The address is not filled in: the link may have been forwarded.
          return reply.redirect(afterSecuringPath, 303)
        case 'stale':
          return stale(request, reply)
        case 'taken': {
          const { words } = language
          const body = takenAddressView({ words, email: link.email ?? '' })
          void reply.status(409)
          return sendPage(reply, { title: words.change.notMe.takenTitle, body, error: true })
        }
      }
    })
  }
}
