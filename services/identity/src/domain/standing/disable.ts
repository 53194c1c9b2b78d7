import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import { endSessions } from '../sessions/end.ts'
import { endTrust } from '../trusted-devices/end.ts'
import type { EmailAddress } from '../users/email.ts'
import { createUserStore } from '../users/store.ts'

/** Shuts a person out, or lets them in again; false when nobody has the address. */
export async function setDisabled(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  { email, disabled }: { readonly email: EmailAddress; readonly disabled: boolean },
): Promise<boolean> {
  return database.db.transaction(async (tx) => {
    const users = createUserStore(tx)
    const found = await users.findByEmail(email)
    if (found === undefined) return false
    const [userId, now] = [found.id, clock()]
    await users.update(userId, { disabledAt: disabled ? now : null }, now)
    const event = disabled ? 'user_disabled' : 'user_enabled'
    await createAuditStore(tx, clock).record({ event, userId })
    if (!disabled) return true
    // Enabled again, the person signs in again, with everything: nothing of before comes back to life.
    const end = { userId, ip: undefined, because: 'disabled' }
    await endSessions(tx, clock, end)
    await endTrust(tx, clock, end)
    return true
  })
}
