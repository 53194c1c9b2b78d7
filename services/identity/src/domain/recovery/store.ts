import { type SQL, and, eq, isNull, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import type { StoredPassword } from '../credentials/password-hasher.ts'
import { passwords } from '../credentials/schema.ts'
import type { EmailAddress } from '../users/email.ts'
import { users } from '../users/schema.ts'

/** An account, as far as a new password is concerned. */
export interface RecoverableAccount {
  readonly userId: string
  readonly email: EmailAddress
  readonly emailVerified: boolean
  /** A password that is the person's name is too easy to guess. */
  readonly name: string
  readonly disabled: boolean
  /** None for a person who signs in by other means only. */
  readonly password: StoredPassword | undefined
}

export interface RecoveryStore {
  findByEmail(email: EmailAddress): Promise<RecoverableAccount | undefined>
  find(userId: string): Promise<RecoverableAccount | undefined>
  /**
   * Sets a password in the place of the one that the account was read with. However many try at once, one of them
   * finds it so; false for the others, and where the account was disabled or got another address meanwhile.
   */
  replacePassword(account: RecoverableAccount, to: StoredPassword, at: Date): Promise<boolean>
}

export function createRecoveryStore(db: Db | Tx): RecoveryStore {
  async function read(which: SQL): Promise<RecoverableAccount | undefined> {
    const [row] = await db
      .select({
        userId: users.id,
        email: users.email,
        emailVerified: users.emailVerified,
        claims: users.claims,
        disabledAt: users.disabledAt,
        hash: passwords.hash,
        peppered: passwords.peppered,
      })
      .from(users)
      .leftJoin(passwords, eq(passwords.userId, users.id))
      .where(which)
    if (row === undefined) return undefined
    const { userId, email, emailVerified, claims, disabledAt, hash, peppered } = row
    return {
      userId,
      // Only canonical addresses are ever saved.
      email: email as EmailAddress,
      emailVerified,
      name: claims.name ?? '',
      disabled: disabledAt !== null,
      password: hash === null || peppered === null ? undefined : { hash, peppered },
    }
  }

  return {
    findByEmail: async (email) => read(eq(users.email, email)),
    find: async (userId) => read(eq(users.id, userId)),
    async replacePassword({ userId, email, password }, { hash, peppered }, at) {
      const time = sql`${at.toISOString()}::timestamptz`
      const unchanged = and(eq(users.id, userId), eq(users.email, email), isNull(users.disabledAt))
      if (password === undefined) {
        const person = db
          .select({
            userId: users.id,
            hash: sql<string>`${hash}::text`.as('hash'),
            peppered: sql<boolean>`${peppered}::boolean`.as('peppered'),
            changedAt: sql<Date>`${time}`.as('changed_at'),
          })
          .from(users)
          .where(unchanged)
        const set = await db
          .insert(passwords)
          .select(person)
          .onConflictDoNothing()
          .returning({ userId: passwords.userId })
        return set.length > 0
      }
      const set = await db
        .update(passwords)
        .set({ hash, peppered, changedAt: at })
        .from(users)
        .where(and(eq(passwords.userId, users.id), eq(passwords.hash, password.hash), unchanged))
        .returning({ userId: passwords.userId })
      return set.length > 0
    },
  }
}
