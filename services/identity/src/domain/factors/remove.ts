import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { isUuid } from '../../platform/crypto/uuid.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import type { Settings } from '../settings/settings.ts'
import { endTrust } from '../trusted-devices/end.ts'
import { createUserStore } from '../users/store.ts'
import { factorPolicy } from './policy.ts'
import { createFactorStore } from './store.ts'

export interface RemoveDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly settings: () => Settings
  readonly clock: Clock
}

export interface Removal {
  readonly userId: string
  readonly id: string
  readonly sessionId: string
  readonly ip: string
}

export type RemovalOutcome =
  | { readonly kind: 'removed'; readonly wasLast: boolean }
  | { readonly kind: 'not_found' }
  /** The policy asks for a second factor, and this is the only one. */
  | { readonly kind: 'required' }

/** Removes an authenticator with all that goes with it. The caller has seen to it that the sign-in is fresh and strong. */
export async function removeAuthenticator(
  { database, ring, settings, clock }: RemoveDeps,
  { userId, id, sessionId, ip }: Removal,
  notice: (email: string, at: Date, wasLast: boolean) => LetterContent,
): Promise<RemovalOutcome> {
  if (!isUuid(id)) return { kind: 'not_found' }
  return database.db.transaction(async (tx): Promise<RemovalOutcome> => {
    // Locked, so that of two that are removed at once the second one sees that it is the last.
    const person = await createUserStore(tx).lock(userId)
    const store = createFactorStore(tx)
    const found = (await store.authenticatorsOf(userId)).find((one) => one.id === id)
    if (person === undefined || found === undefined) return { kind: 'not_found' }
    const { authenticators, passkeys } = await store.factorsOf(userId)
    const wasLast = authenticators + passkeys === 1
    if (wasLast && factorPolicy(settings(), person.roles).required) return { kind: 'required' }
    await store.remove(userId, id)
    // Recovery codes lead back to a second factor, and are none by themselves.
    if (wasLast) await store.removeCodesOf(userId)
    const audit = createAuditStore(tx, clock)
    const detail = { name: found.name }
    await audit.record({ event: 'authenticator_removed', userId, sessionId, ip, detail })
    await endTrust(tx, clock, { userId, ip, because: 'authenticator removed' })
    await createOutbox(tx, ring, clock).queue(notice(person.email, clock(), wasLast))
    return { kind: 'removed', wasLast }
  })
}
