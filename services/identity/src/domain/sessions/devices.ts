import type { Clock } from '../../platform/clock.ts'
import { isUuid } from '../../platform/crypto/uuid.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import { endTrust } from '../trusted-devices/end.ts'
import { endSessions } from './end.ts'
import type { SignedInDevice } from './session.ts'
import { createSessionStore } from './store.ts'

export interface DevicesDeps {
  readonly database: Database
  readonly clock: Clock
}

export interface Device extends SignedInDevice {
  /** Whether it is the one that asks. */
  readonly current: boolean
}

/** Where a person is signed in now: the device that asks first, then the others, last seen first. */
export async function devicesOf(
  { database, clock }: DevicesDeps,
  userId: string,
  currentSessionId: string,
): Promise<Device[]> {
  const devices = await createSessionStore(database.db).devicesOf(userId, clock())
  return devices
    .map((device) => ({ ...device, current: device.id === currentSessionId }))
    .toSorted((a, b) => Number(b.current) - Number(a.current))
}

/**
 * Signs one device of the person out, and ends every grant made on it. One that was signed out before counts as done,
 * since people press twice; somebody else's is not found.
 */
export async function endDevice(
  { database, clock }: DevicesDeps,
  userId: string,
  sessionId: string,
  ip: string,
): Promise<'ended' | 'not_found'> {
  if (!isUuid(sessionId)) return 'not_found'
  return database.db.transaction(async (tx) => {
    const sessions = createSessionStore(tx)
    if (!(await sessions.endOwn(userId, sessionId, clock())))
      return (await sessions.isOf(userId, sessionId)) ? 'ended' : 'not_found'
    await createAuditStore(tx, clock).record({
      event: 'session_ended',
      userId,
      sessionId,
      ip,
      detail: { because: 'ended by its person' },
    })
    return 'ended'
  })
}

/** Signs every device of the person out but one; returns how many. */
export async function endOtherDevices(
  deps: DevicesDeps,
  userId: string,
  keepSessionId: string,
  ip: string,
): Promise<number> {
  return endMany(deps, userId, ip, 'other devices signed out', keepSessionId)
}

/** Signs the person out everywhere, here too; returns on how many devices. */
export async function endAllDevices(
  deps: DevicesDeps,
  userId: string,
  ip: string,
): Promise<number> {
  return endMany(deps, userId, ip, 'signed out everywhere')
}

async function endMany(
  { database, clock }: DevicesDeps,
  userId: string,
  ip: string,
  because: string,
  except?: string,
): Promise<number> {
  return database.db.transaction(async (tx) => {
    const ended = await endSessions(tx, clock, { userId, ip, because, except })
    // Signed out, and still spared the second factor, would be half of it.
    await endTrust(tx, clock, { userId, ip, because })
    return ended.length
  })
}
