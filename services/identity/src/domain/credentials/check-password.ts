import { type EmailAddress, parseEmail } from '../users/email.ts'
import type { ThrottleStore } from '../throttles/store.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { type FailureLimits, type SignInBudget, budgetsFor } from './sign-in-budgets.ts'
import type { CredentialStore, PasswordAccount } from './store.ts'

export interface PasswordCheckDeps {
  readonly credentials: CredentialStore
  readonly throttles: ThrottleStore
  readonly hasher: PasswordHasher
}

export interface PasswordAttempt {
  readonly email: string
  readonly password: string
  /** Set on a device where this account has signed in before: its budget is its own. */
  readonly knownDevice: string | undefined
  /** The true peer, or its network. */
  readonly network: string
  readonly limits: FailureLimits
}

export type PasswordCheck =
  /** With the hash now in force: whoever acts on this proof makes sure that it still is. */
  | {
      readonly kind: 'right'
      readonly userId: string
      readonly email: EmailAddress
      /** Set when the account is to be deleted: nobody signs in to it, but it can be kept. */
      readonly leavesAt: Date | undefined
      readonly hash: string
      readonly rehashed: boolean
    }
  | { readonly kind: 'wrong'; readonly userId: string | undefined }
  | {
      readonly kind: 'throttled'
      readonly by: SignInBudget['by']
      readonly retryAfterSeconds: number
      readonly windowEndsAt: Date
    }
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number }

/** Longer than any address can be; what is typed beyond that is cut before it is stored. */
const MAX_ACCOUNT_CHARACTERS = 320
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
  const { knownDevice, network, limits } = attempt
  const who = email ?? attempt.email.slice(0, MAX_ACCOUNT_CHARACTERS)
  const budgets = budgetsFor({ account: who, knownDevice, network }, limits)
  const taken = await takeAll(throttles, budgets, now)
  if (taken !== undefined) return taken

  const account = email === undefined ? undefined : await credentials.findByEmail(email)
  const stored = account !== undefined && isOpen(account, now) ? account.password : undefined
  const verification = await hasher.verify(attempt.password, stored)
  if (verification.kind === 'busy') {
    await giveBack(throttles, budgets, now)
    return busy
  }
  const wrong = { kind: 'wrong', userId: account?.userId } as const
  if (verification.kind === 'wrong' || !email || !account || !stored) return wrong

  await forgiveSuccess(throttles, budgets, now)
  const { userId, leavesAt } = account
  const right = { kind: 'right', userId, email, leavesAt, hash: stored.hash } as const
  const better = verification.outdated ? await hasher.hash(attempt.password) : 'busy'
  if (better === 'busy') return { ...right, rehashed: false }
  if (await credentials.upgradePassword(account.userId, stored, better))
    return { ...right, hash: better.hash, rehashed: true }
  // Another sign-in has upgraded it first, or it is another password by now: the one in force decides.
  const latest = (await credentials.findByEmail(email))?.password
  const again = await hasher.verify(attempt.password, latest)
  if (again.kind !== 'right' || latest === undefined) return again.kind === 'busy' ? busy : wrong
  return { ...right, hash: latest.hash, rehashed: false }
}

/** Whether its password opens anything: an account whose last day is over is as good as gone. */
function isOpen({ disabled, leavesAt }: PasswordAccount, now: Date): boolean {
  return !disabled && (leavesAt === undefined || leavesAt > now)
}

/** Takes a try from each budget. When one has none left, the others get theirs back, since no check is made. */
async function takeAll(
  throttles: ThrottleStore,
  budgets: readonly SignInBudget[],
  now: Date,
): Promise<PasswordCheck | undefined> {
  for (const [index, { by, what, who, budget }] of budgets.entries()) {
    const take = await throttles.take(what, who, budget, now)
    if (take.kind === 'taken') continue
    await giveBack(throttles, budgets.slice(0, index), now)
    return { ...take, kind: 'throttled', by }
  }
  return undefined
}

async function giveBack(throttles: ThrottleStore, budgets: readonly SignInBudget[], takenAt: Date) {
  for (const { what, who, budget } of budgets) await throttles.giveBack(what, who, budget, takenAt)
}

/** A right password failed nobody; it even clears the account, though not the network, of earlier failures. */
async function forgiveSuccess(
  throttles: ThrottleStore,
  budgets: readonly SignInBudget[],
  now: Date,
) {
  for (const { by, what, who, budget } of budgets)
    if (by === 'network') await throttles.giveBack(what, who, budget, now)
    else await throttles.reset(what, who)
}
