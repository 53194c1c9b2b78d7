import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { AuditStore } from '../../domain/audit/store.ts'
import { parseCode, resendInSeconds } from '../../domain/mail/code.ts'
import { checkSignInCode, signInCodePlace } from '../../domain/mail-codes/sign-in-code.ts'
import { createMailCodeStore } from '../../domain/mail-codes/store.ts'
import { single, toParameters } from '../../domain/oauth/parameters.ts'
import { appIdentity } from '../../http/app-identity.ts'
import type { Browsers } from '../../http/session/browser.ts'
import type { Conversation, Conversations } from '../../http/conversation.ts'
import type { FirstProof } from '../../http/sign-in/first-proof.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { masked } from '../../http/sign-in/masked-email.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { type Onward, afterSignIn, paths, withOnward } from '../../http/paths.ts'
import type { Presence } from '../../http/session/presence.ts'
import { sendPage } from '../../http/send-page.ts'
import type { SignInCodes } from '../../http/sign-in/code-by-mail.ts'
import type { SignInGate } from '../../http/sign-in/gate.ts'
import type { Clock } from '../../platform/clock.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/db/database.ts'
import type { MailedCodeProblem } from '../../http/parts/mailed-code-form.tsx'
import { emailCodeView } from './view.tsx'
import { wayOf } from '../../http/sign-in/way.ts'

export interface EmailCodeDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly clock: Clock
  readonly audit: AuditStore
  readonly browsers: Browsers
  readonly presence: Presence
  readonly conversations: Conversations
  readonly gate: SignInGate
  readonly signInCodes: SignInCodes
  readonly ratePerMinute: () => number
}

/** Somebody who has shown a password and waits for the mail. */
interface Waiting {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly proof: FirstProof
  readonly browserHash: string
  readonly current: Conversation | undefined
  readonly onward: Onward
}

/** The step after the password where the operator wants a code by mail: no session before it was right. */
export function emailCode(deps: EmailCodeDeps): FastifyPluginAsync {
  const { clock, audit, browsers, presence, conversations, gate, signInCodes } = deps
  const codes = createMailCodeStore(deps.database.db)

  /** Whoever waits here. Throws a PageError with a way on for everybody else. */
  async function enter(request: FastifyRequest, reply: FastifyReply): Promise<Waiting> {
    const { current, onward } = await wayOf(request, conversations)
    const proof = signInCodes.read(request)
    if (proof === undefined) throw expired(request, onward, 'no first proof of this browser')
    const browserHash = sha256(browsers.bind(request, reply))
    return { request, reply, proof, browserHash, current, onward }
  }

  function expired(request: FastifyRequest, onward: Onward, hint: string): PageError {
    const { startAgain } = languageOf(request).words.actions
    const actions = [{ label: startAgain, href: withOnward(paths.login, onward) }]
    return new PageError('page_expired', { status: 410, actions, hint })
  }

  const pagePath = ({ request, onward }: Waiting, more: Readonly<Record<string, string>> = {}) => {
    const proof = single(toParameters(request.query), 'proof') ?? ''
    return withOnward(paths.emailCode, onward, { proof, ...more })
  }

  async function show(waiting: Waiting, problem?: MailedCodeProblem) {
    const { request, reply, proof, browserHash, current, onward } = waiting
    const { words } = languageOf(request)
    const app = current === undefined ? undefined : appIdentity(current.request.client)
    const last = await codes.find(signInCodePlace(proof.userId, browserHash))
    const body = emailCodeView({
      words,
      action: pagePath(waiting),
      csrf: browsers.csrfToken(request, reply),
      app,
      maskedEmail: masked(proof.email),
      resent: toParameters(request.query).has('resent') && problem === undefined,
      resendInSeconds: last?.usedAt === null ? resendInSeconds(last, clock()) : 0,
      otherHref: withOnward(paths.login, onward),
      problem,
    })
    const error = problem !== undefined
    return sendPage(reply, { title: words.signInCode.title, body, app, error })
  }

  async function wait(waiting: Waiting, retryAfterSeconds: number) {
    void waiting.reply.status(429).header('retry-after', String(retryAfterSeconds))
    return show(waiting, { kind: 'too_soon', retryAfterSeconds })
  }

  async function sendAnother(waiting: Waiting) {
    const { request, reply, proof } = waiting
    const asked = await signInCodes.send(request, reply, proof)
    if (asked.kind !== 'sent') return wait(waiting, asked.retryAfterSeconds)
    return reply.redirect(pagePath(waiting, { resent: 'yes' }), 303)
  }

  async function tryCode(waiting: Waiting, typed: string) {
    const { request, reply, proof, browserHash, onward } = waiting
    const { userId } = proof
    const code = parseCode(typed)
    if (code === undefined) return show({ ...waiting, reply: reply.status(422) }, { kind: 'shape' })
    const checked = await checkSignInCode(deps, userId, browserHash, code)
    if (checked.kind === 'right') {
      // What was shown by it is a one-time code (RFC 8176): two proofs, but a mailbox makes no second factor.
      const shown = { ...proof, amr: [...proof.amr, 'otp'] }
      if ((await gate.admit(request, reply, shown, onward)) === 'answered') return reply
      throw expired(request, onward, 'the first proof no longer holds')
    }
    const throttled = checked.kind === 'throttled'
    const event = throttled ? 'second_factor_throttled' : 'second_factor_failed'
    await audit.record({ event, userId, ip: request.ip, detail: { by: 'email-code' } })
    if (throttled) return wait(waiting, checked.retryAfterSeconds)
    const { kind } = checked
    const problem = kind === 'gone' || kind === 'used' ? 'expired' : kind
    return show({ ...waiting, reply: reply.status(422) }, { kind: problem })
  }

  return async (app) => {
    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    const config = { rateLimit, formOutlivesSignIn: true }

    app.get(paths.emailCode, { config }, async (request, reply) => {
      const waiting = await enter(request, reply)
      const { proof, browserHash, onward } = waiting
      // The back button after a sign-in: that is done, so go on.
      const last = await codes.find(signInCodePlace(proof.userId, browserHash))
      const isDone = last !== undefined && last.usedAt !== null
      const signedIn = isDone ? await presence.signedIn(request) : undefined
      if (signedIn?.account.id === proof.userId) return reply.redirect(afterSignIn(onward), 303)
      return show(waiting)
    })

    app.post(paths.emailCode, { config }, async (request, reply) => {
      const form = readForm(request, ['code', 'decision'])
      const waiting = await enter(request, reply)
      return form.decision === 'resend' ? sendAnother(waiting) : tryCode(waiting, form.code)
    })
  }
}
