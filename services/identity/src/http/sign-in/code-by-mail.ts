import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AuditStore } from '../../domain/audit/store.ts'
import type { Factors } from '../../domain/factors/store.ts'
import { type CodeAsked, askCode } from '../../domain/mail-codes/ask.ts'
import { mailSender } from '../../domain/mail-codes/sender.ts'
import { asksSignInCode, signInCodePlace } from '../../domain/mail-codes/sign-in-code.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { Settings } from '../../domain/settings/settings.ts'
import type { Clock } from '../../platform/clock.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Browsers } from '../session/browser.ts'
import { type FirstProof, firstProofs } from './first-proof.ts'
import type { Devices } from './known-device.ts'
import { languageOf } from '../language/language.ts'
import { signInCodeLetter } from '../mails/sign-in-code.ts'
import { type Onward, paths, withOnward } from '../paths.ts'

export interface SignInCodeDeps {
  readonly issuer: string
  readonly database: Database
  readonly ring: KeyRing
  readonly settings: () => Settings
  readonly clock: Clock
  readonly audit: AuditStore
  readonly browsers: Browsers
  readonly devices: Devices
  readonly notMe: NotMeLinks
}

/** The code by mail that follows a password, where the operator wants one and the person has nothing better. */
export interface SignInCodes {
  /** Sends the person to the page of the code, with a code on its way. False when none is asked for. */
  intercept(
    request: FastifyRequest,
    reply: FastifyReply,
    proof: FirstProof,
    onward: Onward,
    factors: Factors,
  ): Promise<boolean>
  send(request: FastifyRequest, reply: FastifyReply, proof: FirstProof): Promise<CodeAsked>
  /** The proof in the address of this page. One that was sealed for another page does not open here. */
  read(request: FastifyRequest): FirstProof | undefined
}

export function createSignInCodes(deps: SignInCodeDeps): SignInCodes {
  const { issuer, ring, settings, clock, audit, browsers, devices, notMe } = deps
  // Sealed for this page alone. At the page that sets up a second factor, the same proof would let its bearer skip the
  // code.
  const proofs = firstProofs(ring, 'mail-code-proof')

  async function send(request: FastifyRequest, reply: FastifyReply, proof: FirstProof) {
    const { userId, email } = proof
    const language = languageOf(request)
    const token = notMe.seal({ userId, because: 'sign-in-code', email }, clock())
    const sender = mailSender(ring, clock, (code) =>
      signInCodeLetter(language, issuer, email, code, token),
    )
    const place = signInCodePlace(userId, sha256(browsers.bind(request, reply)))
    const asked = await askCode(deps, place, sender)
    if (asked.kind === 'sent')
      await audit.record({ event: 'sign_in_code_sent', userId, ip: request.ip })
    return asked
  }

  return {
    send,
    read: (request) => proofs.read(request, browsers.known(request), clock()),
    async intercept(request, reply, proof, onward, factors) {
      const isKnownDevice = devices.hasSignedIn(request, proof.email)
      const { amr, acr } = proof
      if (!asksSignInCode(settings().email_code, { amr, acr, isKnownDevice }, factors)) return false
      // Too soon, or too many: the page says so when another one is asked for.
      await send(request, reply, proof)
      const sealed = proofs.seal(proof, browsers.bind(request, reply), clock())
      void reply.redirect(withOnward(paths.emailCode, onward, { proof: sealed }), 303)
      return true
    },
  }
}
