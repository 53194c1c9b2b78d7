import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { activate } from '../../domain/factors/activate.ts'
import { type Setup, beginSetup } from '../../domain/factors/setup.ts'
import { totpUri } from '../../domain/factors/totp.ts'
import { single, toParameters } from '../../domain/oauth/parameters.ts'
import { AAL2 } from '../../domain/oauth/acr.ts'
import { type SignedIn, shownHere, withSecondFactor } from '../../domain/sessions/session.ts'
import { createEnrolments } from '../../http/enrolment/enrolments.ts'
import { type ScanProblems, scanProblems } from '../../http/enrolment/scan-step.tsx'
import { saveCodesView, scanView } from '../../http/enrolment/view.tsx'
import { basisOfSession } from '../../http/sign-in/factor-basis.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { factorLetters } from '../../http/mails/factors.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { paths, setupPath } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import { plain } from '../../http/words/words.ts'
import { overtaken } from './overtaken.ts'
import { type TwoStepDeps, namedAuthenticator } from './room.ts'

interface Scan {
  readonly problems?: ScanProblems
  readonly name?: string
}

/**
 * Sets up an authenticator app, beside those that there are or in the place of one. What is under way is in the
 * address: the same page shows the same key again, and leaving it stores nothing.
 */
export function add(deps: TwoStepDeps): FastifyPluginAsync {
  const { door, browsers, factors, gate, clock } = deps
  const enrolments = createEnrolments(deps)
  const enrolleeOf = ({ account, session }: SignedIn) => ({
    userId: account.id,
    boundTo: session.id,
  })

  async function begin(
    request: FastifyRequest,
    reply: FastifyReply,
    { account, session }: SignedIn,
    again: boolean,
  ) {
    const isReplacing = toParameters(request.query).has('replaces')
    const replaces = isReplacing
      ? await namedAuthenticator(factors, request, account.id, 'replaces')
      : undefined
    const setup = beginSetup(account.id, session.id, clock(), replaces?.id)
    const path = setupPath('addAuthenticator', enrolments.seal(setup))
    return reply.redirect(again ? `${path}&again=yes` : path, 303)
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    { setup, sealed }: { readonly setup: Setup; readonly sealed: string },
    { problems = {}, name }: Scan = {},
  ) {
    const { words } = languageOf(request)
    const { email } = signedIn.account
    const { authenticator, recoveryCodes } = setup
    const frame = {
      words,
      csrf: browsers.csrfToken(request, reply),
      action: setupPath('addAuthenticator', sealed),
      cancelHref: paths.twoStep,
    }
    if (recoveryCodes !== undefined) {
      const fileHref = setupPath('recoveryCodesFile', sealed)
      const body = saveCodesView({ ...frame, codes: recoveryCodes, fileHref })
      const title = words.twoStep.codes.savingTitle
      return sendPage(reply, { title, body })
    }
    if (authenticator === undefined) throw new PageError('page_expired')
    const { secret, replaces } = authenticator
    const old = (await factors.authenticatorsOf(signedIn.account.id)).find(
      ({ id }) => id === replaces,
    )?.name
    const again = single(toParameters(request.query), 'again') === 'yes'
    const uri = totpUri(secret, words.product, email)
    const body = scanView({
      ...frame,
      secret,
      uri,
      name: name ?? old ?? '',
      replaces: old,
      again,
      problems,
    })
    const { title, replaceTitle } = words.twoStep.enrol
    return sendPage(reply, {
      title: old === undefined ? title : plain(replaceTitle(old)),
      body,
      error: Object.values(problems).some((problem) => problem !== undefined),
    })
  }

  /** Makes the set-up count, and goes back to the room. */
  async function finish(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    setup: Setup,
  ) {
    const { session, account } = signedIn
    const letters = factorLetters(languageOf(request), deps.issuer, deps.notMe)
    const { ip } = request
    const notice = letters.changed(account.id, setup.authenticator?.id)
    const activation = { setup, ip, sessionId: session.id, basis: basisOfSession(session) }
    const outcome = await activate(deps, activation, notice)
    if (outcome !== 'activated' && outcome !== 'done_before') throw overtaken(request, outcome)
    const isReplaced = setup.authenticator?.replaces !== undefined
    const next = `${paths.twoStep}?done=${isReplaced ? 'replaced' : 'added'}`
    if (outcome === 'done_before' || shownHere(session) === AAL2) return reply.redirect(next, 303)
    // Whoever sets an app up has typed its code: the session counts as one with a second factor.
    const shown = withSecondFactor(session.amr, ['otp'])
    const raised = await gate.raise(request, reply, session, shown, { next })
    return raised === 'answered' ? reply : reply.redirect(next, 303)
  }

  async function prove(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    found: { readonly setup: Setup; readonly sealed: string },
  ) {
    const { words } = languageOf(request)
    const { code, name } = readForm(request, ['code', 'name'])
    const { unnamed } = words.twoStep.authenticators
    const proving = await enrolments.prove(found.setup, { code, name, unnamed })
    if (proving.kind === 'proved') {
      const { setup } = proving
      if (setup.recoveryCodes === undefined) return finish(request, reply, signedIn, setup)
      return reply.redirect(setupPath('addAuthenticator', enrolments.seal(setup)), 303)
    }
    void reply.status(proving.kind === 'exhausted' ? 429 : 422)
    const problems = scanProblems(words, proving)
    return show(request, reply, signedIn, found, { problems, name })
  }

  return async (app) => {
    app.get(paths.addAuthenticator, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      const found = await enrolments.find(request, enrolleeOf(signedIn))
      if (found.kind === 'found') return show(request, reply, signedIn, found)
      if (found.kind === 'done') return reply.redirect(paths.twoStep, 303)
      return begin(request, reply, signedIn, found.kind === 'stale')
    })

    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    app.post(paths.addAuthenticator, { config: { rateLimit } }, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      const found = await enrolments.find(request, enrolleeOf(signedIn))
      if (found.kind === 'done') return reply.redirect(`${paths.twoStep}?done=added`, 303)
      if (found.kind !== 'found') return begin(request, reply, signedIn, found.kind === 'stale')
      const isProved = found.setup.authenticator?.provenStep !== undefined
      return isProved
        ? finish(request, reply, signedIn, found.setup)
        : prove(request, reply, signedIn, found)
    })
  }
}
