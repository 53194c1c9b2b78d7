import { and, desc, eq, gt, inArray, lte } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import { trustedDevices } from './schema.ts'

export interface TrustedDevice {
  readonly id: string
  readonly userAgent: string | null
  readonly ip: string | null
  readonly createdAt: Date
  readonly lastUsedAt: Date
  readonly expiresAt: Date
}

export interface NewTrustedDevice {
  readonly id: string
  readonly userId: string
  readonly tokenHash: string
  readonly userAgent: string | undefined
  readonly ip: string
  readonly createdAt: Date
  readonly expiresAt: Date
}

export interface TrustedDeviceStore {
  /** Trusts a browser, in place of the same person's earlier trust in it. */
  add(device: NewTrustedDevice, replaces: readonly string[]): Promise<void>
  /** Notes the use of a browser that a person trusts, by the hashes it shows; false when there is no such trust. */
  use(userId: string, tokenHashes: readonly string[], now: Date): Promise<boolean>
  devicesOf(userId: string, now: Date): Promise<TrustedDevice[]>
  /** Ends the trust in one browser; false when it is not this person's. */
  end(userId: string, id: string): Promise<boolean>
  /** Ends the trust in all browsers of a person; tells how many there were. */
  endAllOf(userId: string): Promise<number>
  deleteExpired(now: Date): Promise<void>
}

export function createTrustedDeviceStore(db: Db | Tx): TrustedDeviceStore {
  const ofBrowser = (userId: string, tokenHashes: readonly string[]) =>
    and(eq(trustedDevices.userId, userId), inArray(trustedDevices.tokenHash, [...tokenHashes]))
  return {
    async add(device, replaces) {
      if (replaces.length > 0)
        await db.delete(trustedDevices).where(ofBrowser(device.userId, replaces))
      await db.insert(trustedDevices).values({ ...device, lastUsedAt: device.createdAt })
    },
    async use(userId, tokenHashes, now) {
      if (tokenHashes.length === 0) return false
      const used = await db
        .update(trustedDevices)
        .set({ lastUsedAt: now })
        .where(and(ofBrowser(userId, tokenHashes), gt(trustedDevices.expiresAt, now)))
        .returning({ id: trustedDevices.id })
      return used.length > 0
    },
    async devicesOf(userId, now) {
      const { id, userAgent, ip, createdAt, lastUsedAt, expiresAt } = trustedDevices
      return db
        .select({ id, userAgent, ip, createdAt, lastUsedAt, expiresAt })
        .from(trustedDevices)
        .where(and(eq(trustedDevices.userId, userId), gt(expiresAt, now)))
        .orderBy(desc(lastUsedAt), desc(id))
    },
    async end(userId, id) {
      const ended = await db
        .delete(trustedDevices)
        .where(and(eq(trustedDevices.userId, userId), eq(trustedDevices.id, id)))
        .returning({ id: trustedDevices.id })
      return ended.length > 0
    },
    async endAllOf(userId) {
      const ended = await db
        .delete(trustedDevices)
        .where(eq(trustedDevices.userId, userId))
        .returning({ id: trustedDevices.id })
      return ended.length
    },
    async deleteExpired(now) {
      await db.delete(trustedDevices).where(lte(trustedDevices.expiresAt, now))
    },
  }
}
