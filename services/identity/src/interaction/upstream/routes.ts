import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { connect } from '../../domain/identities/link.ts'
import { malformation, single, toParameters } from '../../domain/oauth/parameters.ts'
import { createSpentStore } from '../../domain/spent/store.ts'
import { nameOnly } from '../../domain/upstream/apple.ts'
import { UpstreamError, type UpstreamFault } from '../../domain/upstream/refusal.ts'
import { TRANSACTION_TTL_SECONDS, type Transaction } from '../../domain/upstream/transaction.ts'
import { isCrossSitePost } from '../../http/front-channel.ts'
import { languageOf } from '../../http/language/language.ts'
import { upstreamLetters } from '../../http/mails/upstream.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { afterSignIn, paths, providerCallbackPath } from '../../http/paths.ts'
import { type Step, nameOf, refuse, sendProblem, settle } from './settle.ts'
import { type MailboxDeps, mailboxSteps } from './mailbox.ts'
import { pageQuery } from '../../http/query.ts'
import { wayOf } from '../../http/sign-in/way.ts'

export interface UpstreamRoutesDeps extends MailboxDeps {
  /** Scheme, host and port of the issuer. */
  readonly origin: string
}

/** What a provider's answer may hold; it goes on by GET as it came. */
const CALLBACK_PARAMETERS = ['state', 'code', 'iss', 'error', 'error_description'] as const

/** Signing in with a provider: there, back, and what is still to be shown after that. */
export function upstreamSignIn(deps: UpstreamRoutesDeps): FastifyPluginAsync {
  const { upstream, conversations, presence, database } = deps

  function providerOf(request: FastifyRequest): string {
    const { provider: id } = request.params as { readonly provider: string }
    if (upstream.directory.find(id) === undefined)
      throw new PageError('not_found', { status: 404, hint: 'no such provider' })
    // Refuses repeated parameters before anything is read of them.
    pageQuery(request)
    return id
  }

  /** The visit that a callback ends: of however many callbacks at once, one is let through. */
  async function visitOf({ request, providerId }: Pick<Step, 'request' | 'providerId'>) {
    const visit = upstream.take(request, providerId)
    if (visit === undefined) return { kind: 'foreign' } as const
    const until = new Date(visit.expiresAt)
    const isFirst = await createSpentStore(database.db).spend('upstream', visit.state, until)
    return { kind: isFirst ? 'first' : 'again', visit } as const
  }

  async function personOf({ request, providerId }: Step, visit: Transaction) {
    const client = upstream.directory.find(providerId)
    if (client === undefined) throw new UpstreamError('failed', 'no such provider any more')
    const { search } = new URL(request.url, deps.issuer)
    return client.person({
      parameters: new URLSearchParams(search),
      redirectUri: upstream.redirectUri(providerId),
      state: visit.state,
      nonce: visit.nonce,
      verifier: visit.verifier,
    })
  }

  async function finish(step: Step, visit: Transaction): Promise<FastifyReply> {
    const { request, reply } = step
    const person = await personOf(step, visit)
    // Not before: the page that says why it failed knows the way on when it is asked for again, in another language.
    upstream.end(request, reply, visit)
    if (visit.connect === undefined) return settle(deps, step, person, false)
    const { userId, sessionId } = visit.connect
    const signedIn = await presence.signedIn(request)
    // Signed out, or somebody else by now: nobody is connected with what another person began.
    if (signedIn?.session.id !== sessionId || signedIn.account.id !== userId)
      return refuse(deps, step, 'expired', 'the session that connects has ended')
    const letters = upstreamLetters(languageOf(request), deps.issuer, deps.notMe)
    const letter = letters.linked(nameOf(upstream, step.providerId))
    const said = await connect(deps, { userId, sessionId, person, ip: request.ip }, letter)
    if (said === 'gone') return refuse(deps, step, 'expired', 'ended in this moment')
    return reply.redirect(`${paths.connections}?done=${said}`, 303)
  }

  return async (app) => {
    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }

    app.get(paths.provider, { config: { rateLimit } }, async (request, reply) => {
      const providerId = providerOf(request)
      const { onward } = await wayOf(request, conversations)
      try {
        return await upstream.begin(request, reply, providerId, { onward })
      } catch (error) {
        const app = await conversations.appOf(request, onward.tx)
        const step = { request, reply, providerId, onward, app }
        return answerFault(error, (problem, reason) => sendProblem(deps, step, problem, reason))
      }
    })

    app.get(paths.providerCallback, { config: { rateLimit } }, async (request, reply) => {
      const providerId = providerOf(request)
      const taken = await visitOf({ request, providerId })
      const signedIn = await presence.signedIn(request)
      if (taken.kind === 'foreign') {
        const isNoSignIn = signedIn === undefined ? undefined : 'unknown'
        const step = { request, reply, providerId, onward: {}, app: undefined, isNoSignIn } as const
        return sendProblem(deps, step, 'expired', 'no such visit in this browser')
      }
      const { onward, connect: connecting, expiresAt } = taken.visit
      const app = await conversations.appOf(request, onward.tx)
      const isNoSignIn = connecting === undefined ? undefined : 'connects'
      const step = { request, reply, providerId, onward, app, isNoSignIn } as const
      if (taken.kind === 'again') {
        // A double click, or the page again: who is through goes on, and nobody else who is signed in here.
        if (connecting !== undefined) return reply.redirect(paths.connections, 303)
        const begunAt = expiresAt - TRANSACTION_TTL_SECONDS * 1000
        if (signedIn !== undefined && signedIn.session.authTime.getTime() >= begunAt)
          return reply.redirect(afterSignIn(step.onward), 303)
        return sendProblem(deps, step, 'expired', 'the visit has been finished before')
      }
      try {
        return await finish(step, taken.visit)
      } catch (error) {
        return answerFault(error, (problem, reason) => refuse(deps, step, problem, reason))
      }
    })

    // Apple answers by a form from its own site, which our Lax cookies do not come along with (docs/decisions/0015).
    const config = { rateLimit, crossSiteForm: true }
    app.post(paths.providerCallback, { config }, async (request, reply) => {
      const providerId = providerOf(request)
      if (!isCrossSitePost(request, deps.origin))
        throw new PageError('invalid_request', { hint: 'the answer comes from no other site' })
      const form = toParameters(request.body)
      const fault = malformation(form)
      if (fault !== undefined) throw new PageError('invalid_request', { hint: fault })
      const query = new URLSearchParams()
      for (const name of CALLBACK_PARAMETERS) {
        const value = single(form, name)
        if (value !== undefined) query.set(name, value.slice(0, 4096))
      }
      const user = nameOnly(single(form, 'user') ?? '')
      if (user !== undefined) query.set('user', user)
      return reply.redirect(`${providerCallbackPath(providerId)}?${query.toString()}`, 303)
    })

    await app.register(mailboxSteps(deps))
  }

  async function answerFault(
    error: unknown,
    answer: (problem: UpstreamFault, reason: string) => Promise<FastifyReply>,
  ): Promise<FastifyReply> {
    if (!(error instanceof UpstreamError)) throw error
    return answer(error.fault, error.message)
  }
}
