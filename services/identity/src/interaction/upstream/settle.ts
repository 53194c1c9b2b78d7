import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AuditStore } from '../../domain/audit/store.ts'
import { type ArriveDeps, arrive } from '../../domain/identities/arrive.ts'
import { KEEP_PROOF_TTL_SECONDS, createKeepLinks } from '../../domain/leaving/link.ts'
import { askCode } from '../../domain/mail-codes/ask.ts'
import { mailSender } from '../../domain/mail-codes/sender.ts'
import type { CodePlace } from '../../domain/mail-codes/store.ts'
import { AAL1, AAL2 } from '../../domain/oauth/acr.ts'
import { FEDERATED_AMR, VOUCHED_AMR } from '../../domain/sessions/session.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { UpstreamPerson } from '../../domain/upstream/person.ts'
import type { Browsers } from '../../http/session/browser.ts'
import { languageOf } from '../../http/language/language.ts'
import { upstreamLetters } from '../../http/mails/upstream.ts'
import { type Onward, keepAccountPath, paths, providerPath, withOnward } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import type { SignInGate } from '../../http/sign-in/gate.ts'
import type { Upstream } from '../../http/sign-in/upstream.ts'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import type { UpstreamProblem } from '../../http/words/sections/upstream.ts'
import { addSeconds } from '../../platform/clock.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { problemTitle, problemView } from './view.tsx'

export interface SettleDeps extends ArriveDeps {
  readonly issuer: string
  readonly audit: AuditStore
  readonly browsers: Browsers
  readonly gate: SignInGate
  readonly upstream: Upstream
  readonly notMe: NotMeLinks
}

/** One request of somebody whom a provider has named, or has not. */
export interface Step {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly providerId: string
  readonly onward: Onward
  /** The application that the person is on the way to. */
  readonly app: AppIdentity | undefined
  /** Whoever is signed in already and tries once more signs in to another account, or makes one: not from these. */
  readonly isNoSignIn?: 'connects' | 'unknown' | undefined
}

const STATUS: Readonly<Record<UpstreamProblem, number>> = {
  cancelled: 200,
  refused: 403,
  unreachable: 503,
  failed: 502,
  other_domain: 403,
  disabled: 403,
  closed: 403,
  invited: 403,
  expired: 410,
}
const HOPELESS: ReadonlySet<UpstreamProblem> = new Set(['disabled', 'closed', 'invited'])

/** Ends a visit that led to nobody: by a record, and a page with a way on. */
export async function refuse(
  deps: Pick<SettleDeps, 'audit' | 'upstream'>,
  step: Step,
  problem: UpstreamProblem,
  reason: string,
): Promise<FastifyReply> {
  const detail = { provider: step.providerId, problem, reason: textOf(reason) }
  await deps.audit.record({ event: 'identity_refused', ip: step.request.ip, detail })
  return sendProblem(deps, step, problem, reason)
}

/**
 * Says why it went no further, on a page with a way on; the reason goes to the log. There is no record: for what
 * anybody can send as often as they like, without a visit that was begun here, that would be rows without end.
 */
export async function sendProblem(
  { upstream }: Pick<SettleDeps, 'upstream'>,
  step: Step,
  problem: UpstreamProblem,
  reason: string,
): Promise<FastifyReply> {
  const { request, reply, providerId, onward, app, isNoSignIn } = step
  const told = { provider: providerId, problem, reason: textOf(reason) }
  request.log.warn(told, 'a provider signed nobody in')
  const { words } = languageOf(request)
  // Who has changed their mind at the provider goes on where they were.
  if (isNoSignIn === 'connects' && problem === 'cancelled')
    return reply.redirect(paths.connections, 303)
  const props = {
    words,
    app,
    problem,
    provider: nameOf(upstream, providerId),
    retryHref: HOPELESS.has(problem) ? undefined : retryOf(step),
    signInHref: isNoSignIn === 'connects' ? undefined : withOnward(paths.login, onward),
  }
  const title = problemTitle(props)
  const body = problemView(props)
  const error = problem !== 'cancelled'
  return sendPage(reply.status(STATUS[problem]), { title, body, app, error })
}

function retryOf({ providerId, onward, isNoSignIn }: Step): string | undefined {
  if (isNoSignIn === 'connects') return paths.connections
  return isNoSignIn === undefined ? providerPath(providerId, onward) : undefined
}

/** Partly in the provider's words, or the address bar's; the database keeps neither NUL nor half a character. */
function textOf(reason: string): string {
  return reason.slice(0, 300).replaceAll('\0', '').toWellFormed()
}

export function nameOf({ directory }: Pick<Upstream, 'directory'>, providerId: string): string {
  return directory.find(providerId)?.provider.name ?? providerId
}

/** The place of the code that proves the mailbox, in this browser. */
export function mailboxCodePlace(email: string, browser: string): CodePlace {
  return { purpose: 'upstream', subject: email, browserHash: sha256(browser) }
}

/** Mails the code that proves the mailbox. */
export async function sendMailboxCode(deps: SettleDeps, step: Step, email: string) {
  const { request, reply, providerId } = step
  const { ring, clock, browsers, upstream, issuer } = deps
  const letters = upstreamLetters(languageOf(request), issuer, deps.notMe)
  const letter = (code: string) => letters.code(nameOf(upstream, providerId), email, code)
  const place = mailboxCodePlace(email, browsers.bind(request, reply))
  return askCode(deps, place, mailSender(ring, clock, letter))
}

/** Goes on with somebody whom a provider has named: into a session, or to what is still to be shown. */
export async function settle(
  deps: SettleDeps,
  step: Step,
  person: UpstreamPerson,
  proved: boolean,
): Promise<FastifyReply> {
  const { request, reply, providerId, onward } = step
  const { upstream, browsers, gate, clock, issuer } = deps
  const provider = upstream.directory.find(providerId)?.provider
  if (provider === undefined) return refuse(deps, step, 'expired', 'no such provider any more')
  const letter = upstreamLetters(languageOf(request), issuer, deps.notMe).linked(provider.name)
  const { link, countsAsSecondFactor: counts } = provider
  const coming = { person, proved, link, counts, ip: request.ip }
  const arrived = await arrive(deps, coming, letter)
  const waiting = () => {
    const arrival = { person, proved, onward: upstream.wayBeyondArrival(request, onward) }
    return upstream.seals.sealArrival(arrival, browsers.bind(request, reply), clock())
  }

  switch (arrived.kind) {
    case 'known': {
      const { userId, email, identity } = arrived
      const shown = counts ? { amr: VOUCHED_AMR, acr: AAL2 } : { amr: FEDERATED_AMR, acr: AAL1 }
      const proof = { userId, email, ...shown, password: undefined, identity }
      upstream.remember(reply, providerId)
      if ((await gate.admit(request, reply, proof, onward)) === 'refused')
        return refuse(deps, step, 'disabled', 'disabled or left in this moment')
      return reply
    }
    case 'ask_address':
      return reply.redirect(`${paths.providerAddress}?arrival=${waiting()}`, 303)
    case 'prove_mailbox':
      if (person.email === undefined) throw new Error('there is no mailbox to prove')
      await sendMailboxCode(deps, step, person.email)
      return reply.redirect(`${paths.providerCode}?arrival=${waiting()}`, 303)
    case 'prove_account': {
      // Once the old way, whatever that is: the sign-in page knows them all, and second factors follow it.
      const next = `${paths.confirmConnection}?arrival=${waiting()}`
      return reply.redirect(withOnward(paths.login, { next }, { switch: '1' }), 303)
    }
    case 'leaving': {
      const until = addSeconds(clock(), KEEP_PROOF_TTL_SECONDS)
      const token = createKeepLinks(deps.ring).seal(arrived, until)
      return reply.redirect(keepAccountPath(token, onward.tx), 303)
    }
    case 'disabled':
      return refuse(deps, step, 'disabled', 'the account is suspended')
    case 'sign_up_closed':
      return refuse(deps, step, arrived.signUp, `sign_up is ${arrived.signUp}`)
  }
}
