import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CredentialStore } from '../../domain/credentials/store.ts'
import { afterFirstProof, factorPolicy } from '../../domain/factors/policy.ts'
import type { FactorStore } from '../../domain/factors/store.ts'
import { type Session, sessionsOf } from '../../domain/sessions/session.ts'
import { type SignInDeps, signIn } from '../../domain/sessions/sign-in.ts'
import { stepUp } from '../../domain/sessions/step-up.ts'
import type { UserStore } from '../../domain/users/store.ts'
import type { Browsers } from '../session/browser.ts'
import { type FirstProof, type FirstProofs, isOfPassword } from './first-proof.ts'
import type { Devices } from './known-device.ts'
import { type NewDeviceDeps, newDeviceNotice } from './new-device.ts'
import { type Onward, afterSignIn, paths, withOnward } from '../paths.ts'
import type { PasskeyOffers } from './passkey-offer.ts'
import type { Presence } from '../session/presence.ts'
import { proofStands } from './proof-stands.ts'
import type { SignInCodes } from './code-by-mail.ts'
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
  readonly signInCodes: SignInCodes
  readonly offers: PasskeyOffers
}

/** Answered: the person is signed in, or on the way to the second factor. Refused: the proof no longer holds. */
export type Admission = 'answered' | 'refused'

/** What goes with a sign-in. */
export interface Extras {
  /** The person trusts this browser from now on. */
  readonly trust?: boolean | undefined
  /** A page of ours to be seen before going on. */
  readonly via?: string | undefined
}

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
    extras?: Extras,
  ): Promise<Admission>
  /** Makes the present session worth more after a further proof; `amr` is all that was shown in it. */
  raise(
    request: FastifyRequest,
    reply: FastifyReply,
    session: Session,
    shown: Pick<FirstProof, 'amr' | 'acr'>,
    onward: Onward,
    extras?: Pick<Extras, 'via'>,
  ): Promise<Admission>
}

export function createSignInGate(deps: GateDeps): SignInGate {
  const { credentials, factors, users, proofs, presence, browsers, devices, settings, clock } = deps

  const goOn = (reply: FastifyReply, onward: Onward, via: string | undefined) => {
    const to = via === undefined ? afterSignIn(onward) : withOnward(via, onward)
    void reply.redirect(to, 303)
    return 'answered' as const
  }
  const from = ({ ip, headers }: FastifyRequest) => ({ ip, userAgent: headers['user-agent'] })

  async function start(
    request: FastifyRequest,
    reply: FastifyReply,
    proof: FirstProof,
    onward: Onward,
    { trust = false, via }: Extras = {},
  ): Promise<Admission> {
    const { userId, email, amr, acr, carried: once } = proof
    // The hash in force, and only if it is still the one that was checked.
    const hash = (await credentials.findByEmail(email))?.password?.hash
    if (!isOfPassword(proof, hash)) return 'refused'
    const password = proof.password === undefined ? undefined : hash
    const present = sessionsOf(await presence.all(request))
    const notice = await newDeviceNotice(deps, request, { userId, email }, present)
    const newDevice = notice === undefined ? undefined : true
    const trusting = trust ? deps.trusted.begin(request) : undefined
    const stands = proofStands(proof)
    const shown = { userId, amr, acr, authTime: once?.shownAt, password, stands, once }
    const proven = { ...shown, trust: trusting?.kept, newDevice, notice, ...from(request) }
    const started = await signIn(deps, proven, present)
    if (started.kind === 'refused') return 'refused'
    trusting?.remember(reply)
    devices.remember(request, reply, email)
    browsers.startSession(request, reply, started)
    const offer = via ?? (await deps.offers.pageFor(request, { userId, acr, amr }))
    return goOn(reply, onward, offer)
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
      const owned = await factors.factorsOf(userId)
      // Asked first also where a factor is to be set up: a password alone must not be enough for that.
      const asksCode = proof.mailboxProved !== true
      if (asksCode && (await deps.signInCodes.intercept(request, reply, proof, onward, owned)))
        return 'answered'
      const after = afterFirstProof({ acr, trusted }, owned, policy, now)
      if (after.kind === 'start') {
        const via = after.enrolBy === undefined ? undefined : paths.factorDue
        return start(request, reply, proof, onward, { via })
      }
      const page = after.kind === 'challenge' ? paths.mfa : paths.enrol
      const sealed = proofs.seal(proof, browsers.bind(request, reply), now)
      void reply.redirect(withOnward(page, onward, { proof: sealed }), 303)
      return 'answered'
    },
    async raise(request, reply, session, { amr, acr }, onward, { via } = {}) {
      const present = sessionsOf(await presence.all(request))
      const raised = await stepUp(deps, session, { amr, acr, ...from(request) }, present)
      if (raised.kind === 'refused') return 'refused'
      browsers.startSession(request, reply, raised)
      return goOn(reply, onward, via)
    },
  }
}
