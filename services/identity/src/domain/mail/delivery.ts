import { type Clock, addSeconds } from '../../platform/clock.ts'
import type { Mailer } from '../../platform/mail/mailer.ts'
import type { Outbox, QueuedLetter } from './store.ts'

export interface DeliveryDeps {
  readonly outbox: Outbox
  readonly mailer: Mailer
  readonly clock: Clock
  /** Domain of message ids. */
  readonly host: string
  readonly onFault: (error: unknown, letterId: string) => void
}

/** Seconds until the next try: ten at first, doubled each time, an hour at most. */
export function backOffSeconds(attempts: number): number {
  return Math.min(3600, 10 * 2 ** Math.max(0, attempts - 1))
}

/** Sends what is due until nothing is. Any number of processes may run it: each letter is one worker's at a time. */
export async function deliver(deps: DeliveryDeps): Promise<void> {
  for (;;) {
    // One at a time: a lease on many would run out while a slow server takes the first.
    const claim = await deps.outbox.claim()
    if (claim === undefined) return
    if ('letter' in claim) await attempt(deps, claim.letter)
    else
      await deps.outbox.failed(
        claim.unreadable,
        'its key left the ring',
        addSeconds(deps.clock(), 3600),
      )
  }
}

/** By its code only: servers repeat addresses and links in what they say, and those are sealed here. */
function faultCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const code =
    'responseCode' in error ? error.responseCode : 'code' in error ? error.code : undefined
  return typeof code === 'string' || typeof code === 'number'
    ? String(code).slice(0, 40)
    : error.name
}

async function attempt(
  { outbox, mailer, clock, host, onFault }: DeliveryDeps,
  { id, attempts, to, subject, text, html }: QueuedLetter,
): Promise<void> {
  try {
    await mailer({ to, subject, text, html, messageId: `<${id}@${host}>` })
  } catch (error) {
    onFault(error, id)
    await outbox.failed(id, faultCode(error), addSeconds(clock(), backOffSeconds(attempts)))
    return
  }
  await outbox.sent(id)
}
