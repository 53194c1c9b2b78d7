import type { FastifyReply, FastifyRequest } from 'fastify'
import { hasSecondFactor } from '../../domain/factors/policy.ts'
import type { FactorStore } from '../../domain/factors/store.ts'
import { AAL2 } from '../../domain/oauth/acr.ts'
import { type Session, shownHere } from '../../domain/sessions/session.ts'
import type { Settings } from '../../domain/settings/settings.ts'
import type { CookieJar } from '../session/cookies.ts'
import { paths } from '../paths.ts'

export interface PasskeyOfferDeps {
  readonly jar: CookieJar
  readonly factors: FactorStore
  readonly settings: () => Settings
}

/** Asks people without a passkey, after a sign-in, if they want one; only where their browser says that it can. */
export interface PasskeyOffers {
  /** The name of the cookie by which the script of the sign-in page says so; undefined where nobody is asked. */
  cookie(): string | undefined
  /** The page that asks, if this person is to be asked after this sign-in. */
  pageFor(
    request: FastifyRequest,
    person: Pick<Session, 'userId' | 'acr' | 'amr'>,
  ): Promise<string | undefined>
  /** Notes in this browser that the person does not want to be asked: for a month, or for as long as cookies last. */
  decline(reply: FastifyReply, until: 'later' | 'never'): void
}

const LATER_SECONDS = 30 * 86_400
const NEVER_SECONDS = 400 * 86_400

export function createPasskeyOffers({ jar, factors, settings }: PasskeyOfferDeps): PasskeyOffers {
  const cookie = () => (settings().passkey_offer ? jar.passkeys : undefined)
  return {
    cookie,
    async pageFor(request, { userId, ...shown }) {
      if (cookie() === undefined || request.cookies[jar.passkeys] !== 'can') return undefined
      const owned = await factors.factorsOf(userId)
      // Who came by a trusted browser has a factor that was not shown, and may add no other one.
      const mayAdd = shownHere(shown) === AAL2 || !hasSecondFactor(owned)
      return mayAdd && owned.passkeys === 0 ? paths.passkeyOffer : undefined
    },
    decline(reply, until) {
      const maxAge = until === 'never' ? NEVER_SECONDS : LATER_SECONDS
      // Not HttpOnly: the script reads it, so as not to write its own value over it. The cookie opens nothing.
      const options = { ...jar.options, httpOnly: false, maxAge }
      void reply.setCookie(jar.passkeys, until, options)
    },
  }
}
