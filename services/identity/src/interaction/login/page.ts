import type { FastifyReply, FastifyRequest } from 'fastify'
import { toParameters } from '../../domain/oauth/parameters.ts'
import type { SignedIn } from '../../domain/sessions/session.ts'
import type { Settings } from '../../domain/settings/settings.ts'
import { appIdentity } from '../../http/app-identity.ts'
import type { Browsers } from '../../http/browser.ts'
import { languageOf } from '../../http/language.ts'
import { paths } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import type { LoginProblem } from './problem.ts'
import { questionOf } from './question.ts'
import { loginTitle, loginView } from './view.tsx'
import { type Way, forgotHref, loginHref, registerHref } from './way.ts'

/** One request for the sign-in page. */
export interface Visit {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly way: Way
  /** The address typed on the page before, where each field has a page of its own. */
  readonly carried: string | undefined
  readonly signedIn: SignedIn | undefined
}

export interface LoginPageDeps {
  readonly settings: () => Settings
  readonly browsers: Browsers
}

const STATUS = { missing: 422, invalid: 422, wrong: 401, throttled: 429, busy: 503 } as const

/** Sends the sign-in page, asking for what is still to be shown; with a problem, under the status that belongs to it. */
export function sendLoginPage(
  { settings, browsers }: LoginPageDeps,
  { request, reply, way, carried, signedIn }: Visit,
  typed?: string,
  problem?: LoginProblem,
): FastifyReply {
  const { current, next, isSwitch } = way
  const known = signedIn?.account.email
  const hint = current?.request.loginHint
  const { sign_in, sign_up } = settings()
  const question = questionOf({ signIn: sign_in, typed, carried, hint, known, isSwitch })
  const { asks, email, isAgain } = question
  const app = current === undefined ? undefined : appIdentity(current.request.client)
  const mayRegister = known === undefined && asks !== 'password' && sign_up === 'open'
  const props = {
    words: languageOf(request).words,
    action: request.url,
    csrf: browsers.csrfToken(request, reply),
    app,
    asks,
    email,
    name: isAgain ? signedIn?.account.claims.name : undefined,
    problem,
    reauthenticate: isAgain,
    switchingFrom: known !== undefined && !isAgain ? { email: known } : undefined,
    cancelAction: current !== undefined,
    cancelHref: next !== undefined && known !== undefined ? paths.account : undefined,
    otherHref: loginHref(way, { isSwitch: true }),
    notice: noticeOf(request),
    forgotHref: asks === 'address' ? undefined : forgotHref(way),
    registerHref: mayRegister ? registerHref(way) : undefined,
  }
  if (problem !== undefined) void reply.status(STATUS[problem.kind])
  if (problem !== undefined && 'retryAfterSeconds' in problem)
    void reply.header('retry-after', String(problem.retryAfterSeconds))
  const error = problem !== undefined
  return sendPage(reply, { title: loginTitle(props), body: loginView(props), app, error })
}

/** What another page did before it sent the person here; it says so in the address and nothing depends on it. */
function noticeOf(request: FastifyRequest): string | undefined {
  const { words } = languageOf(request)
  const query = toParameters(request.query)
  if (query.has('reset')) return words.resetPassword.done
  if (query.has('kept')) return words.leaving.keep.kept
  if (query.has('everywhere')) return words.devices.done.everywhere
  if (query.has('unlocked')) return words.signIn.unlock.done
  return query.has('created') ? words.verifyEmail.created : undefined
}
