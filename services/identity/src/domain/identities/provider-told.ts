import { type Clock, addSeconds } from '../../platform/clock.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import { endSessions } from '../sessions/end.ts'
import { createSpentStore } from '../spent/store.ts'
import { endTrust } from '../trusted-devices/end.ts'
import type { SecurityEvent } from '../upstream/security-event.ts'
import { createUserStore } from '../users/store.ts'
import { createIdentityStore } from './store.ts'

/** Longer than any provider tries to deliver. */
const REMEMBERED_SECONDS = 30 * 86_400

/**
 * Does what a provider's news of one of its people ask for: all sessions of that person end, with every grant made in
 * them, and no browser is trusted any more. Delivered more than once it is done once.
 */
export async function providerTold(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  issuer: string,
  { jti, subject, issuedAt, ends }: SecurityEvent,
  ip: string,
): Promise<'done' | 'known' | 'stale' | 'nobody'> {
  const now = clock()
  const farMs = Math.abs(now.getTime() - issuedAt.getTime())
  // These tokens have no `exp`. One that was held back, or stolen from a log, must not work again after we have
  // forgotten that it was used.
  if (farMs > REMEMBERED_SECONDS * 1000) return 'stale'
  return database.db.transaction(async (tx) => {
    const until = addSeconds(issuedAt > now ? issuedAt : now, REMEMBERED_SECONDS)
    if (!(await createSpentStore(tx).spend('security-event', `${issuer} ${jti}`, until)))
      return 'known'
    const identity = await createIdentityStore(tx).find(issuer, subject)
    if (identity === undefined) return 'nobody'
    const { userId, provider } = identity
    // A sign-in under way ends before this and loses its session here, or begins after it.
    await createUserStore(tx).lock(userId)
    const audit = createAuditStore(tx, clock)
    const detail = { provider, ends }
    await audit.record({ event: 'provider_told', userId, ip, detail })
    if (ends.length === 0) return 'done'
    // Sign-ins by this connection that still wait for the second factor name it by its old id: they have to start
    // again.
    await createIdentityStore(tx).rename(identity.id, uuidv7(now))
    const because = `${provider} reported a danger`
    await endSessions(tx, clock, { userId, ip, because })
    await endTrust(tx, clock, { userId, ip, because })
    return 'done'
  })
}
