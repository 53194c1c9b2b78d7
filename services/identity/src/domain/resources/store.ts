import { asc, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import type { Resource } from './resource.ts'
import { resources } from './schema.ts'

export interface ResourceStore {
  all(): Promise<Resource[]>
  save(resource: Resource, at: Date): Promise<void>
}

export function createResourceStore(db: Db | Tx): ResourceStore {
  return {
    async all() {
      const { identifier, name, scopes } = resources
      return db.select({ identifier, name, scopes }).from(resources).orderBy(asc(identifier))
    },
    async save({ identifier, name, scopes }, at) {
      await db
        .insert(resources)
        .values({ identifier, name, scopes, updatedAt: at })
        .onConflictDoUpdate({
          target: resources.identifier,
          set: {
            name: sql`excluded.name`,
            scopes: sql`excluded.scopes`,
            updatedAt: sql`excluded.updated_at`,
          },
        })
    },
  }
}
