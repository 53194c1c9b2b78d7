import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { PasswordHasher } from '../../domain/credentials/password-hasher.ts'
import {
  type PasswordRules,
  passwordFault,
  passwordRules,
} from '../../domain/credentials/password-rules.ts'
import { single, toParameters } from '../../domain/oauth/parameters.ts'
import { createAdministrator } from '../../domain/setup/administrator.ts'
import type { Settings } from '../../domain/settings/settings.ts'
import type { SetupStore } from '../../domain/setup/store.ts'
import { parseEmail } from '../../domain/users/email.ts'
import type { Browsers } from '../../http/session/browser.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { passwordProblem } from '../../http/sign-in/password-problem.ts'
import { paths } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import type { Words } from '../../http/words/words.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { setupDoneTitle, setupDoneView, setupTitle, setupView } from './view.tsx'

export interface SetupDeps {
  readonly setup: SetupStore
  readonly hasher: PasswordHasher
  readonly database: Database
  readonly browsers: Browsers
  readonly clock: Clock
  readonly settings: () => Settings
  readonly ratePerMinute: () => number
}

interface SetupForm {
  readonly name: string
  readonly email: string
  readonly password: string
}

type Problems = Partial<Record<keyof SetupForm, string>>

/** The page behind the one-time link of the first start: makes the first administrator. */
export function setup(deps: SetupDeps): FastifyPluginAsync {
  const { browsers, clock, hasher } = deps

  async function usableToken(request: FastifyRequest): Promise<string> {
    const token = single(toParameters(request.query), 'token') ?? ''
    if (!(await deps.setup.isUsable(token, clock()))) throw linkUsed()
    return token
  }

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    { name, email }: Pick<SetupForm, 'name' | 'email'>,
    problems: Problems,
  ) {
    const props = {
      words: languageOf(request).words,
      action: request.url,
      csrf: browsers.csrfToken(request, reply),
      values: { name, email },
      problems,
      passwordMinimum: passwordRules(deps.settings()).minimum,
    }
    const error = Object.keys(problems).length > 0
    if (error) void reply.status(422)
    return sendPage(reply, { title: setupTitle(props), body: setupView(props), error })
  }

  return async (app) => {
    const config = { rateLimit: { max: deps.ratePerMinute, timeWindow: 60_000 } }
    app.get(paths.setup, { config }, async (request, reply) => {
      await usableToken(request)
      return show(request, reply, { name: '', email: '' }, {})
    })

    app.post(paths.setup, { config }, async (request, reply) => {
      const token = await usableToken(request)
      const form = readForm(request, ['name', 'email', 'password'])
      const email = parseEmail(form.email)
      const problems = check(form, languageOf(request).words, passwordRules(deps.settings()))
      if (email === undefined || Object.keys(problems).length > 0)
        return show(request, reply, form, problems)
      const password = await hasher.hash(form.password)
      if (password === 'busy')
        throw new PageError('unavailable', { status: 503, headers: { 'retry-after': '5' } })
      const name = form.name.trim()
      const outcome = await createAdministrator(deps, token, { name, email, password })
      if (outcome === 'link_used') throw linkUsed()
      if (outcome === 'email_taken')
        return show(request, reply, form, {
          email: languageOf(request).words.setup.problems.emailTaken,
        })
      const props = { words: languageOf(request).words, signInHref: paths.login }
      return sendPage(reply, { title: setupDoneTitle(props), body: setupDoneView(props) })
    })
  }
}

function check(form: SetupForm, words: Words, rules: PasswordRules): Problems {
  const said = words.setup.problems
  const problems: Problems = {}
  if (form.name.length > 100) problems.name = said.nameTooLong
  if (form.email === '') problems.email = said.emailMissing
  else if (parseEmail(form.email) === undefined) problems.email = said.emailInvalid
  const fault = passwordFault(form.password, [form.email, form.name, words.product], rules)
  if (fault !== undefined) problems.password = passwordProblem(words, fault)
  return problems
}

function linkUsed(): PageError {
  return new PageError('setup_link_used', {
    status: 410,
    hint: 'set-up link is used, old or unknown',
  })
}
