import { setTimeout as wait } from 'node:timers/promises'
import type { UpstreamClient } from './client.ts'
import { UpstreamError } from './refusal.ts'

/** Each request to a provider has a limit of its own; a visit makes up to five, and a person waits for all of them. */
const LIMIT_MS = 9000

/** The same client, which gives a slow provider up in time. */
export function inTime(client: UpstreamClient, limitMs = LIMIT_MS): UpstreamClient {
  async function limited<T>(work: Promise<T>): Promise<T> {
    const done = new AbortController()
    const late = wait(limitMs, undefined, { signal: done.signal }).then(() => {
      throw new UpstreamError('unreachable', `not done within ${limitMs} ms`)
    })
    try {
      return await Promise.race([work, late])
    } finally {
      done.abort()
    }
  }
  const { provider } = client
  return {
    provider,
    address: async (departure) => limited(client.address(departure)),
    person: async (visit) => limited(client.person(visit)),
  }
}
