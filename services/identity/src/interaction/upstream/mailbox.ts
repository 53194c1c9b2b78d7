import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { checkCode } from '../../domain/mail-codes/check.ts'
import { parseCode } from '../../domain/mail/code.ts'
import { toParameters } from '../../domain/oauth/parameters.ts'
import type { Arrival } from '../../domain/upstream/transaction.ts'
import { parseEmail } from '../../domain/users/email.ts'
import type { Conversations } from '../../http/conversation.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { masked } from '../../http/sign-in/masked-email.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { afterSignIn, paths, withOnward } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import type { Presence } from '../../http/session/presence.ts'
import {
  type SettleDeps,
  type Step,
  mailboxCodePlace,
  nameOf,
  sendMailboxCode,
  settle,
} from './settle.ts'
import { addressView, codeView } from './view.tsx'
import { pageQuery } from '../../http/query.ts'

export interface MailboxDeps extends SettleDeps {
  readonly conversations: Conversations
  readonly presence: Presence
  readonly ratePerMinute: () => number
}

/** An arrival, with the request that it is on the way in. */
interface Waiting extends Step {
  readonly arrival: Arrival
}

/** The steps of somebody whose mailbox the provider does not answer for: the address, and a code that proves it. */
export function mailboxSteps(deps: MailboxDeps): FastifyPluginAsync {
  const { upstream, browsers, presence, conversations } = deps

  async function waiting(request: FastifyRequest, reply: FastifyReply): Promise<Waiting> {
    // Refuses repeated parameters before anything is read of them.
    pageQuery(request)
    const arrival = upstream.arrival(request)
    if (arrival === undefined)
      throw new PageError('page_expired', {
        status: 410,
        actions: [{ label: languageOf(request).words.actions.startAgain, href: paths.login }],
        hint: 'the arrival does not open in this browser',
      })
    const { person, onward } = arrival
    const app = await conversations.appOf(request, onward.tx)
    return { request, reply, arrival, onward, app, providerId: person.provider }
  }

  function showAddress(step: Waiting, email = '', problem?: string) {
    const { request, reply, onward, app, providerId } = step
    const { words } = languageOf(request)
    const body = addressView({
      words,
      app,
      action: request.url,
      csrf: browsers.csrfToken(request, reply),
      provider: nameOf(upstream, providerId),
      email,
      problem,
      signInHref: withOnward(paths.login, onward),
    })
    const error = problem !== undefined
    if (error) void reply.status(422)
    return sendPage(reply, { title: words.upstream.address.title, body, app, error })
  }

  function showCode(step: Waiting, email: string, problem?: string) {
    const { request, reply, onward, app } = step
    const { words } = languageOf(request)
    const body = codeView({
      words,
      app,
      action: request.url,
      csrf: browsers.csrfToken(request, reply),
      maskedEmail: masked(email),
      resent: toParameters(request.query).has('resent'),
      problem,
      signInHref: withOnward(paths.login, onward),
    })
    const error = problem !== undefined
    return sendPage(reply, { title: words.upstream.code.title, body, app, error })
  }

  async function askAgain(step: Waiting, email: string) {
    const { request, reply } = step
    const asked = await sendMailboxCode(deps, step, email)
    if (asked.kind === 'sent') {
      const url = new URL(request.url, deps.issuer)
      url.searchParams.set('resent', 'yes')
      return reply.redirect(url.pathname + url.search, 303)
    }
    const { retryAfterSeconds } = asked
    void reply.status(429).header('retry-after', String(retryAfterSeconds))
    return showCode(step, email, languageOf(request).words.wait.throttled(retryAfterSeconds))
  }

  async function tryCode(step: Waiting, email: string, typed: string) {
    const { request, reply, arrival, onward } = step
    const { code: said } = languageOf(request).words.upstream
    const code = parseCode(typed)
    if (code === undefined)
      return showCode({ ...step, reply: reply.status(422) }, email, said.wrong)
    const place = mailboxCodePlace(email, browsers.bind(request, reply))
    const { kind } = await checkCode(deps, place, code)
    if (kind === 'right') return settle(deps, step, arrival.person, true)
    // A double click: who is through goes on.
    if (kind === 'used' && (await presence.signedIn(request)) !== undefined)
      return reply.redirect(afterSignIn(onward), 303)
    const text = kind === 'wrong' ? said.wrong : said.expired
    return showCode({ ...step, reply: reply.status(422) }, email, text)
  }

  return async (app) => {
    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    const config = { rateLimit, formOutlivesSignIn: true }

    app.get(paths.providerAddress, { config }, async (request, reply) =>
      showAddress(await waiting(request, reply)),
    )

    app.post(paths.providerAddress, { config }, async (request, reply) => {
      const step = await waiting(request, reply)
      const { email: typed } = readForm(request, ['email'])
      const { words } = languageOf(request)
      const email = parseEmail(typed)
      if (email === undefined) {
        const { emailMissing, emailInvalid } = words.setup.problems
        return showAddress(step, typed, typed.trim() === '' ? emailMissing : emailInvalid)
      }
      // What the person types, the provider has never answered for.
      const person = { ...step.arrival.person, email, authoritative: false }
      return settle(deps, step, person, false)
    })

    app.get(paths.providerCode, { config }, async (request, reply) => {
      const step = await waiting(request, reply)
      const { email } = step.arrival.person
      return email === undefined ? showAddress(step) : showCode(step, email)
    })

    app.post(paths.providerCode, { config }, async (request, reply) => {
      const step = await waiting(request, reply)
      const { email } = step.arrival.person
      if (email === undefined) return showAddress(step)
      const form = readForm(request, ['code', 'decision'])
      if (form.decision === 'resend') return askAgain(step, email)
      return tryCode(step, email, form.code)
    })
  }
}
