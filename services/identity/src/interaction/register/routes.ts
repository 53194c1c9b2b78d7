import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { displayName } from '../../domain/clients/client.ts'
import type { PasswordHasher } from '../../domain/credentials/password-hasher.ts'
import { passwordFault, passwordRules } from '../../domain/credentials/password-rules.ts'
import { toParameters } from '../../domain/oauth/parameters.ts'
import { type AskDeps, register as ask } from '../../domain/registrations/ask.ts'
import { type Invitations, mayRegister } from '../../domain/registrations/invitation.ts'
import { takeMail } from '../../domain/registrations/network-budget.ts'
import type { Settings } from '../../domain/settings/settings.ts'
import type { ThrottleStore } from '../../domain/throttles/store.ts'
import { type EmailAddress, parseEmail } from '../../domain/users/email.ts'
import { appIdentity } from '../../http/app-identity.ts'
import type { Browsers } from '../../http/session/browser.ts'
import type { Conversation, Conversations } from '../../http/conversation.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { registrationLetters } from '../../http/mails/registration.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { passwordProblem } from '../../http/sign-in/password-problem.ts'
import { paths, stepPath, verifyEmailPath } from '../../http/paths.ts'
import { peerNetwork } from '../../http/peer-address.ts'
import { sendPage } from '../../http/send-page.ts'
import type { Upstream } from '../../http/sign-in/upstream.ts'
import type { Words } from '../../http/words/words.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import {
  type Refusal,
  type RegisterField,
  registerClosedTitle,
  registerClosedView,
  registerView,
} from './view.tsx'

export interface RegisterDeps extends AskDeps {
  readonly issuer: string
  readonly invitations: Invitations
  readonly conversations: Conversations
  readonly hasher: PasswordHasher
  readonly browsers: Browsers
  readonly settings: () => Settings
  readonly throttles: ThrottleStore
  readonly upstream: Upstream
  readonly ratePerMinute: () => number
}

type Given = Record<RegisterField, string>
type Problems = Partial<Given>

/** Where a request to register comes from. */
interface Visit {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** The page can be reached without an application too, from a bookmark. */
  readonly current: Conversation | undefined
  /** An invitation that still works, sealed as it came. */
  readonly invited: { readonly sealed: string; readonly email: EmailAddress } | undefined
  /** The address of the page names an invitation that does not. */
  readonly isStale: boolean
}

const MAX_NAME_CHARACTERS = 100

/**
 * Registration: takes name, address and password, and asks the mailbox. The answer is the same whether or not the
 * address has an account, and no account exists before the mailbox is proved. An invitation fixes the address, which
 * is proved all the same: its link may have been passed on.
 */
export function register(deps: RegisterDeps): FastifyPluginAsync {
  const { conversations, invitations, browsers, hasher, settings, clock } = deps

  async function visitOf(request: FastifyRequest, reply: FastifyReply): Promise<Visit> {
    const query = toParameters(request.query)
    const current = query.has('tx') ? await conversations.resume(request) : undefined
    const [sealed = '', ...repeated] = query.get('invite') ?? []
    const invitation = repeated.length > 0 ? undefined : invitations.open(sealed, clock())
    const invited = invitation && { sealed, email: invitation.email }
    return { request, reply, current, invited, isStale: query.has('invite') && !invited }
  }

  const signInHref = (current: Conversation | undefined) =>
    current === undefined ? paths.login : stepPath('login', current.sealed)

  function show(
    { request, reply, current, invited, isStale }: Visit,
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
      invitedEmail: invited?.email,
      hasStaleInvitation: isStale,
      problems,
      passwordMinimum: passwordRules(settings()).minimum,
      signInHref: signInHref(current),
      // An invitation is for one address and waits for its own proof.
      providers:
        invited === undefined ? deps.upstream.offers(request, { tx: current?.sealed }) : [],
    })
    return sendPage(reply, { title: words.register.title, body, app, error })
  }

  function refuse({ request, reply, current, isStale }: Visit, signUp: 'invited' | 'closed') {
    const { words } = languageOf(request)
    const app = current === undefined ? undefined : appIdentity(current.request.client)
    const why: Refusal = signUp === 'invited' && isStale ? 'stale_invitation' : signUp
    const refusal = { words, app, why, signInHref: signInHref(current) }
    const title = registerClosedTitle(refusal)
    return sendPage(reply.status(403), { title, body: registerClosedView(refusal), app })
  }

  /** Whom the present setting keeps out, before anything of theirs is looked at. */
  function keptOut({ invited }: Visit): 'invited' | 'closed' | undefined {
    const { sign_up } = settings()
    return sign_up === 'open' || mayRegister(sign_up, invited !== undefined) ? undefined : sign_up
  }

  return async (app) => {
    app.get(paths.register, async (request, reply) => {
      const visit = await visitOf(request, reply)
      const closed = keptOut(visit)
      if (closed !== undefined) return refuse(visit, closed)
      return show(visit, { name: '', email: visit.current?.request.loginHint ?? '' })
    })

    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    const config = { rateLimit, formOutlivesSignIn: true }
    app.post(paths.register, { config }, async (request, reply) => {
      const visit = await visitOf(request, reply)
      const closed = keptOut(visit)
      if (closed !== undefined) return refuse(visit, closed)
      const { current, invited } = visit
      const typed = readForm(request, ['name', 'email', 'password'])
      // Whatever the form says: the invitation is for one address.
      const form = invited === undefined ? typed : { ...typed, email: invited.email }
      const email = parseEmail(form.email)
      const { words } = languageOf(request)
      const problems = check(form, words)
      const personal = [form.email, form.name, words.product, nameOf(current)]
      const fault = passwordFault(form.password, personal, passwordRules(settings()))
      if (fault !== undefined) problems.password = passwordProblem(words, fault)
      if (email === undefined || Object.keys(problems).length > 0)
        return show(visit, form, problems)

      const sender = { network: peerNetwork(request), mailsPerHour: deps.ratePerMinute() }
      const mail = await takeMail(deps.throttles, sender, clock())
      if (mail.kind === 'exhausted')
        throw new PageError('too_many_requests', {
          status: 429,
          headers: { 'retry-after': String(mail.retryAfterSeconds) },
          why: { check: 'too_many_requests' },
        })
      // For a taken address too: its hash is thrown away, but the time is spent.
      const password = await hasher.hash(form.password)
      if (password === 'busy')
        throw new PageError('unavailable', { status: 503, headers: { 'retry-after': '5' } })
      const [tx, invitation] = [current?.sealed, invited?.sealed]
      const id = await ask(
        deps,
        { name: form.name.trim(), email, password, tx, invitation },
        sha256(browsers.bind(request, reply)),
        registrationLetters(languageOf(request), deps.issuer),
      )
      return reply.redirect(verifyEmailPath(deps.secrets.sealPage(id), tx), 303)
    })
  }
}

const nameOf = (current: Conversation | undefined) =>
  current === undefined ? '' : displayName(current.request.client)

function check({ name, email }: Given, words: Words): Problems {
  const said = words.setup.problems
  const problems: Problems = {}
  if (name.length > MAX_NAME_CHARACTERS) problems.name = said.nameTooLong
  if (email === '') problems.email = said.emailMissing
  else if (parseEmail(email) === undefined) problems.email = said.emailInvalid
  return problems
}
