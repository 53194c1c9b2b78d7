/** The part of `fetch` that this package uses, so that tests and callers can pass their own. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>

export interface FetchInit {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | URLSearchParams | Uint8Array | null
  readonly redirect: 'manual'
  readonly signal: AbortSignal
}

export interface FetchLimits {
  readonly timeoutMs: number
  readonly maxBytes: number
}

/** The platform's own fetch, narrowed to {@link Fetch}. */
export const platformFetch: Fetch = (url, init) => fetch(url, init)

// Statuses whose Response must be built without a body. Fetch Standard, "null body status".
const BODILESS = new Set([101, 204, 205, 304])

/**
 * Wraps a fetch so that one answer costs bounded time and memory: the time limit covers the body too,
 * redirects come back as they are instead of being followed, and a body over `maxBytes` (counted after
 * decompression) rejects. The Response returned holds its whole body.
 */
export function boundedFetch(
  fetchFn: Fetch,
  { timeoutMs, maxBytes }: FetchLimits,
): (url: string, init?: Omit<FetchInit, 'redirect' | 'signal'>) => Promise<Response> {
  return async (url, init = {}) => {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetchFn(url, { ...init, redirect: 'manual', signal })
    const body = await readBounded(response, maxBytes)
    return new Response(BODILESS.has(response.status) ? null : body, {
      status: response.status,
      headers: response.headers,
    })
  }
}

async function readBounded(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  if (response.body !== null) {
    // Leaving the loop early cancels the stream, which closes the connection.
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength
      if (size > maxBytes) throw new Error(`answer is larger than ${maxBytes} bytes`)
      chunks.push(chunk)
    }
  }
  return new Uint8Array(Buffer.concat(chunks))
}
