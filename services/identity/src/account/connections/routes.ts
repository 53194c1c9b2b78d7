import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type LinkNews, connect } from '../../domain/identities/link.ts'
import { createIdentityStore } from '../../domain/identities/store.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { SignedIn } from '../../domain/sessions/session.ts'
import { UpstreamError } from '../../domain/upstream/refusal.ts'
import { type DisconnectDeps, disconnect } from '../../domain/ways-in/disconnect.ts'
import { isLastWayIn, waysInOf } from '../../domain/ways-in/ways-in.ts'
import type { AccountDoor } from '../../http/account-door.ts'
import { sendAccountPage } from '../../http/account-page.tsx'
import type { Browsers } from '../../http/session/browser.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { upstreamLetters } from '../../http/mails/upstream.ts'
import { createMoments } from '../../http/language/moments.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { afterSignIn, paths, withOnward } from '../../http/paths.ts'
import type { Upstream } from '../../http/sign-in/upstream.ts'
import { confirmView, connectionsView } from './view.tsx'
import { doneNotice } from '../../http/query.ts'

export interface ConnectionsDeps extends DisconnectDeps {
  readonly issuer: string
  readonly door: AccountDoor
  readonly browsers: Browsers
  readonly upstream: Upstream
  readonly notMe: NotMeLinks
}

/** The accounts elsewhere that a person signs in with: looks at them, connects another, disconnects one. */
export function connections(deps: ConnectionsDeps): FastifyPluginAsync {
  const { door, browsers, upstream, database, providers } = deps
  const { directory } = upstream
  const nameOf = (id: string) => directory.find(id)?.provider.name ?? id
  const letters = (request: FastifyRequest) =>
    upstreamLetters(languageOf(request), deps.issuer, deps.notMe)

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    problem?: string,
  ) {
    const { account } = signedIn
    const { words, locale } = languageOf(request)
    const said = words.upstream.connections
    const identities = await createIdentityStore(database.db).of(account.id)
    const ways = await waysInOf(database.db, account.id, providers)
    const fault = problem ?? doneNotice(request, { taken: said.taken })
    const csrf = browsers.csrfToken(request, reply)
    const body = connectionsView({
      words,
      moments: createMoments(locale.lang, account.claims.zoneinfo),
      csrf,
      action: paths.connections,
      disconnectAction: paths.disconnect,
      passwordHref: paths.password,
      connected: identities.map((identity) => ({
        identity,
        name: nameOf(identity.provider),
        isLast: isLastWayIn(identity.id, ways),
      })),
      available: directory.all,
      notice: doneNotice(request, said.done),
      problem: fault,
    })
    const error = fault !== undefined
    const { title } = said
    return sendAccountPage(reply, { section: 'connections', title, body, signedIn, csrf, error })
  }

  /** Somebody whom a provider has named, and who has signed in to the account of that address since. */
  async function confirming(request: FastifyRequest, reply: FastifyReply) {
    const signedIn = await door.enterFresh(request, reply)
    if (signedIn === undefined) return undefined
    const arrival = upstream.arrival(request)
    if (arrival === undefined)
      throw new PageError('page_expired', {
        status: 410,
        actions: [{ label: languageOf(request).words.actions.continue, href: paths.connections }],
        hint: 'the arrival does not open in this browser',
      })
    // Whoever else is signed in here is not connected with it, but may go and let its owner sign in.
    if (signedIn.account.email !== arrival.person.email) {
      await reply.redirect(withOnward(paths.login, { next: request.url }, { switch: '1' }), 303)
      return undefined
    }
    return { signedIn, arrival }
  }

  return async (app) => {
    app.get(paths.connections, async (request, reply) => {
      const signedIn = await door.enter(request, reply)
      return signedIn === undefined ? reply : show(request, reply, signedIn)
    })

    app.post(paths.connections, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      const { provider } = readForm(request, ['provider'])
      if (directory.find(provider) === undefined) throw new PageError('not_found', { status: 404 })
      const { session, account } = signedIn
      const owner = { userId: account.id, sessionId: session.id }
      try {
        return await upstream.begin(request, reply, provider, { onward: {}, connect: owner })
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error
        request.log.warn({ provider, reason: error.message }, 'a provider cannot be connected')
        const { lead } = languageOf(request).words.upstream.problems[error.fault]
        return show(request, reply.status(503), signedIn, lead(nameOf(provider)))
      }
    })

    app.get(paths.confirmConnection, async (request, reply) => {
      const present = await confirming(request, reply)
      if (present === undefined) return reply
      const { signedIn, arrival } = present
      const { words } = languageOf(request)
      const { provider: id, email } = arrival.person
      const csrf = browsers.csrfToken(request, reply)
      const provider = nameOf(id)
      const body = confirmView({ words, action: request.url, csrf, provider, email })
      const title = words.upstream.connections.confirmTitle(provider)
      return sendAccountPage(reply, { section: 'connections', title, body, signedIn, csrf })
    })

    app.post(paths.confirmConnection, async (request, reply) => {
      const present = await confirming(request, reply)
      if (present === undefined) return reply
      const { signedIn, arrival } = present
      const { person, onward } = arrival
      const { decision } = readForm(request, ['decision'])
      if (decision === 'connect') {
        const letter = letters(request).linked(nameOf(person.provider))
        const { account, session } = signedIn
        const link = { userId: account.id, sessionId: session.id, person, ip: request.ip }
        const said = await connect(deps, link, letter)
        if (said === 'taken') return reply.redirect(`${paths.connections}?done=taken`, 303)
        upstream.remember(reply, person.provider)
      }
      return reply.redirect(afterSignIn(onward), 303)
    })

    app.post(paths.disconnect, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      const { identity: id } = readForm(request, ['identity'])
      const { words } = languageOf(request)
      const asked = { userId: signedIn.account.id, id, ip: request.ip }
      const letter = (provider: string, news: LinkNews) =>
        letters(request).unlinked(nameOf(provider), news)
      const outcome = await disconnect(deps, asked, letter)
      if (outcome === 'not_found')
        throw new PageError('not_found', { status: 404, hint: 'no such identity of this person' })
      if (outcome === 'last_way_in')
        return show(request, reply.status(409), signedIn, words.upstream.connections.last)
      return reply.redirect(`${paths.connections}?done=disconnected`, 303)
    })
  }
}
