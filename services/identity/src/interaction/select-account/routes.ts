import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Transactions } from '../../domain/authorization/transaction.ts'
import { single, toParameters } from '../../domain/oauth/parameters.ts'
import { everyone, sessionsOf } from '../../domain/sessions/session.ts'
import { signOut } from '../../domain/sessions/sign-in.ts'
import { appIdentity } from '../../http/app-identity.ts'
import type { Browsers } from '../../http/session/browser.ts'
import type { Conversation, Conversations } from '../../http/conversation.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { presentAccount } from '../../http/parts/account-choices.tsx'
import type { Presence } from '../../http/session/presence.ts'
import { accountDestination, paths, signInFirst, stepPath } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { selectAccountTitle, selectAccountView } from './view.tsx'

export interface SelectAccountDeps {
  readonly conversations: Conversations
  readonly transactions: Transactions
  readonly presence: Presence
  readonly browsers: Browsers
  readonly database: Database
  readonly clock: Clock
}

/**
 * The account picker: one of the people signed in at this browser, or another. A step of conversations, the way into
 * account pages where nobody is active, and what the start page's buttons do.
 */
export function selectAccount(deps: SelectAccountDeps): FastifyPluginAsync {
  const { conversations, transactions, presence, browsers } = deps

  const conversation = async (request: FastifyRequest) =>
    toParameters(request.query).has('tx') ? conversations.resume(request) : undefined

  const next = (request: FastifyRequest) =>
    accountDestination(single(toParameters(request.query), 'next'))

  /** The sign-in page, with the way on from here. */
  function signInHref(request: FastifyRequest, current: Conversation | undefined): string {
    if (current !== undefined) return stepPath('login', current.sealed)
    const destination = next(request)
    return destination === undefined ? paths.login : signInFirst(destination)
  }

  function onward(
    request: FastifyRequest,
    reply: FastifyReply,
    current: Conversation | undefined,
  ): string {
    if (current === undefined) return next(request) ?? paths.home
    const selected = { ...current.transaction, accountSelected: true }
    return stepPath('authorize', transactions.seal(selected, browsers.bind(request, reply)))
  }

  /** Signs one of them out, or all, and shows who is left. */
  async function leave(
    request: FastifyRequest,
    reply: FastifyReply,
    which: string,
    isOnTheWay: boolean,
  ) {
    const everybody = await presence.all(request)
    const sessions = sessionsOf(everybody).filter(({ id }) => which === 'all' || id === which)
    if (sessions.length === 0) throw notHere(request)
    await signOut(deps, sessions, request.ip)
    browsers.endSessions(request, reply, sessions, everybody)
    return reply.redirect(isOnTheWay ? request.url : paths.home, 303)
  }

  return async (app) => {
    app.get(paths.selectAccount, async (request, reply) => {
      const current = await conversation(request)
      const accounts = everyone(await presence.all(request)).map(presentAccount)
      if (accounts.length === 0) return reply.redirect(signInHref(request, current), 303)
      const props = {
        words: languageOf(request).words,
        action: request.url,
        csrf: browsers.csrfToken(request, reply),
        app: current && appIdentity(current.request.client),
        accounts,
      }
      const title = selectAccountTitle(props)
      return sendPage(reply, { title, body: selectAccountView(props), app: props.app })
    })

    app.post(paths.selectAccount, async (request, reply) => {
      const current = await conversation(request)
      const form = readForm(request, ['account', 'sign-out'])
      const isOnTheWay = current !== undefined || next(request) !== undefined
      if (form['sign-out'] !== '') return leave(request, reply, form['sign-out'], isOnTheWay)
      if (form.account === 'other') {
        const href = signInHref(request, current)
        return reply.redirect(`${href}${href.includes('?') ? '&' : '?'}switch=1`, 303)
      }
      const everybody = await presence.all(request)
      const chosen = sessionsOf(everybody).find(({ id }) => id === form.account)
      if (chosen === undefined) throw notHere(request)
      browsers.activate(request, reply, chosen, everybody)
      return reply.redirect(onward(request, reply, current), 303)
    })
  }
}

/** The session has ended meanwhile, or was never one of this browser: those that are can be chosen again. */
function notHere(request: FastifyRequest): PageError {
  return new PageError('page_expired', {
    actions: [{ label: languageOf(request).words.actions.continue, href: request.url }],
    hint: 'the session is none of this browser',
  })
}
