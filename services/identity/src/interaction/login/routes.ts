import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { AuditStore } from '../../domain/audit/store.ts'
import { type PasswordCheckDeps, checkPassword } from '../../domain/credentials/check-password.ts'
import { KEEP_PROOF_TTL_SECONDS, type Leaving, createKeepLinks } from '../../domain/leaving/link.ts'
import { tellOfLockOut } from '../../domain/recovery/unlock.ts'
import type { UnlockLinks } from '../../domain/recovery/unlock-link.ts'
import { AAL1 } from '../../domain/oauth/acr.ts'
import { PASSWORD_AMR, type SignedIn, isFresh, isSignInFor } from '../../domain/sessions/session.ts'
import { parseEmail } from '../../domain/users/email.ts'
import type { AuthorizationResponse } from '../../http/authorization-response.tsx'
import type { Conversations } from '../../http/conversation.ts'
import { passwordFingerprint } from '../../http/sign-in/first-proof.ts'
import { readForm } from '../../http/form.ts'
import type { Devices } from '../../http/sign-in/known-device.ts'
import { languageOf } from '../../http/language/language.ts'
import { signInLetters } from '../../http/mails/sign-in.ts'
import { keepAccountPath, paths } from '../../http/paths.ts'
import { peerNetwork } from '../../http/peer-address.ts'
import type { Presence } from '../../http/session/presence.ts'
import type { SignInGate } from '../../http/sign-in/gate.ts'
import { type Clock, addSeconds } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Afterwards } from '../../platform/afterwards.ts'
import { carriedAddresses } from './carried-address.ts'
import { type LoginPageDeps, type Visit, sendLoginPage } from './page.ts'
import { type Way, loginHref, onward, wayOf } from './way.ts'

export interface LoginDeps extends PasswordCheckDeps, LoginPageDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly issuer: string
  readonly clock: Clock
  readonly audit: AuditStore
  readonly devices: Devices
  readonly gate: SignInGate
  readonly conversations: Conversations
  readonly presence: Presence
  readonly unlockLinks: UnlockLinks
  readonly afterwards: Afterwards
  readonly respond: AuthorizationResponse
  readonly ratePerMinute: () => number
}

/** The sign-in step: asks for e-mail address and password, starts the session, returns to who asked for it. */
export function login(deps: LoginDeps): FastifyPluginAsync {
  const { conversations, presence, browsers, devices, gate, audit, afterwards, settings, clock } =
    deps
  const { upstream } = deps
  const addresses = carriedAddresses(deps.ring)
  const keepLinks = createKeepLinks(deps.ring)

  async function visitOf(request: FastifyRequest, reply: FastifyReply): Promise<Visit> {
    const way = await wayOf(request, conversations)
    const carried = addresses.open(way.carried ?? '', browsers.known(request), clock())
    const coming = upstream.arrivalAfterSignIn(request)
    const onwardApp = await conversations.appOf(request, coming?.onward.tx)
    return { request, reply, way, carried, onwardApp, signedIn: await presence.signedIn(request) }
  }

  /** Whether who is signed in has nothing left to show on this way. */
  function isDone({ current, next }: Way, signedIn: SignedIn | undefined): boolean {
    if (signedIn === undefined) return false
    const { session } = signedIn
    if (current !== undefined) return isSignInFor(session, current.transaction.requestedAt, clock())
    return next === undefined || isFresh(session, clock())
  }

  /** The first of two pages: whatever the address is, the second one asks for its password. */
  function takeAddress(visit: Visit, typed: string) {
    const { request, reply, way } = visit
    const email = parseEmail(typed)
    if (typed.trim() === '')
      return sendLoginPage(deps, visit, typed, { kind: 'missing', fields: ['email'] })
    if (email === undefined) return sendLoginPage(deps, visit, typed, { kind: 'invalid' })
    const as = addresses.seal(email, browsers.bind(request, reply), clock())
    return reply.redirect(loginHref(way, { isSwitch: way.isSwitch, as }), 303)
  }

  /** After the answer, so that neither its time nor its words say whether there is such an account. */
  function tellOwner(request: FastifyRequest, typed: string, windowEndsAt: Date) {
    const email = parseEmail(typed)
    if (email === undefined) return
    const letters = signInLetters(languageOf(request), deps.issuer)
    const lockOut = { email, windowEndsAt, ip: request.ip }
    // Too much waiting loses no more than time: the next try asks again.
    afterwards.run(
      () =>
        tellOfLockOut({ ...deps, links: deps.unlockLinks }, lockOut, (account, token) =>
          letters.lockOut(account.email, token),
        ),
      (error) => request.log.error({ err: error }, 'the owner of an account was not told'),
    )
  }

  async function check(request: FastifyRequest, email: string, password: string) {
    const { sign_in_failures_per_hour, sign_in_failures_per_hour_and_network } = settings()
    const limits = {
      perAccount: sign_in_failures_per_hour,
      perNetwork: sign_in_failures_per_hour_and_network,
    }
    const knownDevice = devices.knownFor(request, parseEmail(email) ?? email)
    const network = peerNetwork(request)
    return checkPassword(deps, { email, password, knownDevice, network, limits }, clock())
  }

  /** Nobody signs in to an account that is to be deleted; who has its password may keep it (docs/decisions/0020). */
  async function offerToKeep({ request, reply, way }: Visit, leaving: Leaving) {
    const { userId } = leaving
    const [clientId, tx] = [way.current?.request.client.id, way.current?.sealed]
    const detail = { because: 'account is to be deleted' }
    await audit.record({ event: 'sign_in_failed', userId, clientId, ip: request.ip, detail })
    const proof = keepLinks.seal(leaving, addSeconds(clock(), KEEP_PROOF_TTL_SECONDS))
    return reply.redirect(keepAccountPath(proof, tx), 303)
  }

  async function tryPassword(visit: Visit, typed: string, password: string) {
    const { request, reply, way } = visit
    const { ip } = request
    const clientId = way.current?.request.client.id
    const wrong = async (userId: string | undefined) => {
      await audit.record({ event: 'sign_in_failed', userId, clientId, ip })
      return sendLoginPage(deps, visit, typed, { kind: 'wrong' })
    }
    const checked = await check(request, typed, password)
    if (checked.kind === 'busy') return sendLoginPage(deps, visit, typed, checked)
    if (checked.kind === 'wrong') return wrong(checked.userId)
    if (checked.kind === 'throttled') {
      const { by, windowEndsAt } = checked
      await audit.record({ event: 'sign_in_throttled', clientId, ip, detail: { by } })
      if (by === 'account') tellOwner(request, typed, windowEndsAt)
      return sendLoginPage(deps, visit, typed, checked)
    }

    const { userId, email, leavesAt, hash, rehashed } = checked
    if (rehashed) await audit.record({ event: 'password_rehashed', userId })
    if (leavesAt !== undefined) return offerToKeep(visit, { userId, leavesAt })
    const fingerprint = passwordFingerprint(hash)
    const proof = { userId, email, amr: PASSWORD_AMR, acr: AAL1, password: fingerprint }
    const onTo = { tx: way.current?.sealed, next: way.next }
    deps.upstream.forget(request, reply)
    // Disabled, or another password, since it was checked: by now it is wrong.
    if ((await gate.admit(request, reply, proof, onTo)) === 'refused') return wrong(userId)
    return reply
  }

  return async (app) => {
    app.get(paths.login, async (request, reply) => {
      const visit = await visitOf(request, reply)
      const { way, signedIn } = visit
      // The back button after a sign-in: that is done, so go on.
      if (isDone(way, signedIn) && !way.isSwitch) return reply.redirect(onward(way), 303)
      return sendLoginPage(deps, visit)
    })

    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    const config = { rateLimit, formOutlivesSignIn: true }
    app.post(paths.login, { config }, async (request, reply) => {
      const visit = await visitOf(request, reply)
      const { current } = visit.way
      const form = readForm(request, ['email', 'password', 'decision'])
      if (form.decision === 'deny' && current !== undefined)
        return deps.respond(reply, current.request.redirect, {
          error: 'access_denied',
          error_description: 'the person cancelled the sign-in',
          why: { check: 'person_refused' },
        })
      const { email, password } = form
      if (settings().sign_in === 'identifier_first' && !asksPassword(request))
        return takeAddress(visit, email)
      const fields = (['email', 'password'] as const).filter((field) => form[field] === '')
      if (fields.length > 0) return sendLoginPage(deps, visit, email, { kind: 'missing', fields })
      return tryPassword(visit, email, password)
    })

    // What was promised is done before the database goes.
    app.addHook('onClose', async () => afterwards.settled())
  }
}

/** Whether the form that was sent has a field for the password, be it empty. */
function asksPassword({ body }: FastifyRequest): boolean {
  return typeof body === 'object' && body !== null && 'password' in body
}
