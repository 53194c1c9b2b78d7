import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CredentialStore } from '../domain/credentials/store.ts'
import { afterFirstProof, factorPolicy } from '../domain/factors/policy.ts'
import type { FactorStore } from '../domain/factors/store.ts'
import { sessionsOf } from '../domain/sessions/session.ts'
import { type SignInDeps, signIn } from '../domain/sessions/sign-in.ts'
import type { UserStore } from '../domain/users/store.ts'
import type { Browsers } from './browser.ts'
import { type FirstProof, type FirstProofs, isOfPassword } from './first-proof.ts'
import type { Devices } from './known-device.ts'
import { type NewDeviceDeps, newDeviceNotice } from './new-device.ts'
import { type Onward, afterSignIn, paths, withOnward } from './paths.ts'
import type { Presence } from './presence.ts'
import type { TrustedBrowsers } from './trusted-browser.ts'

export interface GateDeps extends SignInDeps, NewDeviceDeps {
  readonly credentials: CredentialStore
  readonly factors: FactorStore
  readonly users: UserStore
  readonly proofs: FirstProofs
  readonly presence: Presence
  readonly browsers: Browsers
  readonly devices: Devices
  readonly trusted: TrustedBrowsers
}

/** Answered: the person is signed in, or on the way to the second factor. Refused: the proof no longer holds. */
export type Admission = 'answered' | 'refused'

/** The one way to a session: whatever was shown first, what else is asked for is decided here. */
export interface SignInGate {
  /** Goes on after a first proof: to a session, to the second factor, or to setting one up. */
  admit(
    request: FastifyRequest,
    reply: FastifyReply,
    proof: FirstProof,
    onward: Onward,
  ): Promise<Admission>
  /** Starts the session of a person who has shown all that is asked for. */
  start(
    request: FastifyRequest,
    reply: FastifyReply,
    proof: FirstProof,
    onward: Onward,
  ): Promise<Admission>
}

export function createSignInGate(deps: GateDeps): SignInGate {
  const { credentials, factors, users, proofs, presence, browsers, devices, settings, clock } = deps

  async function start(
    request: FastifyRequest,
    reply: FastifyReply,
    proof: FirstProof,
    onward: Onward,
  ): Promise<Admission> {
    const { userId, email, amr, acr } = proof
    // The hash in force, and only if it is still the one that was checked.
    const hash = (await credentials.findByEmail(email))?.password?.hash
    if (!isOfPassword(proof, hash)) return 'refused'
    const password = proof.password === undefined ? undefined : hash
    const present = sessionsOf(await presence.all(request))
    const notice = await newDeviceNotice(deps, request, { userId, email }, present)
    const newDevice = notice === undefined ? undefined : true
    const from = { ip: request.ip, userAgent: request.headers['user-agent'] }
    const proven = { userId, amr, acr, password, newDevice, notice, ...from }
    const started = await signIn(deps, proven, present)
    if (started.kind === 'refused') return 'refused'
    devices.remember(request, reply, email)
    browsers.startSession(request, reply, started)
    void reply.redirect(afterSignIn(onward), 303)
    return 'answered'
  }

  return {
    start,
    async admit(request, reply, proof, onward) {
      const { userId, acr } = proof
      const user = await users.find(userId)
      if (user === undefined) return 'refused'
      const now = clock()
      const policy = factorPolicy(settings(), user.roles)
      const trusted = await deps.trusted.isTrusted(request, userId)
      const after = afterFirstProof({ acr, trusted }, await factors.factorsOf(userId), policy, now)
      if (after.kind === 'start') return start(request, reply, proof, onward)
      const page = after.kind === 'challenge' ? paths.mfa : paths.enrol
      const sealed = proofs.seal(proof, browsers.bind(request, reply), now)
      void reply.redirect(withOnward(page, onward, { proof: sealed }), 303)
      return 'answered'
    },
  }
}
