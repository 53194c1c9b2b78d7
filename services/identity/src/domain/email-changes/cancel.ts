import { createAuditStore } from '../audit/store.ts'
import type { EmailChangeDeps } from './ask.ts'
import { createEmailChangeStore } from './store.ts'

/** Gives a change of address up before it is proved; false when none waits. */
export async function cancelEmailChange(
  { database, clock }: Pick<EmailChangeDeps, 'database' | 'clock'>,
  userId: string,
  ip: string,
): Promise<boolean> {
  return database.db.transaction(async (tx) => {
    const change = await createEmailChangeStore(tx).cancel(userId)
    if (change === undefined) return false
    const detail = { change }
    await createAuditStore(tx, clock).record({
      event: 'email_change_cancelled',
      userId,
      ip,
      detail,
    })
    return true
  })
}
