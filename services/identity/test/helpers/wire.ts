import { request as httpRequest } from 'node:http'

/** One HTTP answer, read to its end. `url` is where it was asked for, redirects not followed. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly url: string
  readonly body: string
}

export interface Sending {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** Sends one request without following redirects. */
export async function send(url: string, options: Sending = {}): Promise<Answer> {
  const response = await fetch(url, { ...options, redirect: 'manual' })
  return {
    status: response.status,
    headers: response.headers,
    url,
    body: await response.text(),
  }
}

/** Sends what fetch would refuse or correct: any path bytes, any Host, repeated headers. */
export function sendRaw(
  origin: string,
  path: string,
  options: {
    readonly method?: string
    readonly headers?: Record<string, string | string[]>
    readonly body?: string | Buffer
  } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(origin)
  const { promise, resolve, reject } = deferred<Answer>()
  const request = httpRequest(
    {
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      path,
      method: options.method ?? 'GET',
      headers: { connection: 'close', ...options.headers },
      agent: false,
      maxHeaderSize: 1_000_000,
    },
    (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const headers = new Headers()
        for (let i = 0; i + 1 < response.rawHeaders.length; i += 2)
          headers.append(response.rawHeaders[i] ?? '', response.rawHeaders[i + 1] ?? '')
        const body = Buffer.concat(chunks).toString()
        resolve({ status: response.statusCode ?? 0, headers, url: origin + path, body })
      })
    },
  )
  // A server may answer and close before it has read an oversized body: that answer counts.
  request.on('error', reject)
  request.end(options.body)
  return promise
}

/** The members of a JSON object answer; throws with the answer in words when it is none. */
export function jsonOf(answer: Answer): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(answer.body)
  } catch {
    throw new Error(`not JSON: ${describe(answer)}`)
  }
  if (!isRecord(value)) throw new Error(`not a JSON object: ${describe(answer)}`)
  return value
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Status, place and first words of an answer, for messages of failed tests. */
export function describe(answer: Answer): string {
  const location = answer.headers.get('location')
  const to = location === null ? '' : ` → ${location}`
  const text = answer.body.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
  return `${answer.status} ${answer.url.slice(0, 200)}${to} ${text.slice(0, 300)}`
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined
  let reject: (reason: Error) => void = () => undefined
  const promise = new Promise<T>((accept, refuse) => {
    resolve = accept
    reject = refuse
  })
  return { promise, resolve, reject }
}
