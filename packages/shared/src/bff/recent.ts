/** A bounded memory of things that matter for a while; the oldest goes first when it is full. */
export interface Recent<T> {
  get(name: string): T | undefined
  set(name: string, value: T, ttlMs: number): void
  delete(name: string): void
}

/** Makes a {@link Recent} for at most `max` entries. */
export function createRecent<T>(max: number, clock: () => number): Recent<T> {
  const entries = new Map<string, { readonly value: T; readonly until: number }>()
  return {
    get(name) {
      const entry = entries.get(name)
      if (entry === undefined) return undefined
      if (clock() < entry.until) return entry.value
      entries.delete(name)
      return undefined
    },
    set(name, value, ttlMs) {
      entries.delete(name)
      entries.set(name, { value, until: clock() + ttlMs })
      if (entries.size <= max) return
      const [oldest] = entries.keys()
      if (oldest !== undefined) entries.delete(oldest)
    },
    delete(name) {
      entries.delete(name)
    },
  }
}
