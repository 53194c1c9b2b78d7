export interface TimedCache<V> {
  get(key: string): Promise<V>
  clear(): void
}

interface Entry<V> {
  readonly value: Promise<V>
  readonly staleAt: number
}

/**
 * Remembers what `load` answered for `ttlMs`, for at most `max` keys, and loads each key once for many
 * simultaneous callers. Failures are not remembered.
 */
export function createTimedCache<V>(
  load: (key: string) => Promise<V>,
  { ttlMs, max }: { readonly ttlMs: number; readonly max: number },
): TimedCache<V> {
  const entries = new Map<string, Entry<V>>()

  function forget(key: string, entry: Entry<V>) {
    if (entries.get(key) === entry) entries.delete(key)
  }

  return {
    get(key) {
      // Not the service's clock: a cache ages by real time, whatever a test does to the calendar.
      const now = performance.now()
      const known = entries.get(key)
      if (known !== undefined && known.staleAt > now) return known.value
      const entry: Entry<V> = { value: load(key), staleAt: now + ttlMs }
      entries.delete(key)
      entries.set(key, entry)
      entry.value.catch(() => forget(key, entry))
      if (entries.size > max) {
        const [oldest] = entries.keys()
        if (oldest !== undefined) entries.delete(oldest)
      }
      return entry.value
    },
    clear() {
      entries.clear()
    },
  }
}
