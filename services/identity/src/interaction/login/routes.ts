import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { AuditStore } from '../../domain/audit/store.ts'
import { type PasswordCheckDeps, checkPassword } from '../../domain/credentials/check-password.ts'
import { toParameters } from '../../domain/oauth/parameters.ts'
import { PASSWORD_AMR, type SignedIn, isSignInFor } from '../../domain/sessions/session.ts'
import { type SignInDeps, signIn } from '../../domain/sessions/sign-in.ts'
import { parseEmail } from '../../domain/users/email.ts'
import { appIdentity } from '../../http/app-identity.ts'
import type { AuthorizationResponse } from '../../http/authorization-response.tsx'
import type { Browsers } from '../../http/browser.ts'
import type { Conversation, Conversations } from '../../http/conversation.ts'
import { readForm } from '../../http/form.ts'
import type { Presence } from '../../http/presence.ts'
import type { Devices } from '../../http/known-device.ts'
import { languageOf } from '../../http/language.ts'
import { forgotPasswordPath, paths, stepPath } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import { type LoginProblem, loginTitle, loginView } from './view.tsx'

export interface LoginDeps extends SignInDeps, PasswordCheckDeps {
  readonly conversations: Conversations
  readonly presence: Presence
  readonly audit: AuditStore
  readonly browsers: Browsers
  readonly devices: Devices
  readonly respond: AuthorizationResponse
  readonly ratePerMinute: () => number
}

/** The sign-in step: asks for e-mail address and password, starts the session, returns to the authorization endpoint. */
export function login(deps: LoginDeps): FastifyPluginAsync {
  const { conversations, presence, browsers, devices, audit, clock } = deps

  /** The page can be reached without an application too, from the start page. */
  async function conversation(request: FastifyRequest): Promise<Conversation | undefined> {
    const hasTransaction = toParameters(request.query).has('tx')
    return hasTransaction ? conversations.resume(request) : undefined
  }

  const onward = (current: Conversation | undefined) =>
    current === undefined ? paths.home : stepPath('authorize', current.sealed)

  function registerHref(current: Conversation | undefined): string | undefined {
    if (deps.settings().sign_up !== 'open') return undefined
    return current === undefined ? paths.register : stepPath('register', current.sealed)
  }

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    current: Conversation | undefined,
    state: { signedIn: SignedIn | undefined; email?: string; problem?: LoginProblem },
  ) {
    const app = current === undefined ? undefined : appIdentity(current.request.client)
    const known = state.signedIn?.account.email
    const email =
      state.email ?? (isSwitch(request) ? undefined : (current?.request.loginHint ?? known))
    const props = {
      words: languageOf(request).words,
      action: request.url,
      csrf: browsers.csrfToken(request, reply),
      app,
      email,
      problem: state.problem,
      reauthenticate: known !== undefined && email === known,
      switchingFrom: known !== undefined && email !== known ? { email: known } : undefined,
      cancelAction: current !== undefined,
      notice: noticeOf(request),
      forgotHref: forgotPasswordPath(current?.sealed),
      registerHref: known === undefined ? registerHref(current) : undefined,
    }
    const error = state.problem !== undefined
    return sendPage(reply, { title: loginTitle(props), body: loginView(props), app, error })
  }

  return async (app) => {
    app.get(paths.login, async (request, reply) => {
      const current = await conversation(request)
      const signedIn = await presence.signedIn(request)
      // The back button after a sign-in: that is done, so go on.
      const requestedAt = current?.transaction.requestedAt
      const isDone =
        signedIn !== undefined &&
        (requestedAt === undefined || isSignInFor(signedIn.session, requestedAt, clock()))
      if (isDone && !isSwitch(request)) return reply.redirect(onward(current), 303)
      return show(request, reply, current, { signedIn })
    })

    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    const config = { rateLimit, formOutlivesSignIn: true }
    app.post(paths.login, { config }, async (request, reply) => {
      const current = await conversation(request)
      const form = readForm(request, ['email', 'password', 'decision'])
      if (form.decision === 'deny' && current !== undefined)
        return deps.respond(reply, current.request.redirect, {
          error: 'access_denied',
          error_description: 'the person cancelled the sign-in',
        })

      const signedIn = await presence.signedIn(request)
      const missing = (['email', 'password'] as const).filter((field) => form[field] === '')
      if (missing.length > 0) {
        void reply.status(422)
        const problem = { kind: 'missing', fields: missing } as const
        return show(request, reply, current, { signedIn, email: form.email, problem })
      }

      const failuresPerHour = deps.settings().sign_in_failures_per_hour
      const account = parseEmail(form.email) ?? form.email
      const knownDevice = devices.knownFor(request, account)
      const { email, password } = form
      const attempt = { email, password, failuresPerHour, knownDevice }
      const check = await checkPassword(deps, attempt, clock())
      const clientId = current?.request.client.id
      switch (check.kind) {
        case 'right': {
          const proof = { userId: check.userId, amr: PASSWORD_AMR, ip: request.ip }
          if (check.rehashed)
            await audit.record({ event: 'password_rehashed', userId: check.userId })
          const started = await signIn(deps, proof, signedIn?.session)
          devices.remember(request, reply, account)
          browsers.startSession(reply, started.token, started.expiresAt)
          return reply.redirect(onward(current), 303)
        }
        case 'wrong': {
          const { userId } = check
          await audit.record({ event: 'sign_in_failed', userId, clientId, ip: request.ip })
          void reply.status(401)
          return show(request, reply, current, { signedIn, email: form.email, problem: check })
        }
        case 'throttled':
          await audit.record({ event: 'sign_in_throttled', clientId, ip: request.ip })
          void reply.status(429).header('retry-after', String(check.retryAfterSeconds))
          return show(request, reply, current, { signedIn, email: form.email, problem: check })
        case 'busy':
          void reply.status(503).header('retry-after', String(check.retryAfterSeconds))
          return show(request, reply, current, { signedIn, email: form.email, problem: check })
      }
    })
  }
}

/** The person asked for another account, on the consent page or the account picker. */
function isSwitch(request: FastifyRequest): boolean {
  return toParameters(request.query).has('switch')
}

/** What another page did before it sent the person here; it says so in the address and nothing depends on it. */
function noticeOf(request: FastifyRequest): string | undefined {
  const { words } = languageOf(request)
  const query = toParameters(request.query)
  if (query.has('reset')) return words.resetPassword.done
  return query.has('created') ? words.verifyEmail.created : undefined
}
