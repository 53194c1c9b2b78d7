import { and, eq, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import type { EmailAddress } from '../users/email.ts'
import { users } from '../users/schema.ts'
import type { StoredPassword } from './password-hasher.ts'
import { passwords, peppers } from './schema.ts'

export interface PasswordAccount {
  readonly userId: string
  readonly disabled: boolean
  /** When it is to be deleted, if its person asked for that. */
  readonly leavesAt: Date | undefined
  readonly password: StoredPassword | undefined
}

export interface CredentialStore {
  findByEmail(email: EmailAddress): Promise<PasswordAccount | undefined>
  setPassword(userId: string, password: StoredPassword, at: Date): Promise<void>
  /** Replaces a hash by a better one of the same password; false when it was changed meanwhile. */
  upgradePassword(userId: string, from: StoredPassword, to: StoredPassword): Promise<boolean>
  hasPassword(userId: string): Promise<boolean>
  /** When the person's password was set; undefined without one. */
  passwordChangedAt(userId: string): Promise<Date | undefined>
  /** The same; nobody else changes the password before the transaction ends. */
  lockPassword(userId: string): Promise<Date | undefined>
  removePassword(userId: string): Promise<void>
  /** The sealed pepper of that name; `fresh` becomes it when there is none yet. */
  pepper(id: string, fresh: string, at: Date): Promise<string>
}

export function createCredentialStore(db: Db | Tx): CredentialStore {
  const byEmail = db
    .select({
      userId: users.id,
      disabledAt: users.disabledAt,
      leavesAt: users.leavesAt,
      hash: passwords.hash,
      peppered: passwords.peppered,
    })
    .from(users)
    .leftJoin(passwords, eq(passwords.userId, users.id))
    .where(eq(users.email, sql.placeholder('email')))
    .prepare('password_by_email')
  const changedAt = (userId: string) =>
    db
      .select({ changedAt: passwords.changedAt })
      .from(passwords)
      .where(eq(passwords.userId, userId))

  return {
    async findByEmail(email) {
      const [row] = await byEmail.execute({ email })
      if (row === undefined) return undefined
      const { userId, disabledAt, hash, peppered } = row
      const leavesAt = row.leavesAt ?? undefined
      const password = hash === null || peppered === null ? undefined : { hash, peppered }
      return { userId, disabled: disabledAt !== null, leavesAt, password }
    },
    async setPassword(userId, { hash, peppered }, at) {
      await db
        .insert(passwords)
        .values({ userId, hash, peppered, changedAt: at })
        .onConflictDoUpdate({ target: passwords.userId, set: { hash, peppered, changedAt: at } })
    },
    async upgradePassword(userId, from, to) {
      const upgraded = await db
        .update(passwords)
        .set({ hash: to.hash, peppered: to.peppered })
        .where(and(eq(passwords.userId, userId), eq(passwords.hash, from.hash)))
        .returning({ userId: passwords.userId })
      return upgraded.length > 0
    },
    async hasPassword(userId) {
      const rows = await db
        .select({ userId: passwords.userId })
        .from(passwords)
        .where(eq(passwords.userId, userId))
      return rows.length > 0
    },
    async passwordChangedAt(userId) {
      const [row] = await changedAt(userId)
      return row?.changedAt
    },
    async lockPassword(userId) {
      const [row] = await changedAt(userId).for('update')
      return row?.changedAt
    },
    async removePassword(userId) {
      await db.delete(passwords).where(eq(passwords.userId, userId))
    },
    async pepper(id, fresh, at) {
      await db.insert(peppers).values({ id, sealed: fresh, createdAt: at }).onConflictDoNothing()
      const [row] = await db.select().from(peppers).where(eq(peppers.id, id))
      return row?.sealed ?? fresh
    },
  }
}
