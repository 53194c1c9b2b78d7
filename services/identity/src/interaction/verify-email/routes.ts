import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { parseCode, resendInSeconds } from '../../domain/mail/code.ts'
import { single, toParameters } from '../../domain/oauth/parameters.ts'
import { type AskDeps, resend } from '../../domain/registrations/ask.ts'
import { mayRegister } from '../../domain/registrations/invitation.ts'
import { takeMail } from '../../domain/registrations/network-budget.ts'
import {
  type Created,
  type LinkDeps,
  type ProveDeps,
  isWhoAsked,
  proveByCode,
  proveByLink,
} from '../../domain/registrations/prove.ts'
import { type Registration } from '../../domain/registrations/registration.ts'
import { createRegistrationStore } from '../../domain/registrations/store.ts'
import { AAL1 } from '../../domain/oauth/acr.ts'
import { PASSWORD_AMR } from '../../domain/sessions/session.ts'
import type { Settings } from '../../domain/settings/settings.ts'
import { appIdentity } from '../../http/app-identity.ts'
import type { Browsers } from '../../http/session/browser.ts'
import type { Conversation, Conversations } from '../../http/conversation.ts'
import { passwordFingerprint } from '../../http/sign-in/first-proof.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { registrationLetters } from '../../http/mails/registration.ts'
import { PageError } from '../../http/errors/page-error.ts'
import {
  afterSignIn,
  invitationPath,
  paths,
  stepPath,
  verifyEmailPath,
  withOnward,
} from '../../http/paths.ts'
import { peerNetwork } from '../../http/peer-address.ts'
import type { Presence } from '../../http/session/presence.ts'
import type { SignInGate } from '../../http/sign-in/gate.ts'
import { sendPage } from '../../http/send-page.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { masked } from '../../http/sign-in/masked-email.ts'
import type { MailedCodeProblem } from '../../http/parts/mailed-code-form.tsx'
import { confirmLinkView, verifyEmailView } from './view.tsx'
import { pageQuery } from '../../http/query.ts'

export interface VerifyEmailDeps extends AskDeps, ProveDeps, LinkDeps {
  readonly settings: () => Settings
  readonly gate: SignInGate
  readonly issuer: string
  readonly conversations: Conversations
  readonly presence: Presence
  readonly browsers: Browsers
  readonly ratePerMinute: () => number
}

/**
 * The proof of a mailbox, by the code in the browser that asked for the account, or by the link of the same mail in
 * any. It makes the account; only the browser that asked is signed in by it.
 */
export function verifyEmail(deps: VerifyEmailDeps): FastifyPluginAsync {
  const { secrets, clock, browsers, presence, gate, conversations } = deps
  const registrations = createRegistrationStore(deps.database.db)

  /** The hash of the present browser; of nothing where it has no cookie, which is no registration's. */
  const browserHash = (request: FastifyRequest) => sha256(browsers.known(request) ?? '')

  /** Used, replaced, too old, another browser's or made up: one answer. Somebody who is already through goes on. */
  async function nothingHere(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const tx = single(toParameters(request.query), 'tx')
    const isPage = toParameters(request.query).has('registration')
    if (isPage && (await presence.signedIn(request)) !== undefined)
      return reply.redirect(afterSignIn({ tx }), 303)
    const { words } = languageOf(request)
    // Whoever opened the link on a phone has an account by now, and waits here with the code.
    const signIn = { label: words.home.signIn, href: withOnward(paths.login, { tx }) }
    const again = { label: words.actions.startAgain, href: withOnward(paths.register, { tx }) }
    throw new PageError('page_expired', {
      status: 410,
      actions: [signIn, again],
      hint: 'no such registration for this browser',
    })
  }

  function startHref({ invitation }: Registration, current: Conversation | undefined): string {
    if (invitation !== undefined) return invitationPath(invitation)
    return current === undefined ? paths.register : stepPath('register', current.sealed)
  }

  async function showCode(
    request: FastifyRequest,
    reply: FastifyReply,
    registration: Registration,
    problem?: MailedCodeProblem,
  ) {
    const query = toParameters(request.query)
    const current = query.has('tx') ? await conversations.resume(request) : undefined
    const { words } = languageOf(request)
    const app = current === undefined ? undefined : appIdentity(current.request.client)
    const body = verifyEmailView({
      words,
      action: verifyEmailPath(secrets.sealPage(registration.id), current?.sealed),
      csrf: browsers.csrfToken(request, reply),
      app,
      maskedEmail: masked(registration.email),
      resent: query.has('resent') && problem === undefined,
      resendInSeconds: resendInSeconds(registration, clock()),
      changeHref: startHref(registration, current),
      problem,
    })
    const error = problem !== undefined
    return sendPage(reply, { title: words.verifyEmail.title, body, app, error })
  }

  function showLink(
    request: FastifyRequest,
    reply: FastifyReply,
    { email, browserHash: asking }: Registration,
    wrong = false,
  ) {
    const { words } = languageOf(request)
    const body = confirmLinkView({
      words,
      action: request.url,
      csrf: browsers.csrfToken(request, reply),
      email,
      asksPassword: asking !== browserHash(request),
      wrong,
    })
    return sendPage(reply, { title: words.verifyEmail.linkTitle, body, error: wrong })
  }

  async function finish(
    request: FastifyRequest,
    reply: FastifyReply,
    { userId, registration }: Created,
  ) {
    if (registration.browserHash !== browserHash(request))
      return reply.redirect(`${paths.login}?created=yes`, 303)
    const { email, tx } = registration
    const password = passwordFingerprint(registration.password.hash)
    const shown = { userId, email, amr: PASSWORD_AMR, acr: AAL1, password }
    const proof = { ...shown, mailboxProved: true } as const
    // Disabled or changed in this very moment: the account is there, and signing in says the rest.
    if ((await gate.admit(request, reply, proof, { tx })) === 'refused')
      return reply.redirect(`${paths.login}?created=yes`, 303)
    return reply
  }

  async function askAgain(request: FastifyRequest, reply: FastifyReply, found: Registration) {
    const letters = registrationLetters(languageOf(request), deps.issuer)
    const sender = { network: peerNetwork(request), mailsPerHour: deps.ratePerMinute() }
    const mail = await takeMail(deps.throttles, sender, clock())
    const outcome =
      mail.kind === 'exhausted'
        ? ({ ...mail, kind: 'too_soon' } as const)
        : await resend(deps, found.id, found.browserHash, letters)
    if (outcome.kind === 'gone') return nothingHere(request, reply)
    if (outcome.kind === 'too_soon') {
      void reply.status(429).header('retry-after', String(outcome.retryAfterSeconds))
      return showCode(request, reply, found, outcome)
    }
    const tx = single(toParameters(request.query), 'tx')
    return reply.redirect(`${verifyEmailPath(secrets.sealPage(found.id), tx)}&resent=yes`, 303)
  }

  async function tryCode(
    request: FastifyRequest,
    reply: FastifyReply,
    found: Registration,
    typed: string,
  ) {
    const code = parseCode(typed)
    const from = { browserHash: found.browserHash, ip: request.ip }
    const outcome =
      code === undefined
        ? ({ kind: 'shape' } as const)
        : await proveByCode(deps, found.id, code, from)
    if (outcome.kind === 'created') return finish(request, reply, outcome)
    if (outcome.kind === 'gone') return nothingHere(request, reply)
    return showCode(request, reply.status(422), found, outcome)
  }

  /** What the URL names, if this browser may see it. */
  async function named(request: FastifyRequest) {
    const query = pageQuery(request)
    const token = single(query, 'token')
    const linkId = token === undefined ? undefined : secrets.openLink(token)
    const pageId = secrets.openPage(single(query, 'registration') ?? '')
    const id = linkId ?? pageId
    const found = id === undefined ? undefined : await registrations.find(id, clock())
    if (found === undefined) return undefined
    if (linkId !== undefined) return { by: 'link', found } as const
    const isOurs = found.browserHash === browserHash(request)
    return isOurs ? ({ by: 'code', found } as const) : undefined
  }

  /** Registration that was closed since leaves nothing to finish; its page says so. */
  const isClosedTo = (found: Registration | undefined) =>
    !mayRegister(deps.settings().sign_up, found === undefined || found.invitation !== undefined)

  return async (app) => {
    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    const config = { rateLimit, formOutlivesSignIn: true }

    app.get(paths.verifyEmail, { config }, async (request, reply) => {
      const present = await named(request)
      if (isClosedTo(present?.found)) return reply.redirect(paths.register, 303)
      if (present === undefined) return nothingHere(request, reply)
      if (present.by === 'code') return showCode(request, reply, present.found)
      return showLink(request, reply, present.found)
    })

    app.post(paths.verifyEmail, { config }, async (request, reply) => {
      const form = readForm(request, ['code', 'decision', 'password'])
      const present = await named(request)
      if (isClosedTo(present?.found)) return reply.redirect(paths.register, 303)
      if (present === undefined) return nothingHere(request, reply)
      if (present.by === 'link') {
        const isHere = present.found.browserHash === browserHash(request)
        if (!isHere && !(await isWhoAsked(deps, present.found, form.password)))
          return showLink(request, reply.status(422), present.found, true)
        const created = await proveByLink(deps, present.found.id, request.ip)
        return created === undefined ? nothingHere(request, reply) : finish(request, reply, created)
      }
      if (form.decision === 'resend') return askAgain(request, reply, present.found)
      return tryCode(request, reply, present.found, form.code)
    })
  }
}
