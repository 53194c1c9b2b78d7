import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { factorPolicy, hasSecondFactor } from '../../domain/factors/policy.ts'
import type { FactorStore } from '../../domain/factors/store.ts'
import type { SignedIn } from '../../domain/sessions/session.ts'
import type { Settings } from '../../domain/settings/settings.ts'
import { appIdentity } from '../../http/app-identity.ts'
import type { Conversations } from '../../http/conversation.ts'
import { languageOf } from '../../http/language/language.ts'
import { createMoments } from '../../http/language/moments.ts'
import { type Onward, afterSignIn, paths, withOnward } from '../../http/paths.ts'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import type { Presence } from '../../http/session/presence.ts'
import { wayOf } from '../../http/sign-in/way.ts'
import { sendPage } from '../../http/send-page.ts'
import type { Clock } from '../../platform/clock.ts'
import { factorDueView, recoveredView } from './afterwards-view.tsx'

export interface AfterwardsDeps {
  readonly conversations: Conversations
  readonly presence: Presence
  readonly factors: FactorStore
  readonly settings: () => Settings
  readonly clock: Clock
}

/** A person who has just signed in, on the way to what it was for. */
interface Passing {
  readonly signedIn: SignedIn
  readonly onward: Onward
  readonly onwardHref: string
  readonly app: AppIdentity | undefined
}

/** What is said once right after a sign-in, with the way on: nothing here changes anything. */
export function afterwardsPages(deps: AfterwardsDeps): FastifyPluginAsync {
  const { conversations, presence, factors, settings, clock } = deps

  async function passing(
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Passing | undefined> {
    const { current, onward } = await wayOf(request, conversations)
    const onwardHref = afterSignIn(onward)
    const signedIn = await presence.signedIn(request)
    const app = current && appIdentity(current.request.client)
    if (signedIn !== undefined) return { signedIn, onward, onwardHref, app }
    await reply.redirect(onwardHref, 303)
    return undefined
  }

  return async (server) => {
    server.get(paths.recovered, async (request, reply) => {
      const visit = await passing(request, reply)
      if (visit === undefined) return reply
      const { signedIn, onwardHref, app } = visit
      const { words } = languageOf(request)
      const { recoveryCodes: left } = await factors.factorsOf(signedIn.account.id)
      const body = recoveredView({ words, app, left, onwardHref, twoStepHref: paths.twoStep })
      return sendPage(reply, { title: words.mfa.recovered.title, body, app })
    })

    server.get(paths.factorDue, async (request, reply) => {
      const visit = await passing(request, reply)
      if (visit === undefined) return reply
      const { signedIn, onward, onwardHref, app } = visit
      const { id, roles, claims } = signedIn.account
      const { required, graceUntil } = factorPolicy(settings(), roles)
      const isDue = required && graceUntil !== undefined && clock() < graceUntil
      if (!isDue || hasSecondFactor(await factors.factorsOf(id)))
        return reply.redirect(onwardHref, 303)
      const { words, locale } = languageOf(request)
      const body = factorDueView({
        words,
        app,
        day: createMoments(locale.lang, claims.zoneinfo).day(graceUntil),
        setUpHref: onward.tx === undefined ? paths.twoStep : withOnward(paths.enrol, onward),
        onwardHref,
      })
      return sendPage(reply, { title: words.mfa.due.title, body, app })
    })
  }
}
