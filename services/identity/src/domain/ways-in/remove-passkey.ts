import { isUuid } from '../../platform/crypto/uuid.ts'
import { createAuditStore } from '../audit/store.ts'
import type { PasskeyLetter } from '../factors/add-passkey.ts'
import { factorPolicy } from '../factors/policy.ts'
import { createFactorStore } from '../factors/store.ts'
import { createOutbox } from '../mail/store.ts'
import type { AcceptDeps } from '../passkeys/accept.ts'
import { createPasskeyStore } from '../passkeys/store.ts'
import type { Settings } from '../settings/settings.ts'
import { endTrust } from '../trusted-devices/end.ts'
import type { Provider } from '../upstream/provider.ts'
import { createUserStore } from '../users/store.ts'
import { isLastWayIn, waysInOf } from './ways-in.ts'

export interface RemovePasskeyDeps extends AcceptDeps {
  readonly settings: () => Settings
  readonly providers: readonly Pick<Provider, 'id'>[]
}

export type PasskeyRemoval =
  | 'removed'
  | 'not_found'
  /** There would be no way to sign in any more. */
  | 'last_way_in'
  /** The person must have a second factor, and has no other. */
  | 'required'

/** Removes a passkey, and with a person's last second factor what only goes with one. */
export async function removePasskey(
  { database, ring, settings, providers, clock }: RemovePasskeyDeps,
  userId: string,
  id: string,
  ip: string,
  letter: PasskeyLetter,
): Promise<PasskeyRemoval> {
  const now = clock()
  if (!isUuid(id)) return 'not_found'
  return database.db.transaction(async (tx): Promise<PasskeyRemoval> => {
    const user = await createUserStore(tx).lock(userId)
    const store = createPasskeyStore(tx)
    const mine = await store.passkeysOf(userId)
    if (user === undefined || !mine.some((passkey) => passkey.id === id)) return 'not_found'
    if (isLastWayIn(id, await waysInOf(tx, userId, providers))) return 'last_way_in'
    const factors = createFactorStore(tx)
    const { authenticators, passkeys } = await factors.factorsOf(userId)
    const isLastFactor = authenticators + passkeys === 1
    if (isLastFactor && factorPolicy(settings(), user.roles).required) return 'required'
    const removed = await store.remove(userId, id)
    if (removed === undefined) return 'not_found'
    // Recovery codes are the way back to a second factor that is no more.
    if (isLastFactor) await factors.removeCodesOf(userId)
    const { name } = removed
    const audit = createAuditStore(tx, clock)
    await audit.record({ event: 'passkey_removed', userId, ip, detail: { name } })
    await endTrust(tx, clock, { userId, ip, because: 'passkey removed' })
    const { email } = user
    await createOutbox(tx, ring, clock).queue(letter({ userId, id, email, at: now }))
    return 'removed'
  })
}
