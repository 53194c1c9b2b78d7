import { Readable } from 'node:stream'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type OwnDataDeps, ownData } from '../../domain/own-data/own-data.ts'
import type { SignedIn } from '../../domain/sessions/session.ts'
import type { AccountDoor } from '../../http/account-door.ts'
import { sendAccountPage } from '../../http/account-page.tsx'
import type { Browsers } from '../../http/session/browser.ts'
import { languageOf } from '../../http/language/language.ts'
import { paths } from '../../http/paths.ts'
import { dataView } from './view.tsx'

export interface DataDeps extends OwnDataDeps {
  readonly door: AccountDoor
  readonly browsers: Browsers
  readonly ratePerMinute: () => number
}

/** Everything that is kept about a person, to take along; and the way to deletion. */
export function data(deps: DataDeps): FastifyPluginAsync {
  const { door, browsers, clock } = deps

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    retryAfterSeconds?: number,
  ) {
    const { words } = languageOf(request)
    const csrf = browsers.csrfToken(request, reply)
    return sendAccountPage(reply, {
      section: 'data',
      title: words.leaving.data.title,
      body: dataView({ words, csrf, retryAfterSeconds }),
      signedIn,
      csrf,
      error: retryAfterSeconds !== undefined,
    })
  }

  return async (app) => {
    const config = { rateLimit: { max: deps.ratePerMinute, timeWindow: 60_000 } }

    app.get(paths.data, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      return signedIn === undefined ? reply : show(request, reply, signedIn)
    })

    app.post(paths.data, { config }, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      const own = await ownData(deps, signedIn.account.id, request.ip)
      switch (own.kind) {
        case 'document': {
          const day = clock().toISOString().slice(0, 10)
          return reply
            .type('application/json; charset=utf-8')
            .header('content-disposition', `attachment; filename="signet-${day}.json"`)
            .send(Readable.from(own.text))
        }
        case 'too_often':
          void reply.status(429).header('retry-after', String(own.retryAfterSeconds))
          return show(request, reply, signedIn, own.retryAfterSeconds)
        case 'gone':
          return reply.redirect(paths.home, 303)
      }
    })
  }
}
