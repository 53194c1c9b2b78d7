import { and, asc, count, eq, gte, isNull, lt, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import { passkeys } from '../passkeys/schema.ts'
import { authenticators, recoveryCodes } from './schema.ts'

export interface Authenticator {
  readonly id: string
  readonly name: string
  readonly sealed: string
  readonly lastStep: number
  readonly createdAt: Date
  readonly lastUsedAt: Date
}

/** What a person could show beside the first proof. */
export interface Factors {
  readonly authenticators: number
  readonly passkeys: number
  readonly recoveryCodes: number
}

export interface FactorStore {
  factorsOf(userId: string): Promise<Factors>
  authenticatorsOf(userId: string): Promise<Authenticator[]>
  /** Adds an authenticator after its first right code. False when this very one was added before. */
  addAuthenticator(userId: string, added: Omit<Authenticator, 'lastUsedAt'>): Promise<boolean>
  rename(userId: string, id: string, name: string): Promise<boolean>
  remove(userId: string, id: string): Promise<boolean>
  removeAllOf(userId: string): Promise<void>
  /** Whether a passkey of this person signs in by itself. */
  hasTrustedPasskey(userId: string, id: string): Promise<boolean>
  /**
   * Lets passkeys added at or after a moment sign nobody in by themselves any more; they stay second factors, since
   * no mail may take one away. Tells how many there were.
   */
  suspendPasskeysSince(userId: string, since: Date, now: Date): Promise<number>
  /** Removes authenticators and recovery codes, but not the passkeys. */
  removeCodesOf(userId: string): Promise<void>
  /** Uses a time step up: of however many tries with one code, one is told that it was the first (RFC 6238 §5.2). */
  acceptStep(userId: string, id: string, step: number, now: Date): Promise<boolean>
  /** Puts a new set of recovery codes in the place of the old. */
  replaceRecoveryCodes(userId: string, macs: readonly string[], now: Date): Promise<void>
  unusedRecoveryCodes(userId: string): Promise<string[]>
  /** Uses a recovery code up; false when it was used before. */
  useRecoveryCode(userId: string, mac: string, now: Date): Promise<boolean>
}

export function createFactorStore(db: Db | Tx): FactorStore {
  const own = (userId: string, id: string) =>
    and(eq(authenticators.userId, userId), eq(authenticators.id, id))
  return {
    async factorsOf(userId) {
      const [row] = await db
        .select({
          authenticators: count(),
          passkeys: sql<number>`(select count(*)::int from ${passkeys} where ${passkeys.userId} = ${userId})`,
          recoveryCodes: sql<number>`(select count(*)::int from ${recoveryCodes} where ${recoveryCodes.userId} = ${userId} and ${recoveryCodes.usedAt} is null)`,
        })
        .from(authenticators)
        .where(eq(authenticators.userId, userId))
      return row ?? { authenticators: 0, passkeys: 0, recoveryCodes: 0 }
    },
    async authenticatorsOf(userId) {
      const { id, name, sealed, lastStep, createdAt, lastUsedAt } = authenticators
      return db
        .select({ id, name, sealed, lastStep, createdAt, lastUsedAt })
        .from(authenticators)
        .where(eq(authenticators.userId, userId))
        .orderBy(asc(createdAt))
    },
    async addAuthenticator(userId, added) {
      const rows = await db
        .insert(authenticators)
        .values({ ...added, userId, lastUsedAt: added.createdAt })
        .onConflictDoNothing()
        .returning({ id: authenticators.id })
      return rows.length > 0
    },
    async rename(userId, id, name) {
      const rows = await db
        .update(authenticators)
        .set({ name })
        .where(own(userId, id))
        .returning({ id: authenticators.id })
      return rows.length > 0
    },
    async remove(userId, id) {
      const rows = await db
        .delete(authenticators)
        .where(own(userId, id))
        .returning({ id: authenticators.id })
      return rows.length > 0
    },
    async hasTrustedPasskey(userId, id) {
      const rows = await db
        .select({ id: passkeys.id })
        .from(passkeys)
        .where(and(eq(passkeys.userId, userId), eq(passkeys.id, id), isNull(passkeys.suspendedAt)))
      return rows.length > 0
    },
    async suspendPasskeysSince(userId, since, now) {
      const rows = await db
        .update(passkeys)
        .set({ suspendedAt: now })
        .where(
          and(
            eq(passkeys.userId, userId),
            gte(passkeys.createdAt, since),
            isNull(passkeys.suspendedAt),
          ),
        )
        .returning({ id: passkeys.id })
      return rows.length
    },
    async removeCodesOf(userId) {
      await db.delete(authenticators).where(eq(authenticators.userId, userId))
      await db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId))
    },
    async removeAllOf(userId) {
      await db.delete(authenticators).where(eq(authenticators.userId, userId))
      await db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId))
      await db.delete(passkeys).where(eq(passkeys.userId, userId))
    },
    async acceptStep(userId, id, step, now) {
      const rows = await db
        .update(authenticators)
        .set({ lastStep: step, lastUsedAt: now })
        .where(and(own(userId, id), lt(authenticators.lastStep, step)))
        .returning({ id: authenticators.id })
      return rows.length > 0
    },
    async replaceRecoveryCodes(userId, macs, now) {
      await db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId))
      await db.insert(recoveryCodes).values(macs.map((mac) => ({ userId, mac, createdAt: now })))
    },
    async unusedRecoveryCodes(userId) {
      const rows = await db
        .select({ mac: recoveryCodes.mac })
        .from(recoveryCodes)
        .where(and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)))
      return rows.map(({ mac }) => mac)
    },
    async useRecoveryCode(userId, mac, now) {
      const rows = await db
        .update(recoveryCodes)
        .set({ usedAt: now })
        .where(
          and(
            eq(recoveryCodes.userId, userId),
            eq(recoveryCodes.mac, mac),
            isNull(recoveryCodes.usedAt),
          ),
        )
        .returning({ mac: recoveryCodes.mac })
      return rows.length > 0
    },
  }
}
