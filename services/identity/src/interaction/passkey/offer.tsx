import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { FactorStore } from '../../domain/factors/store.ts'
import { AAL2 } from '../../domain/oauth/acr.ts'
import {
  type SignedIn,
  isFresh,
  shownHere,
  withSecondFactor,
} from '../../domain/sessions/session.ts'
import type { Conversations } from '../../http/conversation.ts'
import { basisOfSession } from '../../http/sign-in/factor-basis.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { type NewPasskeyDeps, takeNewPasskey } from '../../http/sign-in/new-passkey.ts'
import { Button } from '../../http/parts/button.tsx'
import type { PasskeyOffers } from '../../http/sign-in/passkey-offer.ts'
import { afterSignIn, paths } from '../../http/paths.ts'
import type { Presence } from '../../http/session/presence.ts'
import type { SignInGate } from '../../http/sign-in/gate.ts'
import type { Words } from '../../http/words/words.ts'
import { sendPasskeyPage } from './page.ts'
import type { PasskeyProblem } from './view.tsx'
import { type Way, wayOf } from '../../http/sign-in/way.ts'

export interface PasskeyOfferDeps extends NewPasskeyDeps {
  readonly presence: Presence
  readonly conversations: Conversations
  readonly offers: PasskeyOffers
  readonly gate: SignInGate
  readonly factors: FactorStore
  readonly ratePerMinute: () => number
}

/** Asks once after a sign-in whether the person wants a passkey. Whatever is answered, the way goes on. */
export function passkeyOffer(deps: PasskeyOfferDeps): FastifyPluginAsync {
  const { presence, conversations, offers, gate, factors, passkeys, browsers, clock } = deps

  /** Who is asked: just signed in, without a passkey, and with all that was asked for shown. */
  async function asked(request: FastifyRequest): Promise<SignedIn | undefined> {
    const signedIn = await presence.signedIn(request)
    if (signedIn === undefined || !isFresh(signedIn.session, clock())) return undefined
    const { authenticators, passkeys: count } = await factors.factorsOf(signedIn.account.id)
    const hasShownAll = authenticators === 0 || shownHere(signedIn.session) === AAL2
    return count === 0 && hasShownAll ? signedIn : undefined
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    { current }: Way,
    { account }: SignedIn,
    problem?: PasskeyProblem,
  ) {
    const { words } = languageOf(request)
    const { title, lead, why, submit } = words.passkeys.offer
    const owner = { id: account.id, email: account.email, name: account.claims.name }
    const prompt = await passkeys.forNew(request, reply, owner)
    const beside = <Declining words={words} />
    return sendPasskeyPage(browsers, request, reply, current, {
      prompt,
      title,
      lead,
      why,
      submit,
      problem,
      beside,
    })
  }

  return async (app) => {
    app.get(paths.passkeyOffer, async (request, reply) => {
      const way = await wayOf(request, conversations)
      const signedIn = await asked(request)
      if (signedIn === undefined) return reply.redirect(afterSignIn(way.onward), 303)
      return show(request, reply, way, signedIn)
    })

    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    app.post(paths.passkeyOffer, { config: { rateLimit } }, async (request, reply) => {
      const way = await wayOf(request, conversations)
      const { decision } = readForm(request, ['decision'])
      const signedIn = await asked(request)
      if (decision === 'later' || decision === 'never') offers.decline(reply, decision)
      else if (signedIn !== undefined) {
        const { session, account } = signedIn
        const added = await takeNewPasskey(deps, request, account.id, basisOfSession(session))
        if (added.kind !== 'added') return show(request, reply, way, signedIn, { kind: 'failed' })
        // Whoever makes a passkey has used it: the session counts as one with a second factor.
        const shown = withSecondFactor(session.amr, added.amr)
        if ((await gate.raise(request, reply, session, shown, way.onward)) === 'answered')
          return reply
      }
      return reply.redirect(afterSignIn(way.onward), 303)
    })
  }
}

/** The two ways to say no. */
export function Declining({ words }: { readonly words: Words }) {
  const { later, never } = words.passkeys.offer
  return (
    <>
      <Button look="secondary" name="decision" value="later" skipValidation>
        {later}
      </Button>
      <Button look="quiet" name="decision" value="never" skipValidation>
        {never}
      </Button>
    </>
  )
}
