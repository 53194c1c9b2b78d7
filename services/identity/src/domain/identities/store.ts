import { and, asc, eq } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import { identities } from './schema.ts'

export interface Identity {
  readonly id: string
  readonly userId: string
  readonly provider: string
  readonly issuer: string
  readonly subject: string
  readonly email: string | null
  readonly createdAt: Date
  readonly lastUsedAt: Date
}

export interface IdentityStore {
  find(issuer: string, subject: string): Promise<Identity | undefined>
  of(userId: string): Promise<Identity[]>
  /** Fails on the database's unique index when somebody has this identity already. */
  add(identity: Omit<Identity, 'lastUsedAt'>): Promise<void>
  used(id: string, email: string | null, at: Date): Promise<void>
  /** Removes one of a person's own; undefined when it is not there. */
  remove(userId: string, id: string): Promise<Identity | undefined>
  removeAllOf(userId: string): Promise<number>
}

export function createIdentityStore(db: Db | Tx): IdentityStore {
  return {
    async find(issuer, subject) {
      const [found] = await db
        .select()
        .from(identities)
        .where(and(eq(identities.issuer, issuer), eq(identities.subject, subject)))
      return found
    },
    async of(userId) {
      return db
        .select()
        .from(identities)
        .where(eq(identities.userId, userId))
        .orderBy(asc(identities.createdAt))
    },
    async add(identity) {
      await db.insert(identities).values({ ...identity, lastUsedAt: identity.createdAt })
    },
    async used(id, email, at) {
      await db.update(identities).set({ email, lastUsedAt: at }).where(eq(identities.id, id))
    },
    async remove(userId, id) {
      const [removed] = await db
        .delete(identities)
        .where(and(eq(identities.userId, userId), eq(identities.id, id)))
        .returning()
      return removed
    },
    async removeAllOf(userId) {
      const removed = await db
        .delete(identities)
        .where(eq(identities.userId, userId))
        .returning({ id: identities.id })
      return removed.length
    },
  }
}
