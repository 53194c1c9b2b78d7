import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Client } from '../../domain/clients/client.ts'
import { type Parameters, single, toParameters, tooLarge } from '../../domain/oauth/parameters.ts'
import { signOut } from '../../domain/sessions/sign-in.ts'
import type { TokenVerifier } from '../../domain/tokens/verify.ts'
import { appIdentity } from '../../http/app-identity.ts'
import type { Browsers } from '../../http/browser.ts'
import { readForm } from '../../http/form.ts'
import { isCrossSitePost } from '../../http/front-channel.ts'
import { languageOf, preferLocales } from '../../http/language.ts'
import { PageError } from '../../http/page-error.ts'
import { paths } from '../../http/paths.ts'
import type { Presence } from '../../http/presence.ts'
import { sendPage } from '../../http/send-page.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { TimedCache } from '../../platform/timed-cache.ts'
import { type EndSessionRequest, validateEndSession } from './request.ts'
import { signOutTitle, signOutView, signedOutTitle, signedOutView } from './view.tsx'

export interface EndSessionDeps {
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
  const { verifier, clients, presence, browsers } = deps

  async function validated(parameters: Parameters): Promise<EndSessionRequest> {
    const outcome = await validateEndSession(parameters, verifier, clients)
    if (outcome.kind === 'fault') throw new PageError(outcome.fault, { hint: outcome.hint })
    return outcome.request
  }

  async function begin(request: FastifyRequest, reply: FastifyReply, parameters: Parameters) {
    preferLocales(request, single(parameters, 'ui_locales'))
    const asked = await validated(parameters)
    const signedIn = await presence.signedIn(request)
    if (signedIn === undefined) return finish(reply, asked)
    // §2: without a hint, or with somebody else's, only the person can say that this is meant.
    const { account, session } = signedIn
    if (asked.hint?.subject !== account.id || asked.hint.sessionId !== session.id) {
      const app = asked.client === undefined ? undefined : appIdentity(asked.client)
      const { email, claims } = account
      const props = {
        words: languageOf(request).words,
        action: `${paths.endSessionConfirmed}?${toQuery(parameters)}`,
        csrf: browsers.csrfToken(request, reply),
        app,
        account: { email, name: claims.name },
      }
      return sendPage(reply, { title: signOutTitle(props), body: signOutView(props), app })
    }
    await signOut(deps, signedIn.session, request.ip)
    return finish(reply, asked)
  }

  function finish(reply: FastifyReply, asked: EndSessionRequest) {
    browsers.endSession(reply)
    const { client, hint, postLogoutRedirectUri, state } = asked
    const onward =
      postLogoutRedirectUri === undefined ? undefined : withState(postLogoutRedirectUri, state)
    if (onward !== undefined && hint !== undefined) return reply.redirect(onward, 303)
    const app = client === undefined ? undefined : appIdentity(client)
    const { words } = languageOf(reply.request)
    const props = { words, app, continueUri: onward }
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
      const asked = await validated(parameters)
      const { decision } = readForm(request, ['decision'])
      if (decision !== 'yes') return reply.redirect(paths.home, 303)
      const signedIn = await presence.signedIn(request)
      if (signedIn !== undefined) await signOut(deps, signedIn.session, request.ip)
      return finish(reply, asked)
    })
  }
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
