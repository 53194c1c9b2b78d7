/** Something that another program tells, and what is done when it does not. */
export interface RememberedTimes {
  readonly ttlMs: number
  /** How long a first failure stands; each further one twice as long. */
  readonly retryMs: number
  readonly maxRetryMs: number
}

export interface Remembered<V> {
  /** Rejects with the last failure while that stands, without asking again. */
  get(): Promise<V>
}

/**
 * Loads a value when it is first wanted, once for all who want it at the time, and again when it is old. After a
 * failure nobody asks for a while: a program that is down costs its callers no waiting, and is not hammered when it
 * comes back.
 */
export function remembered<V>(
  load: () => Promise<V>,
  { ttlMs, retryMs, maxRetryMs }: RememberedTimes,
  // A cache ages by real time, whatever a test does to the calendar.
  now: () => number = () => performance.now(),
): Remembered<V> {
  let present: Promise<V> | undefined
  let until = 0
  let failures = 0
  return {
    async get() {
      if (present !== undefined && now() < until) return present
      const loading = load()
      present = loading
      until = Number.POSITIVE_INFINITY
      loading.then(
        () => {
          failures = 0
          until = now() + ttlMs
        },
        () => {
          until = now() + Math.min(maxRetryMs, retryMs * 2 ** failures)
          failures += 1
        },
      )
      return loading
    },
  }
}
