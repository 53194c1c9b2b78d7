import type { FastifyReply, FastifyRequest } from 'fastify'
import { passkeyChallenges } from '../../domain/passkeys/challenge.ts'
import {
  type PasskeyOwner,
  type RelyingParty,
  creationOptions,
  secondFactorOptions,
  signInOptions,
} from '../../domain/passkeys/options.ts'
import { createPasskeyStore } from '../../domain/passkeys/store.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { Settings } from '../../domain/settings/settings.ts'
import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Browsers } from '../session/browser.ts'
import { languageOf } from '../language/language.ts'
import { type PasskeyLetters, passkeyLetters } from '../mails/passkeys.ts'
import type { PasskeyPrompt } from '../parts/passkey-button.tsx'

export interface PasskeyDeps {
  readonly issuer: string
  readonly ring: KeyRing
  readonly database: Database
  readonly browsers: Browsers
  readonly settings: () => Settings
  readonly notMe: NotMeLinks
  readonly clock: Clock
}

/** What pages need to ask for passkeys. A prompt holds a challenge for the browser that it is sent to, and no other. */
export interface Passkeys {
  /** This service, to check an answer by, under the name that it goes by in the language of the request. */
  party(request: FastifyRequest): RelyingParty
  letters(request: FastifyRequest): PasskeyLetters
  forSignIn(request: FastifyRequest, reply: FastifyReply): PasskeyPrompt
  /** Undefined for a person without a passkey. */
  forSecondFactor(
    request: FastifyRequest,
    reply: FastifyReply,
    userId: string,
  ): Promise<PasskeyPrompt | undefined>
  forNew(request: FastifyRequest, reply: FastifyReply, owner: PasskeyOwner): Promise<PasskeyPrompt>
}

export function createPasskeys(deps: PasskeyDeps): Passkeys {
  const { issuer, database, browsers, settings, notMe, clock } = deps
  const { hostname, origin } = new URL(issuer)
  const challenges = passkeyChallenges(deps.ring)
  const store = createPasskeyStore(database.db)

  const party = (request: FastifyRequest): RelyingParty => ({
    id: settings().passkey_rp_id ?? hostname,
    origin,
    name: languageOf(request).words.product,
  })
  const prompt = (ceremony: PasskeyPrompt['ceremony'], options: object): PasskeyPrompt => ({
    ceremony,
    options: JSON.stringify(options),
  })

  return {
    party,
    letters: (request) => passkeyLetters(languageOf(request), issuer, notMe),
    forSignIn(request, reply) {
      const browser = browsers.bind(request, reply)
      const scope = { use: 'sign-in', userId: undefined, browser } as const
      return prompt('get', signInOptions(party(request), challenges.make(scope, clock())))
    },
    async forSecondFactor(request, reply, userId) {
      const own = await store.passkeysOf(userId)
      if (own.length === 0) return undefined
      const scope = {
        use: 'second-factor',
        userId,
        browser: browsers.bind(request, reply),
      } as const
      const challenge = challenges.make(scope, clock())
      return prompt('get', secondFactorOptions(party(request), challenge, own))
    },
    async forNew(request, reply, owner) {
      const present = await store.passkeysOf(owner.id)
      const browser = browsers.bind(request, reply)
      const scope = { use: 'register', userId: owner.id, browser } as const
      const challenge = challenges.make(scope, clock())
      return prompt('create', creationOptions(party(request), owner, challenge, present))
    },
  }
}
