import { eq } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import { settings } from './schema.ts'
import { Settings } from './settings.ts'

const ONLY_ROW = 1

export interface SettingsStore {
  /** What was set, defaults left out. */
  given(): Promise<Record<string, unknown>>
  load(): Promise<Settings>
  save(values: Record<string, unknown>, at: Date): Promise<void>
}

export function createSettingsStore(db: Db | Tx): SettingsStore {
  async function given(): Promise<Record<string, unknown>> {
    const [row] = await db.select().from(settings).where(eq(settings.id, ONLY_ROW))
    return row?.values ?? {}
  }
  return {
    given,
    async load() {
      // Values that no longer fit throw: running on other limits than the operator set would be silent.
      return Settings.parse(await given())
    },
    async save(values, at) {
      await db
        .insert(settings)
        .values({ id: ONLY_ROW, values, updatedAt: at })
        .onConflictDoUpdate({ target: settings.id, set: { values, updatedAt: at } })
    },
  }
}
