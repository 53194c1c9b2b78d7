import { asc, eq } from 'drizzle-orm'
import type { JWK } from 'jose'
import type { Db, Tx } from '../../platform/db/database.ts'
import type { KeyTimes, RotationPlan } from './key-state.ts'
import { signingKeys } from './schema.ts'

export interface KeyRow extends KeyTimes {
  readonly alg: string
  readonly publicJwk: JWK
  readonly sealed: string
}

export interface KeyStore {
  all(): Promise<KeyRow[]>
  /** Adds a key and gives its predecessor the times of its end. */
  add(
    key: Pick<KeyRow, 'id' | 'alg' | 'publicJwk' | 'sealed'>,
    plan: RotationPlan,
    at: Date,
  ): Promise<void>
  revoke(id: string, at: Date): Promise<void>
  /** Makes a published key sign from now on. */
  promote(id: string, at: Date): Promise<void>
  /** Takes back the end of a key whose successor is gone. */
  reinstate(id: string): Promise<void>
  reseal(id: string, sealed: string): Promise<void>
}

/** Build it on a transaction where `add` or `revoke` must not be seen half done. */
export function createKeyStore(db: Db | Tx): KeyStore {
  return {
    async all() {
      return db.select().from(signingKeys).orderBy(asc(signingKeys.signsFrom))
    },
    async add(key, { signsFrom, retires, withdrawnAt }, at) {
      await db.insert(signingKeys).values({ ...key, publishedAt: at, signsFrom })
      if (retires !== undefined)
        await db
          .update(signingKeys)
          .set({ retiredAt: signsFrom, withdrawnAt })
          .where(eq(signingKeys.id, retires))
    },
    async revoke(id, at) {
      const set = { revokedAt: at, retiredAt: at, withdrawnAt: at }
      await db.update(signingKeys).set(set).where(eq(signingKeys.id, id))
    },
    async promote(id, at) {
      await db.update(signingKeys).set({ signsFrom: at }).where(eq(signingKeys.id, id))
    },
    async reinstate(id) {
      const set = { retiredAt: null, withdrawnAt: null }
      await db.update(signingKeys).set(set).where(eq(signingKeys.id, id))
    },
    async reseal(id, sealed) {
      await db.update(signingKeys).set({ sealed }).where(eq(signingKeys.id, id))
    },
  }
}
