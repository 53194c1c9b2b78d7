import type { Clock } from '../../platform/clock.ts'
import type { Tx } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import { createSessionStore } from './store.ts'

export interface EndOfSessions {
  readonly userId: string
  readonly ip: string | undefined
  /** What it goes with: an operator reads it in the records. */
  readonly because: string
  /** The session that goes on. */
  readonly except?: string | undefined
}

/**
 * Signs a person out on all devices, or on all but one, and with that ends every grant made on them; each with its
 * record, in the transaction of what they end for. Returns the ids of the sessions.
 */
export async function endSessions(
  tx: Tx,
  clock: Clock,
  { userId, ip, because, except }: EndOfSessions,
): Promise<readonly string[]> {
  const ended = await createSessionStore(tx).endAllOf(userId, clock(), except)
  const audit = createAuditStore(tx, clock)
  for (const sessionId of ended)
    await audit.record({ event: 'session_ended', userId, sessionId, ip, detail: { because } })
  return ended
}
