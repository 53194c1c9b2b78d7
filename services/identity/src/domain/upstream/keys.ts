import type { OutboundFetch } from '../../platform/outbound/fetch.ts'

const DEFAULT_SECONDS = 300
const MAX_SECONDS = 86_400

interface Kept {
  readonly body: string
  readonly until: number
}

/** The keys of one provider, kept for as long as its answer allows (RFC 9111 §5.2.2.1). */
export interface KeyDocuments {
  /** A fetch that answers from what is kept. */
  readonly fetch: OutboundFetch
  /** Forgets it: a token names a key that is not among these. */
  forget(): void
}

export function createKeyDocuments(
  outbound: OutboundFetch,
  now: () => number = () => performance.now(),
): KeyDocuments {
  const kept = new Map<string, Kept>()
  return {
    async fetch(url, request) {
      const known = kept.get(url)
      const headers = { 'content-type': 'application/json' }
      if (known !== undefined && now() < known.until) return new Response(known.body, { headers })
      const answer = await outbound(url, request)
      const body = await answer.text()
      if (answer.status === 200) {
        // One address a provider: an issuer that changes it has not grown.
        kept.clear()
        const seconds = secondsFresh(answer.headers.get('cache-control') ?? '')
        kept.set(url, { body, until: now() + seconds * 1000 })
      }
      return new Response(body, { status: answer.status, headers: answer.headers })
    },
    forget: () => kept.clear(),
  }
}

/** How long an answer may be kept, by its Cache-Control. */
function secondsFresh(cacheControl: string): number {
  if (/\bno-(?:store|cache)\b/i.test(cacheControl)) return 0
  const [, seconds] = /\bmax-age=(\d{1,9})\b/i.exec(cacheControl) ?? []
  return seconds === undefined ? DEFAULT_SECONDS : Math.min(Number(seconds), MAX_SECONDS)
}
