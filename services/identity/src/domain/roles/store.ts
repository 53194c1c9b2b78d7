import { asc, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import { roles } from './schema.ts'

export interface Role {
  readonly name: string
  readonly description: string
}

export interface RoleStore {
  all(): Promise<Role[]>
  save(role: Role): Promise<void>
}

export function createRoleStore(db: Db | Tx): RoleStore {
  return {
    async all() {
      return db.select().from(roles).orderBy(asc(roles.name))
    },
    async save(role) {
      await db
        .insert(roles)
        .values(role)
        .onConflictDoUpdate({ target: roles.name, set: { description: sql`excluded.description` } })
    },
  }
}
