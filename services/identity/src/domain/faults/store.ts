import { desc, eq, inArray, lt } from 'drizzle-orm'
import { addSeconds } from '../../platform/clock.ts'
import type { Db, Tx } from '../../platform/db/database.ts'
import { isCheck, wordsOf } from './checks.ts'
import { type Fault, KEEP_DAYS } from './fault.ts'
import { faults } from './schema.ts'
import { type Facts, shownFacts } from './shown.ts'

/** Rows at most, whatever happens within the days that they are kept. */
const MAX_ROWS = 50_000

export interface FaultStore {
  /** Keeps all of them, or none; an id that is there already stays as it is. */
  keep(kept: readonly Fault[]): Promise<void>
  find(id: string): Promise<Fault | undefined>
  /** Forgets what is old, and the oldest of what is too much. */
  deleteOld(now: Date, maxRows?: number): Promise<void>
}

export function createFaultStore(db: Db | Tx): FaultStore {
  return {
    async keep(kept) {
      if (kept.length === 0) return
      const rows = kept.map(({ id, at, code, status, method, path, clientId, ...rest }) => {
        const { check, expected, received, advice, change } = rest
        const detail = { check, expected, received, advice, change }
        return { id, at, code, status, method, path, clientId: clientId ?? null, detail }
      })
      await db.insert(faults).values(rows).onConflictDoNothing()
    },
    async find(id) {
      const [row] = await db.select().from(faults).where(eq(faults.id, id))
      return row === undefined ? undefined : read(row)
    },
    async deleteOld(now, maxRows = MAX_ROWS) {
      await db.delete(faults).where(lt(faults.at, addSeconds(now, -KEEP_DAYS * 86_400)))
      const tooMuch = db
        .select({ id: faults.id })
        .from(faults)
        .orderBy(desc(faults.at), desc(faults.id))
        .offset(maxRows)
      await db.delete(faults).where(inArray(faults.id, tooMuch))
    },
  }
}

/** Another version may have written the row: what this one does not know is left out. */
function read({ detail, clientId, ...row }: typeof faults.$inferSelect): Fault {
  const check = typeof detail['check'] === 'string' ? detail['check'] : ''
  const known = isCheck(check) ? check : 'refused'
  const { cause, fix } = wordsOf(known)
  return {
    ...row,
    clientId: clientId ?? undefined,
    check: known,
    expected: factsIn(detail['expected']),
    received: factsIn(detail['received']),
    cause,
    advice: textIn(detail['advice']) ?? fix,
    change: textIn(detail['change']),
  }
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function factsIn(value: unknown): Facts | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const texts = Object.entries(value).filter(([, text]) => typeof text === 'string')
  return shownFacts(Object.fromEntries(texts))
}
