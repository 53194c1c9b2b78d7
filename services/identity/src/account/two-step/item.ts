import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { factorPolicy } from '../../domain/factors/policy.ts'
import { removeAuthenticator } from '../../domain/factors/remove.ts'
import { factorName, renameAuthenticator } from '../../domain/factors/rename.ts'
import type { Authenticator } from '../../domain/factors/store.ts'
import type { SignedIn } from '../../domain/sessions/session.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { factorLetters } from '../../http/mails/factors.ts'
import { paths } from '../../http/paths.ts'
import { plain } from '../../http/words/words.ts'
import { authenticatorView, removeView } from './item-view.tsx'
import { type TwoStepDeps, namedAuthenticator, notTheirs, sendRoom } from './room.ts'

/** One authenticator of a person: renames it, and removes it after asking. */
export function item(deps: TwoStepDeps): FastifyPluginAsync {
  const { door, browsers, factors, settings } = deps

  /** Who is there, and which authenticator the address names. Undefined when the answer is already sent. */
  async function open(request: FastifyRequest, reply: FastifyReply) {
    const signedIn = await door.enterFresh(request, reply)
    if (signedIn === undefined) return undefined
    const { id } = signedIn.account
    return { signedIn, authenticator: await namedAuthenticator(factors, request, id, 'id') }
  }

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    { id, name }: Authenticator,
    typed?: string,
  ) {
    const { words } = languageOf(request)
    const problem = typed === undefined ? undefined : words.twoStep.problems.name
    const csrf = browsers.csrfToken(request, reply)
    const body = authenticatorView({ words, csrf, id, name, typed: typed ?? name, problem })
    const title = plain(words.twoStep.item.title(name))
    return sendRoom(deps, request, reply, signedIn, { title, body, error: problem !== undefined })
  }

  async function askRemoval(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    { id, name }: Authenticator,
  ) {
    const { words } = languageOf(request)
    const { authenticators, passkeys } = await factors.factorsOf(signedIn.account.id)
    const isLast = authenticators + passkeys === 1
    const mustStay = isLast && factorPolicy(settings(), signedIn.account.roles).required
    const csrf = browsers.csrfToken(request, reply)
    const body = removeView({ words, csrf, id, name, isLast, mustStay })
    const title = plain(words.twoStep.item.removeTitle(name))
    return sendRoom(deps, request, reply, signedIn, { title, body, error: mustStay })
  }

  return async (app) => {
    app.get(paths.authenticator, async (request, reply) => {
      const opened = await open(request, reply)
      return opened === undefined
        ? reply
        : show(request, reply, opened.signedIn, opened.authenticator)
    })

    app.post(paths.authenticator, async (request, reply) => {
      const opened = await open(request, reply)
      if (opened === undefined) return reply
      const { signedIn, authenticator } = opened
      const typed = readForm(request, ['name']).name
      const name = factorName(typed)
      if (name === undefined || name === '')
        return show(request, reply.status(422), signedIn, authenticator, typed)
      const { account, session } = signedIn
      const { id } = authenticator
      const renaming = { userId: account.id, id, name, sessionId: session.id, ip: request.ip }
      if ((await renameAuthenticator(deps, renaming)) === 'not_found') throw notTheirs()
      return reply.redirect(`${paths.twoStep}?done=renamed`, 303)
    })

    app.get(paths.removeAuthenticator, async (request, reply) => {
      const opened = await open(request, reply)
      return opened === undefined
        ? reply
        : askRemoval(request, reply, opened.signedIn, opened.authenticator)
    })

    app.post(paths.removeAuthenticator, async (request, reply) => {
      const opened = await open(request, reply)
      if (opened === undefined) return reply
      const { signedIn, authenticator } = opened
      const { account, session } = signedIn
      const { id } = authenticator
      const letters = factorLetters(languageOf(request), deps.issuer, deps.notMe)
      const removal = { userId: account.id, id, sessionId: session.id, ip: request.ip }
      const outcome = await removeAuthenticator(deps, removal, letters.removed(account.id))
      switch (outcome.kind) {
        case 'not_found':
          throw notTheirs()
        case 'required':
          return askRemoval(request, reply.status(409), signedIn, authenticator)
        case 'removed':
          return reply.redirect(`${paths.twoStep}?done=${outcome.wasLast ? 'off' : 'removed'}`, 303)
      }
    })
  }
}
