import type { CryptoKey } from 'jose'
import type { PublishedKeys } from './issuer-keys.ts'
import { buildKeySet, keyName, type KeySet } from './key-set.ts'

export type KeyLookup =
  | { readonly status: 'found'; readonly key: CryptoKey }
  | { readonly status: 'unknown' }
  | { readonly status: 'unavailable'; readonly retryAfterSeconds: number; readonly cause: unknown }

export type FindKey = (kid: string, alg: string) => Promise<KeyLookup>

export interface KeyCacheOptions {
  readonly load: () => Promise<PublishedKeys>
  readonly algorithms: readonly string[]
  /** Milliseconds that only ever grow. */
  readonly monotonic: () => number
  readonly sleep?: (ms: number) => Promise<void>
}

const MAX_FRESH_MS = 300_000
const MIN_FRESH_MS = 30_000
// For this long after the keys went stale a request does not even wait for the refresh that it starts.
const REVALIDATE_MS = 60_000
// Older keys: a request waits this long for news, then goes on with what there is.
const PATIENCE_MS = 1000
const UNKNOWN_KID_INTERVAL_MS = 2000
const MAX_WAITING = 64
const MAX_BACK_OFF_MS = 30_000

/**
 * Keeps an issuer's keys. What it promises:
 * one fetch at a time, however many ask; fresh keys (5 minutes, less if the issuer says so) cost nothing;
 * keys once had serve through an outage of the issuer, and failing fetches back off to one in 30 seconds;
 * a key that is gone from the issuer is refused after the next successful fetch;
 * an unknown key id causes at most one fetch in 2 seconds, for which up to 64 requests wait, so that a key
 * published a moment ago is found and a flood of invented ids costs next to nothing.
 */
export function createKeyCache(options: KeyCacheOptions): FindKey {
  const { load, algorithms, monotonic, sleep = unrefSleep } = options
  let keys: KeySet | undefined
  let staleAt = 0
  let failures = 0
  let retryAt = -Infinity
  let lastFailure: unknown
  let fetching: Promise<void> | undefined
  let lookedAgainAt = -Infinity
  let lookingAgain: Promise<void> | undefined
  let waiting = 0

  async function fetchOnce(): Promise<void> {
    try {
      const { keys: published, maxAgeSeconds } = await load()
      const next = await buildKeySet(published, algorithms, keys)
      // An empty answer is far more often a broken issuer than a wish to end every token.
      if (next.size === 0) throw new Error('the issuer published no usable key')
      keys = next
      const freshMs = (maxAgeSeconds ?? Infinity) * 1000
      staleAt = monotonic() + Math.min(Math.max(freshMs, MIN_FRESH_MS), MAX_FRESH_MS)
      failures = 0
    } catch (error) {
      lastFailure = error
      retryAt = monotonic() + Math.min(1000 * 2 ** failures++, MAX_BACK_OFF_MS)
    } finally {
      fetching = undefined
    }
  }

  const mayFetch = () => failures === 0 || monotonic() >= retryAt
  const refresh = () => (fetching ??= fetchOnce())

  async function lookAgain(): Promise<void> {
    if (!mayFetch() || waiting >= MAX_WAITING) return
    waiting += 1
    try {
      await (lookingAgain ??= afterInterval())
    } finally {
      waiting -= 1
    }
  }

  async function afterInterval(): Promise<void> {
    try {
      const waitMs = lookedAgainAt + UNKNOWN_KID_INTERVAL_MS - monotonic()
      if (waitMs > 0) await sleep(waitMs)
      lookedAgainAt = monotonic()
      await refresh()
    } finally {
      lookingAgain = undefined
    }
  }

  return async (kid, alg) => {
    const name = keyName(alg, kid)
    const had = keys
    if (keys === undefined) {
      if (mayFetch()) await refresh()
    } else if (monotonic() >= staleAt && mayFetch()) {
      const refreshed = refresh()
      if (monotonic() >= staleAt + REVALIDATE_MS)
        await Promise.race([refreshed, sleep(PATIENCE_MS)])
    }
    // Keys that arrived during this very call need no second look.
    if (keys?.get(name) === undefined && keys !== undefined && keys === had) await lookAgain()

    const entry = keys?.get(name)
    if (entry !== undefined) return { status: 'found', key: entry.key }
    if (keys !== undefined) return { status: 'unknown' }
    const retryAfterSeconds = Math.max(1, Math.ceil((retryAt - monotonic()) / 1000))
    return { status: 'unavailable', retryAfterSeconds, cause: lastFailure }
  }
}

function unrefSleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
