import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AuditStore } from '../../domain/audit/store.ts'
import { type ArriveDeps, arrive } from '../../domain/identities/arrive.ts'
import { KEEP_PROOF_TTL_SECONDS, createKeepLinks } from '../../domain/leaving/link.ts'
import { askCode } from '../../domain/mail-codes/ask.ts'
import { mailSender } from '../../domain/mail-codes/sender.ts'
import type { CodePlace } from '../../domain/mail-codes/store.ts'
import { AAL1, FEDERATED_AMR } from '../../domain/sessions/session.ts'
import type { UpstreamPerson } from '../../domain/upstream/person.ts'
import type { Browsers } from '../../http/browser.ts'
import { languageOf } from '../../http/language.ts'
import { upstreamLetters } from '../../http/mails/upstream.ts'
import { type Onward, keepAccountPath, paths, providerPath, withOnward } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import type { SignInGate } from '../../http/sign-in-gate.ts'
import type { Upstream } from '../../http/upstream.ts'
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
}

/** One request of somebody whom a provider has named, or has not. */
export interface Step {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly providerId: string
  readonly onward: Onward
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

/** Says why it went no further, on a page with a way on; the reason goes to the log and the record. */
export async function sendProblem(
  { audit, upstream }: Pick<SettleDeps, 'audit' | 'upstream'>,
  { request, reply, providerId, onward }: Step,
  problem: UpstreamProblem,
  reason: string,
): Promise<FastifyReply> {
  request.log.warn({ provider: providerId, problem, reason }, 'a provider signed nobody in')
  const detail = { provider: providerId, problem, reason: reason.slice(0, 300) }
  await audit.record({ event: 'identity_refused', ip: request.ip, detail })
  const { words } = languageOf(request)
  const props = {
    words,
    problem,
    provider: nameOf(upstream, providerId),
    retryHref: HOPELESS.has(problem) ? undefined : providerPath(providerId, onward),
    signInHref: withOnward(paths.login, onward),
  }
  const title = problemTitle(props)
  const body = problemView(props)
  return sendPage(reply.status(STATUS[problem]), { title, body, error: problem !== 'cancelled' })
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
  const letters = upstreamLetters(languageOf(request), issuer)
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
  if (provider === undefined) return sendProblem(deps, step, 'expired', 'no such provider any more')
  const letter = upstreamLetters(languageOf(request), issuer).linked(provider.name)
  const coming = { person, proved, link: provider.link, ip: request.ip }
  const arrived = await arrive(deps, coming, letter)
  const waiting = () =>
    upstream.seals.sealArrival({ person, proved, onward }, browsers.bind(request, reply), clock())

  switch (arrived.kind) {
    case 'known': {
      const { userId, email } = arrived
      const proof = { userId, email, amr: FEDERATED_AMR, acr: AAL1, password: undefined }
      upstream.remember(reply, providerId)
      if ((await gate.admit(request, reply, proof, onward)) === 'refused')
        return sendProblem(deps, step, 'disabled', 'disabled or left in this moment')
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
      return sendProblem(deps, step, 'disabled', 'the account is suspended')
    case 'sign_up_closed':
      return sendProblem(deps, step, arrived.signUp, `sign_up is ${arrived.signUp}`)
  }
}
