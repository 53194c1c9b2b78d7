import { asc, eq } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import type { ProfileClaims } from './claims.ts'
import type { EmailAddress } from './email.ts'
import { users } from './schema.ts'

export interface User {
  readonly id: string
  readonly email: string
  readonly emailVerified: boolean
  readonly claims: ProfileClaims
  readonly roles: readonly string[]
  readonly disabledAt: Date | null
  /** When it is to be deleted, if its person asked for that. */
  readonly leavesAt: Date | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface UserStore {
  find(id: string): Promise<User | undefined>
  /** The same, and nobody else changes the row before this transaction ends. */
  lock(id: string): Promise<User | undefined>
  findByEmail(email: EmailAddress): Promise<User | undefined>
  all(): Promise<User[]>
  /** Fails on the database's unique index when the address is taken. */
  create(user: Omit<User, 'disabledAt' | 'leavesAt'>): Promise<void>
  /** Fails on the same index when another address is taken. */
  update(
    id: string,
    change: Partial<Pick<User, 'email' | 'emailVerified' | 'claims' | 'roles' | 'disabledAt'>>,
    at: Date,
  ): Promise<void>
}

export function createUserStore(db: Db | Tx): UserStore {
  return {
    async find(id) {
      const [user] = await db.select().from(users).where(eq(users.id, id))
      return user
    },
    async lock(id) {
      const [user] = await db.select().from(users).where(eq(users.id, id)).for('no key update')
      return user
    },
    async findByEmail(email) {
      const [user] = await db.select().from(users).where(eq(users.email, email))
      return user
    },
    async all() {
      return db.select().from(users).orderBy(asc(users.email))
    },
    async create({ id, email, emailVerified, claims, roles, createdAt, updatedAt }) {
      const row = { id, email, emailVerified, claims, roles: [...roles], createdAt, updatedAt }
      await db.insert(users).values(row)
    },
    async update(id, { roles, ...change }, at) {
      const set = {
        ...change,
        ...(roles === undefined ? {} : { roles: [...roles] }),
        updatedAt: at,
      }
      await db.update(users).set(set).where(eq(users.id, id))
    },
  }
}
