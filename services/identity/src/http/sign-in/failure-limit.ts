export interface FailureLimit {
  /** Seconds to wait when the peer has used up its failures, else undefined. */
  retryAfterSeconds(peer: string, max: number): number | undefined
  failed(peer: string): void
}

/** Counts failures by peer in fixed windows, in memory, for at most `maxPeers` peers. Successes are free. */
export function failureLimit(options: {
  readonly windowMs: number
  readonly maxPeers: number
}): FailureLimit {
  const windows = new Map<string, { failures: number; readonly endsAt: number }>()
  return {
    retryAfterSeconds(peer, max) {
      const window = windows.get(peer)
      const left = (window?.endsAt ?? 0) - performance.now()
      if (window === undefined || left <= 0 || window.failures < max) return undefined
      return Math.ceil(left / 1000)
    },
    failed(peer) {
      const now = performance.now()
      const window = windows.get(peer)
      if (window !== undefined && window.endsAt > now) {
        window.failures += 1
        return
      }
      windows.delete(peer)
      windows.set(peer, { failures: 1, endsAt: now + options.windowMs })
      const [oldest] = windows.keys()
      if (windows.size > options.maxPeers && oldest !== undefined) windows.delete(oldest)
    },
  }
}
