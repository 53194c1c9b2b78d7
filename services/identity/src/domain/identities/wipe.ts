import type { Clock } from '../../platform/clock.ts'
import type { Tx } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import { createEmailChangeStore } from '../email-changes/store.ts'
import { createFactorStore } from '../factors/store.ts'
import { createRecoveryStore } from '../recovery/store.ts'
import { endSessions } from '../sessions/end.ts'
import { createTrustedDeviceStore } from '../trusted-devices/store.ts'
import { createIdentityStore } from './store.ts'

/**
 * Takes every way into an account away whose address nobody had proved. Somebody may have made it for its owner to
 * find, with a password, a session, a second factor, another identity or a change of address that they kept.
 */
export async function wipe(
  { clock }: { readonly clock: Clock },
  tx: Tx,
  userId: string,
  ip: string,
): Promise<void> {
  const audit = createAuditStore(tx, clock)
  await createRecoveryStore(tx).removePassword(userId)
  await createFactorStore(tx).removeAllOf(userId)
  await createTrustedDeviceStore(tx).endAllOf(userId)
  await createEmailChangeStore(tx).cancel(userId)
  const identities = await createIdentityStore(tx).removeAllOf(userId)
  await audit.record({ event: 'account_reclaimed', userId, ip, detail: { identities } })
  // With each session end the grants that were made in it, and their tokens.
  await endSessions(tx, clock, {
    userId,
    ip,
    because: 'account reclaimed by the owner of its address',
  })
}
