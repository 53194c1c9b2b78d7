import type { FastifyReply, FastifyRequest } from 'fastify'
import { toParameters } from '../../domain/oauth/parameters.ts'
import type { SignedIn } from '../../domain/sessions/session.ts'
import type { Settings } from '../../domain/settings/settings.ts'
import { appIdentity } from '../../http/app-identity.ts'
import type { Browsers } from '../../http/session/browser.ts'
import { languageOf } from '../../http/language/language.ts'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import type { PasskeyOffers } from '../../http/sign-in/passkey-offer.ts'
import type { Passkeys } from '../../http/sign-in/passkeys.ts'
import { paths, withOnward } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import type { Upstream } from '../../http/sign-in/upstream.ts'
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
  /** Whom somebody who comes from a provider is on the way to. */
  readonly onwardApp: AppIdentity | undefined
}

export interface LoginPageDeps {
  readonly settings: () => Settings
  readonly browsers: Browsers
  readonly passkeys: Passkeys
  readonly offers: PasskeyOffers
  readonly upstream: Upstream
}

const STATUS = { missing: 422, invalid: 422, wrong: 401, throttled: 429, busy: 503 } as const

/** Sends the sign-in page, asking for what is still to be shown; with a problem, under the status that belongs to it. */
export function sendLoginPage(
  { settings, browsers, passkeys, offers, upstream }: LoginPageDeps,
  { request, reply, way, signedIn, ...visit }: Visit,
  typed?: string,
  problem?: LoginProblem,
): FastifyReply {
  const { current, next, isSwitch } = way
  const known = signedIn?.account.email
  const hint = current?.request.loginHint
  // Somebody comes from a provider whose address has an account here, and is to prove that it is theirs.
  const coming = upstream.arrivalAfterSignIn(request)?.person
  const carried = visit.carried ?? coming?.email
  const { sign_in, sign_up } = settings()
  const question = questionOf({ signIn: sign_in, typed, carried, hint, known, isSwitch })
  const { asks, email, isAgain } = question
  const app = current === undefined ? visit.onwardApp : appIdentity(current.request.client)
  const mayRegister = asks !== 'password' && sign_up === 'open' && coming === undefined
  // Expired, or ended from another browser: the cookie of a sign-in is still there.
  const hasEnded = signedIn === undefined && browsers.sessionTokenHash(request) !== undefined
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
    notice:
      connecting(request, upstream, coming?.provider) ??
      noticeOf(request) ??
      (hasEnded ? languageOf(request).words.signIn.ended : undefined),
    forgotHref: asks === 'address' ? undefined : forgotHref(way),
    passkey: {
      prompt: passkeys.forSignIn(request, reply),
      action: withOnward(paths.passkey, { tx: current?.sealed, next }),
      offerCookie: offers.cookie(),
    },
    providers: upstream.offers(request, { tx: current?.sealed, next }),
    registerHref: mayRegister ? registerHref(way) : undefined,
  }
  if (problem !== undefined) void reply.status(STATUS[problem.kind])
  if (problem !== undefined && 'retryAfterSeconds' in problem)
    void reply.header('retry-after', String(problem.retryAfterSeconds))
  const error = problem !== undefined
  return sendPage(reply, { title: loginTitle(props), body: loginView(props), app, error })
}

/** Why somebody who comes from a provider is to sign in. */
function connecting(request: FastifyRequest, { directory }: Upstream, id = '') {
  const name = directory.find(id)?.provider.name
  return name === undefined ? undefined : languageOf(request).words.upstream.proveFirst(name)
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
