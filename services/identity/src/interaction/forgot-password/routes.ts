import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { toParameters } from '../../domain/oauth/parameters.ts'
import { type AskDeps, askForReset } from '../../domain/recovery/ask.ts'
import { parseEmail } from '../../domain/users/email.ts'
import { appIdentity } from '../../http/app-identity.ts'
import type { Browsers } from '../../http/session/browser.ts'
import type { Conversation, Conversations } from '../../http/conversation.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { recoveryLetters } from '../../http/mails/recovery.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { forgotPasswordPath, paths, stepPath } from '../../http/paths.ts'
import { peerNetwork } from '../../http/peer-address.ts'
import { sendPage } from '../../http/send-page.ts'
import type { Afterwards } from '../../platform/afterwards.ts'
import { forgotPasswordView, linkSentView } from './view.tsx'

export interface ForgotPasswordDeps extends AskDeps {
  readonly issuer: string
  readonly conversations: Conversations
  readonly browsers: Browsers
  readonly afterwards: Afterwards
  readonly ratePerMinute: () => number
}

/** Longer addresses break in mail programs; what is left out is the way back to the application alone. */
const MAX_CARRIED_CHARACTERS = 2000

/** Where a person who forgot the password asks for a link, and gets the same answer as one who has no account. */
export function forgotPassword(deps: ForgotPasswordDeps): FastifyPluginAsync {
  const { conversations, browsers, afterwards } = deps

  const conversation = async (request: FastifyRequest): Promise<Conversation | undefined> =>
    toParameters(request.query).has('tx') ? conversations.resume(request) : undefined

  const signIn = (current: Conversation | undefined) =>
    current === undefined ? paths.login : stepPath('login', current.sealed)

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    current: Conversation | undefined,
    email: string | undefined,
    problem?: string,
  ) {
    const { words } = languageOf(request)
    const app = current && appIdentity(current.request.client)
    const body = forgotPasswordView({
      words,
      action: forgotPasswordPath(current?.sealed),
      csrf: browsers.csrfToken(request, reply),
      app,
      email,
      problem,
      notice: noticeOf(request),
      signInHref: signIn(current),
    })
    const error = problem !== undefined
    if (error) void reply.status(422)
    return sendPage(reply, { title: words.forgotPassword.title, body, app, error })
  }

  return async (app) => {
    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    const config = { rateLimit, formOutlivesSignIn: true }

    app.get(paths.forgotPassword, async (request, reply) => {
      const current = await conversation(request)
      return show(request, reply, current, current?.request.loginHint)
    })

    app.post(paths.forgotPassword, { config }, async (request, reply) => {
      const current = await conversation(request)
      const typed = readForm(request, ['email']).email
      const language = languageOf(request)
      const { words } = language
      const email = parseEmail(typed)
      if (email === undefined) {
        const { emailMissing, emailInvalid } = words.setup.problems
        const problem = typed.trim() === '' ? emailMissing : emailInvalid
        return show(request, reply, current, typed, problem)
      }

      const letters = recoveryLetters(language, deps.issuer)
      const tx = current?.sealed
      const carried = tx !== undefined && tx.length <= MAX_CARRIED_CHARACTERS ? tx : undefined
      const asking = {
        email,
        ip: request.ip,
        network: peerNetwork(request),
        mailsPerNetworkAndHour: deps.ratePerMinute(),
      }
      // After the answer, so that its time says nothing of what was found.
      const taken = afterwards.run(
        () =>
          askForReset(deps, asking, ({ email: to }, token) => letters.reset(to, token, carried)),
        (error) => request.log.error({ err: error }, 'a link for a new password was not mailed'),
      )
      if (!taken)
        throw new PageError('unavailable', { status: 503, headers: { 'retry-after': '5' } })

      const client = current && appIdentity(current.request.client)
      const body = linkSentView({
        words,
        app: client,
        email,
        signInHref: signIn(current),
        againHref: forgotPasswordPath(tx),
      })
      return sendPage(reply, { title: words.forgotPassword.sentTitle, body, app: client })
    })

    // What was promised is done before the database goes.
    app.addHook('onClose', async () => afterwards.settled())
  }
}

/** What another page did before it sent the person here; it says so in the address and nothing depends on it. */
function noticeOf(request: FastifyRequest): string | undefined {
  const isSecured = toParameters(request.query).has('secured')
  return isSecured ? languageOf(request).words.change.notMe.done : undefined
}
