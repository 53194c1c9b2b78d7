import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import { askForEmailChange, resendEmailProof } from '../../domain/email-changes/ask.ts'
import type { EmailChangeDeps } from '../../domain/email-changes/ask.ts'
import { cancelEmailChange } from '../../domain/email-changes/cancel.ts'
import type { EmailChange } from '../../domain/email-changes/change.ts'
import {
  changeOfLink,
  proveChangeByCode,
  proveChangeByLink,
} from '../../domain/email-changes/prove.ts'
import { createEmailChangeStore } from '../../domain/email-changes/store.ts'
import { parseCode, resendInSeconds } from '../../domain/mail/code.ts'
import { single } from '../../domain/oauth/parameters.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { SignedIn } from '../../domain/sessions/session.ts'
import { parseEmail } from '../../domain/users/email.ts'
import type { AccountDoor } from '../../http/account-door.ts'
import { sendAccountPage } from '../../http/account-page.tsx'
import type { Browsers } from '../../http/session/browser.ts'
import { readForm } from '../../http/form.ts'
import type { Devices } from '../../http/sign-in/known-device.ts'
import { languageOf } from '../../http/language/language.ts'
import { accountLetters } from '../../http/mails/account.ts'
import { paths } from '../../http/paths.ts'
import {
  askEmailView,
  confirmEmailView,
  emailChangedView,
  pendingEmailView,
  staleEmailLinkView,
} from './view.tsx'
import { doneNotice, pageQuery } from '../../http/query.ts'

export interface EmailDeps extends EmailChangeDeps {
  readonly issuer: string
  readonly notMe: NotMeLinks
  readonly door: AccountDoor
  readonly browsers: Browsers
  readonly devices: Devices
  readonly ratePerMinute: () => number
}

type CodeProblem = 'shape' | 'wrong' | 'expired' | 'exhausted'

/**
 * The address of an account: another one waits until its mailbox is proved, by code here or by the link of the mail.
 */
export function email(deps: EmailDeps): FastifyPluginAsync {
  const { door, browsers, devices, clock } = deps
  const changes = createEmailChangeStore(deps.database.db)
  const letters = (request: FastifyRequest) =>
    accountLetters(languageOf(request), deps.issuer, deps.notMe).emailChange

  function send(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    page: { readonly title?: string; readonly error?: boolean; readonly body: VNode },
  ) {
    const { title = languageOf(request).words.change.email.title, error = false, body } = page
    const csrf = browsers.csrfToken(request, reply)
    return sendAccountPage(reply, { section: 'email', title, body, signedIn, csrf, error })
  }

  const common = (request: FastifyRequest, reply: FastifyReply, { account }: SignedIn) => ({
    words: languageOf(request).words,
    csrf: browsers.csrfToken(request, reply),
    current: account.email,
    verified: account.emailVerified,
    notice: noticeOf(request),
  })

  function showAsk(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    state: { readonly typed?: string; readonly problem?: string } = {},
  ) {
    const body = askEmailView({ ...common(request, reply, signedIn), ...state })
    return send(request, reply, signedIn, { error: state.problem !== undefined, body })
  }

  function showPending(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    change: EmailChange,
    fault?: CodeProblem | { readonly retryAfterSeconds: number },
  ) {
    const { words } = languageOf(request)
    const isCodeProblem = typeof fault === 'string'
    const problem =
      fault === undefined
        ? undefined
        : isCodeProblem
          ? words.verifyEmail.problems[fault]
          : words.wait.throttled(fault.retryAfterSeconds)
    const body = pendingEmailView({
      ...common(request, reply, signedIn),
      email: change.email,
      resendInSeconds: resendInSeconds(change, clock()),
      problem,
      isCodeProblem,
    })
    return send(request, reply, signedIn, { error: problem !== undefined, body })
  }

  /** Confirmed elsewhere, given up or too old: the way to ask again. */
  function nothingWaits(request: FastifyRequest, reply: FastifyReply, signedIn: SignedIn) {
    const problem = languageOf(request).words.change.email.problems.gone
    return showAsk(request, reply.status(410), signedIn, { problem })
  }

  async function ask(request: FastifyRequest, reply: FastifyReply, signedIn: SignedIn) {
    const { words } = languageOf(request)
    const { emailMissing, emailInvalid } = words.setup.problems
    const { same, tooMany } = words.change.email.problems
    const typed = readForm(request, ['email']).email
    const refuse = (problem: string) => showAsk(request, reply, signedIn, { typed, problem })
    const address = parseEmail(typed)
    if (address === undefined) {
      void reply.status(422)
      return refuse(typed.trim() === '' ? emailMissing : emailInvalid)
    }
    const asking = { userId: signedIn.account.id, email: address, ip: request.ip }
    const outcome = await askForEmailChange(deps, asking, letters(request))
    switch (outcome.kind) {
      case 'asked':
        return reply.redirect(paths.email, 303)
      case 'same':
        void reply.status(422)
        return refuse(same)
      case 'throttled':
        void reply.status(429).header('retry-after', String(outcome.retryAfterSeconds))
        return refuse(tooMany)
    }
  }

  async function tryCode(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    typed: string,
  ) {
    const userId = signedIn.account.id
    const code = parseCode(typed)
    const outcome =
      code === undefined
        ? ({ kind: 'shape' } as const)
        : await proveChangeByCode(deps, { userId, ip: request.ip }, code, letters(request))
    if (outcome.kind === 'changed') {
      devices.remember(request, reply, outcome.email)
      return reply.redirect(`${paths.email}?done=changed`, 303)
    }
    const change = await changes.pending(userId, clock())
    if (outcome.kind === 'gone' || change === undefined)
      return nothingWaits(request, reply, signedIn)
    return showPending(request, reply.status(422), signedIn, change, outcome.kind)
  }

  async function resend(request: FastifyRequest, reply: FastifyReply, signedIn: SignedIn) {
    const userId = signedIn.account.id
    const outcome = await resendEmailProof(deps, userId, letters(request))
    if (outcome.kind === 'asked') return reply.redirect(`${paths.email}?done=resent`, 303)
    const change = await changes.pending(userId, clock())
    if (outcome.kind === 'gone' || change === undefined)
      return nothingWaits(request, reply, signedIn)
    void reply.status(429).header('retry-after', String(outcome.retryAfterSeconds))
    return showPending(request, reply, signedIn, change, outcome)
  }

  function stale(request: FastifyRequest, reply: FastifyReply, signedIn: SignedIn) {
    const { words } = languageOf(request)
    const title = words.change.email.staleTitle
    const body = staleEmailLinkView({ words })
    return send(request, reply.status(400), signedIn, { title, error: true, body })
  }

  async function useLink(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    token: string,
  ) {
    const prover = { userId: signedIn.account.id, ip: request.ip }
    const outcome = await proveChangeByLink(deps, prover, token, letters(request))
    if (outcome.kind === 'gone') return stale(request, reply, signedIn)
    devices.remember(request, reply, outcome.email)
    return reply.redirect(`${paths.confirmEmail}?done=changed`, 303)
  }

  return async (app) => {
    const config = { rateLimit: { max: deps.ratePerMinute, timeWindow: 60_000 } }

    app.get(paths.email, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      const change = await changes.pending(signedIn.account.id, clock())
      return change === undefined
        ? showAsk(request, reply, signedIn)
        : showPending(request, reply, signedIn, change)
    })

    app.post(paths.email, { config }, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      return signedIn === undefined ? reply : ask(request, reply, signedIn)
    })

    app.get(paths.confirmEmail, { config }, async (request, reply) => {
      const token = tokenOf(request)
      if (token === undefined && noticeOf(request) === undefined)
        return reply.redirect(paths.email, 303)
      const signedIn = await door.enter(request, reply)
      if (signedIn === undefined) return reply
      const { words } = languageOf(request)
      if (token === undefined)
        return send(request, reply, signedIn, { body: emailChangedView({ words }) })
      const change = await changeOfLink(deps, signedIn.account.id, token)
      if (change === undefined) return stale(request, reply, signedIn)
      const csrf = browsers.csrfToken(request, reply)
      const body = confirmEmailView({ words, csrf, action: request.url, email: change.email })
      return send(request, reply, signedIn, { title: words.change.email.linkTitle, body })
    })

    app.post(paths.confirmEmail, { config }, async (request, reply) => {
      const token = tokenOf(request)
      // Asking was fresh, and the link is a proof of its own: an older sign-in will do.
      const signedIn = await (token === undefined
        ? door.enterFresh(request, reply)
        : door.enter(request, reply))
      if (signedIn === undefined) return reply
      if (token !== undefined) return useLink(request, reply, signedIn, token)
      const { code, decision } = readForm(request, ['code', 'decision'])
      if (decision === 'resend') return resend(request, reply, signedIn)
      if (decision !== 'cancel') return tryCode(request, reply, signedIn, code)
      const cancelled = await cancelEmailChange(deps, signedIn.account.id, request.ip)
      return reply.redirect(`${paths.email}${cancelled ? '?done=cancelled' : ''}`, 303)
    })
  }
}

function tokenOf(request: FastifyRequest): string | undefined {
  return single(pageQuery(request), 'token')
}

function noticeOf(request: FastifyRequest): string | undefined {
  const { change, verifyEmail } = languageOf(request).words
  const { cancelled, changed } = change.email
  return doneNotice(request, { resent: verifyEmail.resent, cancelled, changed })
}
