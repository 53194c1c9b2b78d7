import type { Clock } from '../../platform/clock.ts'
import type { Tx } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import { createConsentStore } from '../consents/store.ts'
import { createCredentialStore } from '../credentials/store.ts'
import { createEmailChangeStore } from '../email-changes/store.ts'
import { createFactorStore } from '../factors/store.ts'
import { endSessions } from '../sessions/end.ts'
import { createTrustedDeviceStore } from '../trusted-devices/store.ts'
import { createIdentityStore } from './store.ts'

/**
 * Takes every way into an account away whose address nobody had proved. Somebody may have made it for its owner to
 * find, with a password, a session, a second factor, another identity or a change of address that they kept.
 */
export async function wipe(deps: WipeDeps, tx: Tx, userId: string, ip: string): Promise<void> {
  await createCredentialStore(tx).removePassword(userId)
  await wipeBesidePassword(deps, tx, userId, ip)
}

/** The same, for an owner who has set another password in this transaction. */
export async function wipeBesidePassword(
  { clock }: WipeDeps,
  tx: Tx,
  userId: string,
  ip: string,
): Promise<void> {
  const audit = createAuditStore(tx, clock)
  await createFactorStore(tx).removeAllOf(userId)
  await createTrustedDeviceStore(tx).endAllOf(userId)
  await createEmailChangeStore(tx).cancel(userId)
  const identities = await createIdentityStore(tx).removeAllOf(userId)
  // What somebody else has allowed would be handed out in the owner's name.
  await createConsentStore(tx).removeAllOf(userId)
  await audit.record({ event: 'account_reclaimed', userId, ip, detail: { identities } })
  // With each session end the grants that were made in it, and their tokens.
  await endSessions(tx, clock, {
    userId,
    ip,
    because: 'account reclaimed by the owner of its address',
  })
}

interface WipeDeps {
  readonly clock: Clock
}
