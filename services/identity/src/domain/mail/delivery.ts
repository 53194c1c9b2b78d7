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

const BATCH = 10

/** Seconds until the next try: ten at first, doubled each time, an hour at most. */
export function backOffSeconds(attempts: number): number {
  return Math.min(3600, 10 * 2 ** Math.max(0, attempts - 1))
}

/** Sends what is due until nothing is. Any number of processes may run it: each letter is one worker's at a time. */
export async function deliver(deps: DeliveryDeps): Promise<void> {
  for (;;) {
    const letters = await deps.outbox.claim(BATCH)
    for (const letter of letters) await attempt(deps, letter)
    if (letters.length < BATCH) return
  }
}

async function attempt(
  { outbox, mailer, clock, host, onFault }: DeliveryDeps,
  { id, attempts, to, subject, text, html }: QueuedLetter,
): Promise<void> {
  try {
    await mailer({ to, subject, text, html, messageId: `<${id}@${host}>` })
  } catch (error) {
    onFault(error, id)
    const fault = error instanceof Error ? error.message.slice(0, 500) : 'unknown'
    await outbox.failed(id, fault, addSeconds(clock(), backOffSeconds(attempts)))
    return
  }
  await outbox.sent(id)
}
