import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Client } from '../../domain/clients/client.ts'
import { type Parameters, single, toParameters, tooLarge } from '../../domain/oauth/parameters.ts'
import {
  type Everybody,
  type Session,
  everyone,
  sessionsOf,
} from '../../domain/sessions/session.ts'
import { signOut } from '../../domain/sessions/sign-in.ts'
import type { TokenVerifier } from '../../domain/tokens/verify.ts'
import { appIdentity } from '../../http/app-identity.ts'
import type { Browsers } from '../../http/session/browser.ts'
import { readForm } from '../../http/form.ts'
import { aboutClient } from '../../http/errors/fault-report.ts'
import { isCrossSitePost } from '../../http/front-channel.ts'
import { languageOf, preferLocales } from '../../http/language/language.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { presentAccount } from '../../http/parts/account-choices.tsx'
import { paths } from '../../http/paths.ts'
import type { Presence } from '../../http/session/presence.ts'
import { sendPage } from '../../http/send-page.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { TimedCache } from '../../platform/timed-cache.ts'
import { type EndSessionRequest, validateEndSession } from './request.ts'
import { signOutTitle, signOutView, signedOutTitle, signedOutView } from './view.tsx'
import { whatToEnd } from './what-to-end.ts'

export interface EndSessionDeps {
  readonly issuer: string
  readonly verifier: TokenVerifier
  readonly clients: TimedCache<Client | undefined>
  readonly presence: Presence
  readonly database: Database
  readonly browsers: Browsers
  /** Scheme, host and port of the issuer. */
  readonly origin: string
  readonly clock: Clock
}

/** Sign-out asked for by an application, RP-Initiated Logout 1.0. */
export function endSession(deps: EndSessionDeps): FastifyPluginAsync {
  const { presence, browsers } = deps

  async function validated(
    request: FastifyRequest,
    parameters: Parameters,
  ): Promise<EndSessionRequest> {
    const outcome = await validateEndSession(parameters, deps)
    if (outcome.kind === 'valid') return outcome.request
    const { client, fault, why } = outcome
    if (client !== undefined) aboutClient(request, client.id)
    throw new PageError(fault, { app: client && appIdentity(client), why })
  }

  async function begin(request: FastifyRequest, reply: FastifyReply, parameters: Parameters) {
    preferLocales(request, single(parameters, 'ui_locales'))
    const asked = await validated(request, parameters)
    const everybody = await presence.all(request)
    const ending = whatToEnd(asked.hint, everybody)
    if (ending.kind === 'nothing') return finish(request, reply, asked, { everybody, ended: [] })
    if (ending.kind === 'now')
      return end(request, reply, asked, { everybody, ended: [ending.who.session] })
    const app = asked.client === undefined ? undefined : appIdentity(asked.client)
    const props = {
      words: languageOf(request).words,
      action: `${paths.endSessionConfirmed}?${toQuery(parameters)}`,
      csrf: browsers.csrfToken(request, reply),
      app,
      accounts: ending.about.map(presentAccount),
      several: everyone(everybody).length > 1,
    }
    return sendPage(reply, { title: signOutTitle(props), body: signOutView(props), app })
  }

  async function end(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: EndSessionRequest,
    leaving: Leaving,
  ) {
    await signOut(deps, leaving.ended, request.ip)
    return finish(request, reply, asked, leaving)
  }

  function finish(
    request: FastifyRequest,
    reply: FastifyReply,
    { client, hint, postLogoutRedirectUri, state }: EndSessionRequest,
    { everybody, ended }: Leaving,
  ) {
    browsers.endSessions(request, reply, ended, everybody)
    const onward =
      postLogoutRedirectUri === undefined ? undefined : withState(postLogoutRedirectUri, state)
    if (onward !== undefined && hint !== undefined) return reply.redirect(onward, 303)
    const app = client === undefined ? undefined : appIdentity(client)
    const stay = everyone(everybody).length > ended.length
    const othersHref = stay ? paths.selectAccount : undefined
    const props = { words: languageOf(request).words, app, continueUri: onward, othersHref }
    return sendPage(reply, { title: signedOutTitle(props), body: signedOutView(props), app })
  }

  return async (app) => {
    app.get(paths.endSession, async (request, reply) =>
      begin(request, reply, toParameters(request.query)),
    )
    app.post(paths.endSession, { config: { crossSiteForm: true } }, async (request, reply) => {
      const parameters = toParameters(request.body)
      if (tooLarge(parameters)) throw new PageError('invalid_request', { hint: 'too large' })
      // Lax cookies stay away from a cross-site POST: go on by GET, where they come along.
      if (isCrossSitePost(request, deps.origin) && browsers.known(request) === undefined)
        return reply.redirect(`${paths.endSession}?${toQuery(parameters)}`, 303)
      return begin(request, reply, parameters)
    })
    app.post(paths.endSessionConfirmed, async (request, reply) => {
      const parameters = toParameters(request.query)
      preferLocales(request, single(parameters, 'ui_locales'))
      const asked = await validated(request, parameters)
      const { decision, session } = readForm(request, ['decision', 'session'])
      if (decision !== 'yes' && decision !== 'all') return reply.redirect(paths.home, 303)
      const everybody = await presence.all(request)
      // By the session that the question was about: it may have ended meanwhile, and then nobody else's does.
      const isMeant = ({ id }: Session) => decision === 'all' || id === session
      return end(request, reply, asked, { everybody, ended: sessionsOf(everybody).filter(isMeant) })
    })
    // Where the page of a refused form leads back to: the question again, or the end of it.
    app.get(paths.endSessionConfirmed, async (request, reply) =>
      reply.redirect(`${paths.endSession}?${toQuery(toParameters(request.query))}`, 303),
    )
  }
}

interface Leaving {
  readonly everybody: Everybody
  readonly ended: readonly Session[]
}

function toQuery(parameters: Parameters): string {
  const query = new URLSearchParams()
  for (const [name, values] of parameters) for (const value of values) query.append(name, value)
  return query.toString()
}

/** §3: state goes back with the redirect, and nothing else of the registered URI changes. */
function withState(uri: string, state: string | undefined): string {
  if (state === undefined) return uri
  return `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams({ state }).toString()}`
}
