import type { Take, ThrottleStore } from '../throttles/store.ts'

/** Where registrations come from, as far as their mails are concerned. */
export interface Sender {
  /** The true peer, or its network. */
  readonly network: string
  readonly mailsPerHour: number
}

/**
 * Takes one mail from what a network may cause. Each mailbox has a budget of its own; this is for whoever writes to many
 * mailboxes, once each. Counted before anything is looked up, so that it says nothing of any account.
 */
export async function takeMail(
  throttles: ThrottleStore,
  { network, mailsPerHour }: Sender,
  now: Date,
): Promise<Take> {
  const budget = { tries: mailsPerHour, windowSeconds: 3600 }
  return throttles.take('registration-network', network, budget, now)
}
