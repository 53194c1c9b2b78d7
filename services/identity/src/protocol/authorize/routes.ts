import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { assuranceOf, worthFor } from '../../domain/authorization/assurance.ts'
import type { RequestOutcome } from '../../domain/authorization/request.ts'
import type { Codes } from '../../domain/authorization/code.ts'
import type { Transaction, Transactions } from '../../domain/authorization/transaction.ts'
import { hasSecondFactor } from '../../domain/factors/policy.ts'
import type { FactorStore } from '../../domain/factors/store.ts'
import { explainIdTokenHint } from '../../domain/faults/explain-token.ts'
import { reaches } from '../../domain/oauth/acr.ts'
import {
  type Parameters,
  malformation,
  single,
  toParameters,
} from '../../domain/oauth/parameters.ts'
import type { Standing } from '../../domain/sessions/session.ts'
import type { SessionStore } from '../../domain/sessions/store.ts'
import type { Settings } from '../../domain/settings/settings.ts'
import type { TokenVerifier } from '../../domain/tokens/verify.ts'
import { appIdentity } from '../../http/app-identity.ts'
import type { AuthorizationResponse } from '../../http/authorization-response.tsx'
import type { Browsers } from '../../http/session/browser.ts'
import type { Conversations } from '../../http/conversation.ts'
import { aboutClient } from '../../http/errors/fault-report.ts'
import { isCrossSitePost } from '../../http/front-channel.ts'
import { preferLocales } from '../../http/language/language.ts'
import { PageError } from '../../http/errors/page-error.ts'
import type { Presence } from '../../http/session/presence.ts'
import { paths, stepPath } from '../../http/paths.ts'
import { type Clock, addSeconds } from '../../platform/clock.ts'
import { type Asking, chooseAccount, namesSomebody } from './choose-account.ts'
import { issueCode } from './issue-code.ts'
import { nextStep, withoutPages } from './next-step.ts'

export interface AuthorizeDeps {
  readonly conversations: Conversations
  readonly transactions: Transactions
  readonly codes: Codes
  readonly sessions: SessionStore
  readonly factors: FactorStore
  readonly verifier: TokenVerifier
  readonly presence: Presence
  readonly browsers: Browsers
  readonly respond: AuthorizationResponse
  readonly issuer: string
  /** Scheme, host and port of the issuer. */
  readonly origin: string
  readonly settings: () => Settings
  readonly clock: Clock
}

type ValidRequest = Extract<RequestOutcome, { kind: 'valid' }>['request']

const TOUCH_AFTER_SECONDS = 300

/** The authorization endpoint: validates the request, asks nextStep, and goes there. Re-entrant by `tx`. */
export function authorize(deps: AuthorizeDeps): FastifyPluginAsync {
  const {
    conversations,
    transactions,
    codes,
    sessions,
    verifier,
    presence,
    browsers,
    respond,
    clock,
  } = deps

  async function begin(request: FastifyRequest, parameters: Parameters): Promise<Transaction> {
    const sealed = single(parameters, 'tx')
    const fault = sealed === undefined ? undefined : malformation(parameters)
    if (fault !== undefined) throw new PageError('invalid_request', { hint: fault })
    if (sealed === undefined) return { parameters, requestedAt: clock(), accountSelected: false }
    const browser = browsers.known(request)
    const opened = transactions.open(sealed, browser, clock())
    // A POST from the application's site comes without cookies and goes on as this GET: a request like any other.
    if (opened.kind === 'unbound')
      return { ...opened.transaction, requestedAt: clock(), accountSelected: false }
    return conversations.open(request, sealed)
  }

  async function proceed(request: FastifyRequest, reply: FastifyReply, parameters: Parameters) {
    const transaction = await begin(request, parameters)
    preferLocales(request, single(transaction.parameters, 'ui_locales'), transaction.requestedAt)
    const outcome = await conversations.validate(transaction.parameters)
    if (outcome.kind === 'page') {
      const { client, fault, why } = outcome
      if (client !== undefined) aboutClient(request, client.id)
      const app = client === undefined ? undefined : appIdentity(client)
      throw new PageError(fault, { app, why })
    }
    if (outcome.kind === 'redirect')
      return respond(reply, outcome.redirect, {
        error: outcome.code,
        error_description: outcome.description,
        why: outcome.why,
      })
    // Lax cookies stay away from a cross-site POST: go on by GET, where they come along.
    if (isCrossSitePost(request, deps.origin) && browsers.known(request) === undefined)
      return reply.redirect(stepPath('authorize', transactions.seal(transaction, undefined)), 303)
    return dispatch(request, reply, transaction, outcome.request)
  }

  async function dispatch(
    request: FastifyRequest,
    reply: FastifyReply,
    transaction: Transaction,
    asked: ValidRequest,
  ) {
    const now = clock()
    const hint = await hintedSubject(asked)
    if (hint.kind === 'invalid')
      return respond(reply, asked.redirect, {
        error: 'invalid_request',
        error_description: 'id_token_hint is not an ID token that this client got here',
        why: hint.why,
      })
    const asking = { ...transaction, now, hintedSubject: hint.subject }
    const { standing, everybody } = await whose(request, asked, asking)
    const othersSignedIn = everybody !== undefined && everybody.others.length > 0
    const canRaise = await canShowMore(asked, standing)
    const facts = { ...asking, othersSignedIn, hasSecondFactor: canRaise }
    const wanted = nextStep(asked, facts, standing)
    const step = asked.prompt.has('none') ? withoutPages(wanted) : wanted
    if (everybody !== undefined && standing !== undefined && step.kind !== 'refuse')
      browsers.activate(request, reply, standing.session, everybody)
    const sealed = () => transactions.seal(transaction, browsers.bind(request, reply))

    switch (step.kind) {
      case 'login':
        return reply.redirect(stepPath('login', sealed()), 303)
      case 'account':
        return reply.redirect(stepPath('selectAccount', sealed()), 303)
      case 'mfa':
      case 'enrol':
      case 'consent':
        return reply.redirect(stepPath(step.kind, sealed()), 303)
      case 'refuse':
        return respond(reply, asked.redirect, {
          error: step.code,
          error_description: step.description,
          why: { check: step.check },
        })
      case 'issue':
        await keepAlive(step.standing, now)
        return respond(reply, asked.redirect, {
          code: issueCode(codes, asked, step.standing, now, deps.settings().code_ttl_seconds),
        })
    }
  }

  /** Whom the request is about: one look, unless it names somebody of several, or nobody is active. */
  async function whose(request: FastifyRequest, asked: ValidRequest, asking: Asking) {
    const hashes = browsers.sessionTokenHashes(request)
    const active = await presence.standing(request, asked.client.id)
    const isPlain =
      active === undefined
        ? hashes.length === 0
        : hashes.length === 1 || !namesSomebody(asked, asking.hintedSubject)
    if (isPlain) return { standing: active, everybody: undefined }
    const everybody = await presence.all(request)
    const chosen = chooseAccount(asked, asking, everybody)
    if (chosen === undefined) return { standing: undefined, everybody }
    const { tokenHash } = chosen.session
    return { standing: await presence.standing(request, asked.client.id, tokenHash), everybody }
  }

  /** Whether the person has a second factor; asked only where the sign-in is not worth enough without. */
  async function canShowMore(asked: ValidRequest, standing: Standing | undefined) {
    const assurance = assuranceOf(asked)
    if (standing === undefined || assurance.kind === 'impossible') return false
    if (reaches(worthFor(asked, standing.session), assurance.wished)) return false
    return hasSecondFactor(await deps.factors.factorsOf(standing.session.userId))
  }

  async function hintedSubject({ idTokenHint, client }: ValidRequest) {
    if (idTokenHint === undefined) return { kind: 'none', subject: undefined } as const
    const hint = await verifier.idTokenHint(idTokenHint)
    if (hint === undefined || hint.clientId !== client.id) {
      const { issuer } = deps
      const question = { token: idTokenHint, issuer, clientId: client.id, now: clock() }
      return { kind: 'invalid', why: explainIdTokenHint(question) } as const
    }
    return { kind: 'valid', subject: hint.subject } as const
  }

  /** Moves the idle end of a session in use, seldom enough that a visit normally writes nothing. */
  async function keepAlive({ session }: Standing, now: Date) {
    if (now < addSeconds(session.lastSeenAt, TOUCH_AFTER_SECONDS)) return
    await sessions.touch(session.id, now, addSeconds(now, deps.settings().session_idle_seconds))
  }

  return async (app) => {
    app.get(paths.authorize, async (request, reply) =>
      proceed(request, reply, toParameters(request.query)),
    )
    // OIDC Core 1.0 §3.1.2.1: both methods.
    app.post(paths.authorize, { config: { crossSiteForm: true } }, async (request, reply) =>
      proceed(request, reply, toParameters(request.body)),
    )
  }
}
