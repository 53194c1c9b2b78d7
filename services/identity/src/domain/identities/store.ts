import { and, asc, eq, gte } from 'drizzle-orm'
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
  /** Whether a connection is this person's still. */
  isOf(userId: string, id: string): Promise<boolean>
  used(id: string, email: string | null, at: Date): Promise<void>
  /** Gives a connection another id: what names it by the old one is worth nothing from now on. */
  rename(id: string, to: string): Promise<void>
  /** Removes one of a person's own; undefined when it is not there. */
  remove(userId: string, id: string): Promise<Identity | undefined>
  removeAllOf(userId: string): Promise<number>
  /** Removes those that a person has got since a moment, and tells which. */
  removeSince(userId: string, since: Date): Promise<Identity[]>
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
    async isOf(userId, id) {
      const own = and(eq(identities.userId, userId), eq(identities.id, id))
      return (await db.select({ id: identities.id }).from(identities).where(own)).length > 0
    },
    async used(id, email, at) {
      await db.update(identities).set({ email, lastUsedAt: at }).where(eq(identities.id, id))
    },
    async rename(id, to) {
      await db.update(identities).set({ id: to }).where(eq(identities.id, id))
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
    async removeSince(userId, since) {
      const young = and(eq(identities.userId, userId), gte(identities.createdAt, since))
      return db.delete(identities).where(young).returning()
    },
  }
}
