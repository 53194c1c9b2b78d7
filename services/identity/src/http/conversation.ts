import type { FastifyRequest } from 'fastify'
import {
  type AuthorizationRequest,
  validateAuthorizationRequest,
} from '../domain/authorization/request.ts'
import type { Transaction, Transactions } from '../domain/authorization/transaction.ts'
import type { Client } from '../domain/clients/client.ts'
import { type Parameters, single } from '../domain/oauth/parameters.ts'
import type { Resource } from '../domain/resources/resource.ts'
import type { Clock } from '../platform/clock.ts'
import type { TimedCache } from '../platform/timed-cache.ts'
import { appIdentity } from './app-identity.ts'
import type { Browsers } from './session/browser.ts'
import { languageOf, preferLocales } from './language/language.ts'
import { PageError } from './errors/page-error.ts'
import type { AppIdentity } from './parts/app-identity.ts'
import { paths } from './paths.ts'
import { plain } from './words/words.ts'
import { pageQuery } from './query.ts'

export interface ConversationDeps {
  readonly transactions: Transactions
  readonly clients: TimedCache<Client | undefined>
  readonly resources: TimedCache<readonly Resource[]>
  readonly browsers: Browsers
  readonly clock: Clock
}

/** An authorization request in progress, as a hosted page meets it. */
export interface Conversation {
  readonly sealed: string
  readonly transaction: Transaction
  readonly request: AuthorizationRequest
}

export interface Conversations {
  /** What the parameters of an authorization request amount to. */
  validate(parameters: Parameters): Promise<ReturnType<typeof validateAuthorizationRequest>>
  /** The conversation of this page, from `tx`. Throws a PageError with a way on when it cannot go on here. */
  resume(request: FastifyRequest): Promise<Conversation>
  /** The transaction behind `tx`. Throws a PageError with a way on when it is another browser's or too old. */
  open(request: FastifyRequest, sealed: string): Promise<Transaction>
  /**
   * Who asked for the sign-in, for a page outside the conversation; it speaks the language that was asked for as well.
   */
  appOf(request: FastifyRequest, sealed: string | undefined): Promise<AppIdentity | undefined>
}

/** Opens conversations for every step, so that each checks the same things in the same order. */
export function createConversations(deps: ConversationDeps): Conversations {
  const { transactions, clients, resources, browsers, clock } = deps

  async function validate(parameters: Parameters) {
    const clientId = single(parameters, 'client_id')
    const client = clientId === undefined ? undefined : await clients.get(clientId)
    return validateAuthorizationRequest(parameters, client, await resources.get('all'))
  }

  async function open(request: FastifyRequest, sealed: string): Promise<Transaction> {
    const opened = transactions.open(sealed, browsers.known(request), clock())
    if (opened.kind !== 'invalid') {
      const { parameters, requestedAt } = opened.transaction
      preferLocales(request, single(parameters, 'ui_locales'), requestedAt)
    }
    if (opened.kind === 'ours') return opened.transaction
    if (opened.kind === 'invalid') throw new PageError('page_expired', { hint: 'tx does not open' })
    throw await expired(request, opened.transaction)
  }

  /** Another browser's, or too old: one press starts the same request again, as a link from the application would. */
  async function expired(request: FastifyRequest, { parameters }: Transaction): Promise<PageError> {
    const outcome = await validate(parameters)
    if (outcome.kind !== 'valid')
      return new PageError('page_expired', { hint: 'stale tx of an invalid request' })
    const app = appIdentity(outcome.request.client)
    const query = new URLSearchParams()
    for (const [name, values] of parameters) for (const value of values) query.append(name, value)
    const href = `${paths.authorize}?${query.toString()}`
    const label = plain(languageOf(request).words.actions.continueTo(app.name))
    return new PageError('page_expired', {
      app,
      actions: [{ label, href }],
      hint: 'tx of another browser or too old',
    })
  }

  return {
    validate,
    open,
    async appOf(request, sealed) {
      if (sealed === undefined) return undefined
      const opened = transactions.open(sealed, browsers.known(request), clock())
      if (opened.kind !== 'ours') return undefined
      const { parameters, requestedAt } = opened.transaction
      preferLocales(request, single(parameters, 'ui_locales'), requestedAt)
      const outcome = await validate(parameters)
      return outcome.kind === 'valid' ? appIdentity(outcome.request.client) : undefined
    },
    async resume(request) {
      const sealed = single(pageQuery(request), 'tx')
      if (sealed === undefined) throw new PageError('page_expired', { hint: 'tx is missing' })
      const transaction = await open(request, sealed)
      const outcome = await validate(transaction.parameters)
      if (outcome.kind !== 'valid')
        throw new PageError('page_expired', { hint: 'the request in tx no longer holds' })
      return { sealed, transaction, request: outcome.request }
    },
  }
}
