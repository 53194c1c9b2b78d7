import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { PasswordHasher } from '../../domain/credentials/password-hasher.ts'
import { MIN_PASSWORD_CHARACTERS, passwordFault } from '../../domain/credentials/password-rules.ts'
import { toParameters } from '../../domain/oauth/parameters.ts'
import { type AskDeps, register as ask } from '../../domain/registrations/ask.ts'
import type { Settings } from '../../domain/settings/settings.ts'
import { parseEmail } from '../../domain/users/email.ts'
import { appIdentity } from '../../http/app-identity.ts'
import type { Browsers } from '../../http/browser.ts'
import type { Conversation, Conversations } from '../../http/conversation.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language.ts'
import { registrationLetters } from '../../http/mails/registration.ts'
import { PageError } from '../../http/page-error.ts'
import { paths, stepPath, verifyEmailPath } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import type { Words } from '../../http/words/words.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { type RegisterField, registerClosedView, registerView } from './view.tsx'

export interface RegisterDeps extends AskDeps {
  readonly issuer: string
  readonly conversations: Conversations
  readonly hasher: PasswordHasher
  readonly browsers: Browsers
  readonly settings: () => Settings
  readonly ratePerMinute: () => number
}

type Given = Record<RegisterField, string>
type Problems = Partial<Given>

const MAX_NAME_CHARACTERS = 100

/**
 * Registration: takes name, address and password, and asks the mailbox. The answer is the same whether or not the
 * address has an account, and no account exists before the mailbox is proved.
 */
export function register(deps: RegisterDeps): FastifyPluginAsync {
  const { conversations, browsers, hasher, settings } = deps

  /** The page can be reached without an application too, from a bookmark. */
  async function conversation(request: FastifyRequest): Promise<Conversation | undefined> {
    const hasTransaction = toParameters(request.query).has('tx')
    return hasTransaction ? conversations.resume(request) : undefined
  }

  const signInHref = (current: Conversation | undefined) =>
    current === undefined ? paths.login : stepPath('login', current.sealed)

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    current: Conversation | undefined,
    { name, email }: Pick<Given, 'name' | 'email'>,
    problems: Problems = {},
  ) {
    const { words } = languageOf(request)
    const app = current === undefined ? undefined : appIdentity(current.request.client)
    const error = Object.keys(problems).length > 0
    if (error) void reply.status(422)
    const body = registerView({
      words,
      action: request.url,
      csrf: browsers.csrfToken(request, reply),
      app,
      values: { name, email },
      problems,
      passwordMinimum: MIN_PASSWORD_CHARACTERS,
      signInHref: signInHref(current),
    })
    return sendPage(reply, { title: words.register.title, body, app, error })
  }

  /** Invitations do not exist yet, so `invited` lets nobody in either. */
  function refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    current: Conversation | undefined,
    signUp: 'invited' | 'closed',
  ) {
    const { words } = languageOf(request)
    const app = current === undefined ? undefined : appIdentity(current.request.client)
    const body = registerClosedView({ words, app, signUp, signInHref: signInHref(current) })
    return sendPage(reply.status(403), { title: words.register.closedTitle, body, app })
  }

  return async (app) => {
    app.get(paths.register, async (request, reply) => {
      const current = await conversation(request)
      const { sign_up } = settings()
      if (sign_up !== 'open') return refuse(request, reply, current, sign_up)
      return show(request, reply, current, { name: '', email: current?.request.loginHint ?? '' })
    })

    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    const config = { rateLimit, formOutlivesSignIn: true }
    app.post(paths.register, { config }, async (request, reply) => {
      const current = await conversation(request)
      const { sign_up } = settings()
      if (sign_up !== 'open') return refuse(request, reply, current, sign_up)
      const form = readForm(request, ['name', 'email', 'password'])
      const email = parseEmail(form.email)
      const problems = check(form, languageOf(request).words)
      if (email === undefined || Object.keys(problems).length > 0)
        return show(request, reply, current, form, problems)

      // For a taken address too: its hash is thrown away, but the time is spent.
      const password = await hasher.hash(form.password)
      if (password === 'busy')
        throw new PageError('unavailable', { status: 503, headers: { 'retry-after': '5' } })
      const id = await ask(
        deps,
        { name: form.name.trim(), email, password, tx: current?.sealed },
        sha256(browsers.bind(request, reply)),
        registrationLetters(languageOf(request), deps.issuer),
      )
      return reply.redirect(verifyEmailPath(deps.secrets.sealPage(id), current?.sealed), 303)
    })
  }
}

function check({ name, email, password }: Given, words: Words): Problems {
  const said = words.setup.problems
  const problems: Problems = {}
  if (name.length > MAX_NAME_CHARACTERS) problems.name = said.nameTooLong
  if (email === '') problems.email = said.emailMissing
  else if (parseEmail(email) === undefined) problems.email = said.emailInvalid
  const fault = passwordFault(password, [email, name])
  if (fault === 'missing') problems.password = said.passwordMissing
  if (fault === 'short') problems.password = said.passwordShort(MIN_PASSWORD_CHARACTERS)
  if (fault === 'common') problems.password = said.passwordCommon
  return problems
}
