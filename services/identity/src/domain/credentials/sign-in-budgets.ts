import type { Budget, ThrottleStore } from '../throttles/store.ts'
import type { EmailAddress } from '../users/email.ts'

/** A budget of wrong passwords: by what it counts, for whom, and how many an hour. */
export interface SignInBudget {
  readonly by: 'account' | 'device' | 'network'
  readonly what: string
  readonly who: string
  readonly budget: Budget
}

/** Where a sign-in comes from, as far as budgets are concerned. */
export interface Origin {
  /** The address as typed where it is not a valid one: its tries are counted all the same. */
  readonly account: string
  /** Set on a device where this account has signed in before. */
  readonly knownDevice: string | undefined
  /** The true peer, or its network. */
  readonly network: string
}

export interface FailureLimits {
  readonly perAccount: number
  readonly perNetwork: number
}

const WINDOW_SECONDS = 3600

/**
 * The budgets that a try is taken from, all of them before it is made. A device that the account knows has one of its
 * own and needs no other: neither strangers nor neighbours keep out who has been in (docs/decisions/0012).
 */
export function budgetsFor(
  { account, knownDevice, network }: Origin,
  { perAccount, perNetwork }: FailureLimits,
): readonly SignInBudget[] {
  if (knownDevice !== undefined) return [deviceBudget(knownDevice, account, perAccount)]
  // The network's first: whoever has used it up must not use up an account's as well.
  return [networkBudget(network, perNetwork), accountBudget(account, perAccount)]
}

/** Gives an account its tries back, for strangers and on one device: its password is proved, or another one now. */
export async function forgiveFailures(
  throttles: ThrottleStore,
  account: EmailAddress,
  knownDevice: string | undefined,
): Promise<void> {
  const { what, who } = accountBudget(account, 0)
  await throttles.reset(what, who)
  if (knownDevice === undefined) return
  const own = deviceBudget(knownDevice, account, 0)
  await throttles.reset(own.what, own.who)
}

const hourly = (tries: number): Budget => ({ tries, windowSeconds: WINDOW_SECONDS })

function accountBudget(account: string, tries: number): SignInBudget {
  return { by: 'account', what: 'sign-in', who: account, budget: hourly(tries) }
}

function deviceBudget(device: string, account: string, tries: number): SignInBudget {
  const who = `${device} ${account}`
  return { by: 'device', what: 'sign-in-known-device', who, budget: hourly(tries) }
}

function networkBudget(network: string, tries: number): SignInBudget {
  return { by: 'network', what: 'sign-in-network', who: network, budget: hourly(tries) }
}
