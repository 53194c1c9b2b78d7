import { and, asc, eq, lt } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import { users } from '../users/schema.ts'
import { passkeys } from './schema.ts'

/** A credential record (WebAuthn Level 3 §4). */
export interface Passkey {
  readonly id: string
  readonly userId: string
  readonly credentialId: string
  readonly publicKey: string
  readonly counter: number
  readonly transports: readonly string[]
  /** Whether it can be on several devices. */
  readonly backupEligible: boolean
  /** Whether it was kept somewhere else as well when it was last used. */
  readonly backedUp: boolean
  readonly aaguid: string
  readonly name: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
  /** Since when it signs nobody in by itself. */
  readonly suspendedAt: Date | null
}

export type NewPasskey = Omit<Passkey, 'lastUsedAt' | 'suspendedAt'>

/** A passkey with whose it is. */
export interface OwnedPasskey {
  readonly passkey: Passkey
  readonly owner: {
    readonly email: string
    readonly disabledAt: Date | null
    readonly leavesAt: Date | null
  }
}

export interface PasskeyStore {
  /** A person's passkeys, oldest first. */
  passkeysOf(userId: string): Promise<Passkey[]>
  findByCredential(credentialId: string): Promise<OwnedPasskey | undefined>
  /** False when this very credential is somebody's already. */
  add(passkey: NewPasskey): Promise<boolean>
  rename(userId: string, id: string, name: string): Promise<boolean>
  /** The removed one; undefined when it is not this person's. */
  remove(userId: string, id: string): Promise<Passkey | undefined>
  /**
   * Notes a use, and its counter. False when the counter did not rise though there is one: of a passkey and its clone,
   * whichever is behind is refused (WebAuthn Level 3 §7.2, signature counter). Zero is no counter.
   */
  use(id: string, counter: number, backedUp: boolean, now: Date): Promise<boolean>
}

export function createPasskeyStore(db: Db | Tx): PasskeyStore {
  const own = (userId: string, id: string) => and(eq(passkeys.userId, userId), eq(passkeys.id, id))
  return {
    async passkeysOf(userId) {
      return db
        .select()
        .from(passkeys)
        .where(eq(passkeys.userId, userId))
        .orderBy(asc(passkeys.createdAt), asc(passkeys.id))
    },
    async findByCredential(credentialId) {
      const { email, disabledAt, leavesAt } = users
      const [row] = await db
        .select({ passkey: passkeys, owner: { email, disabledAt, leavesAt } })
        .from(passkeys)
        .innerJoin(users, eq(users.id, passkeys.userId))
        .where(eq(passkeys.credentialId, credentialId))
      return row
    },
    async add({ transports, ...passkey }) {
      const added = await db
        .insert(passkeys)
        .values({ ...passkey, transports: [...transports] })
        .onConflictDoNothing({ target: passkeys.credentialId })
        .returning({ id: passkeys.id })
      return added.length > 0
    },
    async rename(userId, id, name) {
      const renamed = await db
        .update(passkeys)
        .set({ name })
        .where(own(userId, id))
        .returning({ id: passkeys.id })
      return renamed.length > 0
    },
    async remove(userId, id) {
      const [removed] = await db.delete(passkeys).where(own(userId, id)).returning()
      return removed
    },
    async use(id, counter, backedUp, now) {
      const rises = counter === 0 ? eq(passkeys.counter, 0) : lt(passkeys.counter, counter)
      const used = await db
        .update(passkeys)
        .set({ counter, backedUp, lastUsedAt: now })
        .where(and(eq(passkeys.id, id), rises))
        .returning({ id: passkeys.id })
      return used.length > 0
    },
  }
}
