import type { Clock } from '../../platform/clock.ts'
import { isUuid } from '../../platform/crypto/uuid.ts'
import type { Database, Tx } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import { createTrustedDeviceStore } from './store.ts'

export interface EndOfTrust {
  readonly userId: string
  readonly ip: string | undefined
  /** What it goes with: an operator reads it in the records. */
  readonly because: string
}

/** Ends the trust in all browsers of a person, in the transaction of what makes them strangers again. */
export async function endTrust(
  tx: Tx,
  clock: Clock,
  { userId, ip, because }: EndOfTrust,
): Promise<number> {
  const devices = await createTrustedDeviceStore(tx).endAllOf(userId)
  if (devices > 0)
    await createAuditStore(tx, clock).record({
      event: 'device_trust_ended',
      userId,
      ip,
      detail: { because, devices },
    })
  return devices
}

export interface TrustDeps {
  readonly database: Database
  readonly clock: Clock
}

/** Ends the trust in one browser, as its person asks; somebody else's is not found. */
export async function endTrustedDevice(
  { database, clock }: TrustDeps,
  userId: string,
  id: string,
  ip: string,
): Promise<'ended' | 'not_found'> {
  if (!isUuid(id)) return 'not_found'
  return database.db.transaction(async (tx) => {
    if (!(await createTrustedDeviceStore(tx).end(userId, id))) return 'not_found'
    const detail = { because: 'ended by its person', devices: 1 }
    const audit = createAuditStore(tx, clock)
    await audit.record({ event: 'device_trust_ended', userId, ip, detail })
    return 'ended'
  })
}

/** Ends the trust in all browsers of a person, as that person asks. */
export async function endAllTrustedDevices(
  { database, clock }: TrustDeps,
  userId: string,
  ip: string,
): Promise<void> {
  await database.db.transaction(async (tx) => {
    await endTrust(tx, clock, { userId, ip, because: 'ended by its person' })
  })
}
