import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type LeaveDeps, isOnlyAdministrator, leave } from '../../domain/leaving/leave.ts'
import { KEEP_PROOF_TTL_SECONDS, createKeepLinks } from '../../domain/leaving/link.ts'
import type { SignedIn } from '../../domain/sessions/session.ts'
import type { AccountDoor } from '../../http/account-door.ts'
import { sendAccountPage } from '../../http/account-page.tsx'
import type { Browsers } from '../../http/session/browser.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { leavingLetters } from '../../http/mails/leaving.ts'
import { afterLeavingPath, paths } from '../../http/paths.ts'
import type { Presence } from '../../http/session/presence.ts'
import { addSeconds } from '../../platform/clock.ts'
import { isTyped } from './typed-word.ts'
import { deleteView, onlyAdministratorView } from './view.tsx'

export interface DeleteDeps extends LeaveDeps {
  readonly issuer: string
  readonly door: AccountDoor
  readonly presence: Presence
  readonly browsers: Browsers
  readonly ratePerMinute: () => number
}

/** Where a person leaves for good: says what goes and when, wants a word typed, and closes the account. */
export function deleteAccount(deps: DeleteDeps): FastifyPluginAsync {
  const { door, presence, browsers, clock, settings } = deps
  const links = createKeepLinks(deps.ring)

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    state: 'asking' | 'wrong' | 'only_administrator',
  ) {
    const { words } = languageOf(request)
    const csrf = browsers.csrfToken(request, reply)
    const { delete: said } = words.leaving
    const graceSeconds = settings().account_deletion_grace_seconds
    const leavesAt = graceSeconds === 0 ? undefined : addSeconds(clock(), graceSeconds)
    const isWrong = state === 'wrong'
    const body =
      state === 'only_administrator'
        ? onlyAdministratorView({ words })
        : deleteView({ words, csrf, email: signedIn.account.email, leavesAt, isWrong })
    const title = said.title
    return sendAccountPage(reply, { section: 'data', title, body, signedIn, csrf, error: isWrong })
  }

  return async (app) => {
    const config = { rateLimit: { max: deps.ratePerMinute, timeWindow: 60_000 } }

    app.get(paths.leave, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      const mustStay = await isOnlyAdministrator(deps.database.db, signedIn.account.id)
      return show(request, reply, signedIn, mustStay ? 'only_administrator' : 'asking')
    })

    app.post(paths.leave, { config }, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      const language = languageOf(request)
      const { lang } = language.locale
      const { confirm } = readForm(request, ['confirm'])
      if (!isTyped(confirm, language.words.leaving.delete.word, lang))
        return show(request, reply.status(422), signedIn, 'wrong')

      // Before: afterwards this session is none any more, and its cookie has to go.
      const present = await presence.all(request)
      const leaver = { userId: signedIn.account.id, ip: request.ip, language: lang }
      const { leaving: letter } = leavingLetters(language, deps.issuer)
      const outcome = await leave(deps, leaver, letter)
      if (outcome.kind === 'only_administrator')
        return show(request, reply.status(409), signedIn, 'only_administrator')
      browsers.endSessions(request, reply, [signedIn.session], present)
      if (outcome.kind === 'gone') return reply.redirect(paths.home, 303)
      const until = addSeconds(clock(), KEEP_PROOF_TTL_SECONDS)
      const proof = outcome.canBeKept ? links.seal(outcome, until) : undefined
      return reply.redirect(afterLeavingPath(proof), 303)
    })
  }
}
