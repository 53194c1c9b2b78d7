import type { Clock } from '../../platform/clock.ts'
import { type FaultBudget, createFaultBudget } from './budget.ts'
import type { Fault } from './fault.ts'
import type { FaultStore } from './store.ts'

/** Keeps faults without making any answer wait for it. */
export interface FaultJournal {
  /** Puts a fault down to be kept soon, or drops it when there were too many. Never throws. */
  note(fault: Fault, peer: string): void
  find(id: string): Promise<Fault | undefined>
  /** Writes what is waiting. */
  flush(): Promise<void>
  /** Writes what is waiting, and takes no more. */
  close(): Promise<void>
}

export interface JournalDeps {
  readonly store: Pick<FaultStore, 'keep' | 'find'>
  readonly clock: Clock
  /** Hears that faults could not be kept; they are lost to `signet why`, and still in the log. */
  readonly onError: (error: unknown) => void
  readonly budget?: FaultBudget
}

const FLUSH_AFTER_MS = 1000
const BATCH = 100
/** Waiting at most; the database is away for longer than that fills, and the log has them all. */
const MAX_WAITING = 500

export function createFaultJournal({
  store,
  clock,
  onError,
  budget = createFaultBudget(),
}: JournalDeps): FaultJournal {
  const waiting = new Map<string, Fault>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  let closed = false

  function schedule() {
    if (closed || timer !== undefined || waiting.size === 0) return
    timer = setTimeout(() => void flush(), FLUSH_AFTER_MS)
    timer.unref()
  }

  async function write() {
    while (waiting.size > 0) {
      const batch = [...waiting.values()].slice(0, BATCH)
      try {
        await store.keep(batch)
      } catch (error) {
        onError(error)
        return
      }
      for (const fault of batch) if (waiting.get(fault.id) === fault) waiting.delete(fault.id)
    }
  }

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    // One at a time: two would write the same rows.
    writing ??= write().finally(() => {
      writing = undefined
      schedule()
    })
    return writing
  }

  return {
    note(fault, peer) {
      if (closed || waiting.size >= MAX_WAITING) return
      const likeness = `${peer} ${fault.check} ${fault.clientId ?? ''}`
      if (!waiting.has(fault.id) && !budget.allows(likeness, clock())) return
      waiting.set(fault.id, fault)
      if (waiting.size >= BATCH) void flush()
      else schedule()
    },
    async find(id) {
      return waiting.get(id) ?? (await store.find(id))
    },
    flush,
    async close() {
      closed = true
      await flush()
    },
  }
}
