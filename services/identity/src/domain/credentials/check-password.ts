import { parseEmail } from '../users/email.ts'
import type { ThrottleStore } from '../throttles/store.ts'
import type { PasswordHasher } from './password-hasher.ts'
import type { CredentialStore } from './store.ts'

export interface PasswordCheckDeps {
  readonly credentials: CredentialStore
  readonly throttles: ThrottleStore
  readonly hasher: PasswordHasher
}

export interface PasswordAttempt {
  readonly email: string
  readonly password: string
  readonly failuresPerHour: number
  /** Set on a device where this account has signed in before: its budget is its own. */
  readonly knownDevice: string | undefined
}

export type PasswordCheck =
  | { readonly kind: 'right'; readonly userId: string; readonly rehashed: boolean }
  | { readonly kind: 'wrong'; readonly userId: string | undefined }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number }

const WINDOW_SECONDS = 3600
const BUSY_RETRY_SECONDS = 5

/**
 * Decides a sign-in by password. An unknown account, one without a password and a disabled one take the same work,
 * the same budget and the same answer as a known one with a wrong password.
 */
export async function checkPassword(
  { credentials, throttles, hasher }: PasswordCheckDeps,
  attempt: PasswordAttempt,
  now: Date,
): Promise<PasswordCheck> {
  const busy = { kind: 'busy', retryAfterSeconds: BUSY_RETRY_SECONDS } as const
  // Before the budget: a try that is never made must not count.
  if (hasher.full) return busy
  const email = parseEmail(attempt.email)
  const { knownDevice } = attempt
  const what = knownDevice === undefined ? 'sign-in' : 'sign-in-known-device'
  const who = `${knownDevice ?? ''} ${email ?? attempt.email.slice(0, 320)}`
  const budget = { tries: attempt.failuresPerHour, windowSeconds: WINDOW_SECONDS }
  const take = await throttles.take(what, who, budget, now)
  if (take.kind === 'exhausted')
    return { kind: 'throttled', retryAfterSeconds: take.retryAfterSeconds }

  const account = email === undefined ? undefined : await credentials.findByEmail(email)
  const stored = account?.disabled === true ? undefined : account?.password
  const verification = await hasher.verify(attempt.password, stored)
  if (verification.kind === 'busy') return busy
  if (verification.kind === 'wrong' || account === undefined || stored === undefined)
    return { kind: 'wrong', userId: account?.userId }

  await throttles.reset(what, who)
  const rehashed = verification.outdated ? await hasher.hash(attempt.password) : 'busy'
  if (rehashed === 'busy') return { kind: 'right', userId: account.userId, rehashed: false }
  await credentials.upgradePassword(account.userId, stored, rehashed)
  return { kind: 'right', userId: account.userId, rehashed: true }
}
