export interface BoundedQueue {
  /** Whether a further job would be turned away. */
  readonly full: boolean
  readonly waiting: number
  /** Runs the job when a lane is free, or returns undefined at once when the queue is full. */
  run<T>(job: () => Promise<T>): Promise<T> | undefined
}

/**
 * Runs at most `lanes` jobs at a time and lets at most `maxWaiting` wait, first come first served. After a job its
 * lane stays empty until `rest` is over, which is told how long the job took; the job's own answer does not wait.
 */
export function createBoundedQueue(
  lanes: number,
  maxWaiting: number,
  rest: (tookMs: number) => Promise<void> = () => Promise.resolve(),
): BoundedQueue {
  const waiting: (() => void)[] = []
  let running = 0

  function release() {
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next()
  }

  async function runNow<T>(job: () => Promise<T>): Promise<T> {
    const began = performance.now()
    try {
      return await job()
    } finally {
      void rest(performance.now() - began).finally(release)
    }
  }

  return {
    get full() {
      return running >= lanes && waiting.length >= maxWaiting
    },
    get waiting() {
      return waiting.length
    },
    run(job) {
      if (running < lanes) {
        running += 1
        return runNow(job)
      }
      if (waiting.length >= maxWaiting) return undefined
      return new Promise<void>((resolve) => {
        waiting.push(resolve)
      }).then(() => runNow(job))
    },
  }
}
