import type { FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import type { ActivateDeps } from '../../domain/factors/activate.ts'
import type { RemoveDeps } from '../../domain/factors/remove.ts'
import type { Authenticator, FactorStore } from '../../domain/factors/store.ts'
import { single } from '../../domain/oauth/parameters.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { SignedIn } from '../../domain/sessions/session.ts'
import type { AccountDoor } from '../../http/account-door.ts'
import { sendAccountPage } from '../../http/account-page.tsx'
import type { Browsers } from '../../http/session/browser.ts'
import type { EnrolmentDeps } from '../../http/enrolment/enrolments.ts'
import { PageError } from '../../http/errors/page-error.ts'
import type { SignInGate } from '../../http/sign-in/gate.ts'
import { pageQuery } from '../../http/query.ts'

export interface TwoStepDeps extends ActivateDeps, RemoveDeps, EnrolmentDeps {
  readonly issuer: string
  readonly door: AccountDoor
  readonly browsers: Browsers
  readonly gate: SignInGate
  readonly notMe: NotMeLinks
  readonly factors: FactorStore
  readonly ratePerMinute: () => number
}

export interface TwoStepPage {
  readonly title: string
  readonly body: VNode
  readonly error?: boolean
}

/** Sends a page of this room. */
export function sendRoom(
  { browsers }: Pick<TwoStepDeps, 'browsers'>,
  request: FastifyRequest,
  reply: FastifyReply,
  signedIn: SignedIn,
  page: TwoStepPage,
): FastifyReply {
  const csrf = browsers.csrfToken(request, reply)
  return sendAccountPage(reply, { section: 'twoStep', signedIn, csrf, ...page })
}

/** The authenticator that a parameter of the address names. Throws a PageError when it is not this person's. */
export async function namedAuthenticator(
  factors: FactorStore,
  request: FastifyRequest,
  userId: string,
  parameter: string,
): Promise<Authenticator> {
  const id = single(pageQuery(request), parameter)
  const found = (await factors.authenticatorsOf(userId)).find((one) => one.id === id)
  if (found === undefined) throw notTheirs()
  return found
}

export function notTheirs(): PageError {
  return new PageError('not_found', { status: 404, hint: 'authenticator is not the person’s' })
}
