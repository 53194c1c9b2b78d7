import { setImmediate as nextTurn } from 'node:timers/promises'
import { createBoundedQueue } from './bounded-queue.ts'

/** Work that an answer does not wait for. */
export interface Afterwards {
  /** Starts the work once the present answer is on its way; false, and nothing is done, when too much is waiting. */
  run(work: () => Promise<void>, failed: (error: unknown) => void): boolean
  /** Resolves when nothing is left to do. */
  settled(): Promise<void>
}

/** One job at a time, so that a flood of them leaves the database to everybody else. */
export function createAfterwards(maxWaiting: number): Afterwards {
  const queue = createBoundedQueue(1, maxWaiting)
  const pending = new Set<Promise<void>>()
  return {
    run(work, failed) {
      const job = queue.run(async () => {
        await nextTurn()
        await work()
      })
      if (job === undefined) return false
      const done = job.catch(failed).finally(() => pending.delete(done))
      pending.add(done)
      return true
    },
    async settled() {
      while (pending.size > 0) await Promise.all(pending)
    },
  }
}
