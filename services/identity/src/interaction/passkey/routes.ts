import type { FastifyPluginAsync } from 'fastify'
import { type PasskeyEnrolmentDeps, enrolPasskey } from './enrol.ts'
import { type PasskeyOfferDeps, passkeyOffer } from './offer.tsx'
import { type PasskeyFactorDeps, passkeyAsFactor } from './second-factor.tsx'
import { type PasskeySignInDeps, signInByPasskey } from './sign-in.ts'

export type PasskeyDeps = PasskeySignInDeps &
  PasskeyFactorDeps &
  PasskeyOfferDeps &
  PasskeyEnrolmentDeps

/** Passkeys in the sign-in conversation: as all of it, as its second factor, set up in it, offered after it. */
export function passkey(deps: PasskeyDeps): FastifyPluginAsync {
  return async (app) => {
    await app.register(signInByPasskey(deps))
    await app.register(passkeyAsFactor(deps))
    await app.register(enrolPasskey(deps))
    await app.register(passkeyOffer(deps))
  }
}
