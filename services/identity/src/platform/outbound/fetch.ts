import { lookup as resolve } from 'node:dns'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { type LookupFunction, isIP } from 'node:net'
import { isLoopbackAddress, isPublicAddress } from './address.ts'

/** A program elsewhere did not answer as it should; the message says how, for the log. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError'
}

export interface OutboundLimits {
  /** Of everything: resolving, connecting, sending, reading. */
  readonly timeoutMs: number
  readonly maxBytes: number
}

export interface OutboundOptions extends Partial<OutboundLimits> {
  /** The operator has named a loopback host: plain http, and this machine, but no other of its network. */
  readonly loopback: boolean
}

export interface OutboundRequest {
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: URLSearchParams | string | null | undefined
}

/** Asks a program elsewhere for JSON. Rejects with an OutboundError. */
export type OutboundFetch = (url: string, request?: OutboundRequest) => Promise<Response>

const LIMITS: OutboundLimits = { timeoutMs: 5000, maxBytes: 1_048_576 }

/**
 * The one way out of this process. What it connects to is checked as an address, in the lookup of the connection
 * itself, so that no name can mean one host when it is checked and another when it is used. Redirects are not followed.
 */
export function createOutboundFetch({ loopback, ...limits }: OutboundOptions): OutboundFetch {
  const { timeoutMs, maxBytes } = { ...LIMITS, ...limits }
  const mayConnect = (address: string) =>
    loopback ? isLoopbackAddress(address) : isPublicAddress(address)

  const lookup: LookupFunction = (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '')
      // A name with a forbidden address among good ones is refused as a whole: that is an attack.
      const bad = addresses.find(({ address }) => !mayConnect(address))
      const [first] = addresses
      if (bad !== undefined || first === undefined)
        return callback(new OutboundError(`${hostname} is at ${bad?.address ?? 'no address'}`), '')
      if (options.all === true) return callback(null, addresses)
      return callback(null, first.address, first.family)
    })
  }

  function checked(url: string): URL {
    const target = new URL(url)
    const { protocol, hostname, username, password } = target
    if (protocol !== 'https:' && !(protocol === 'http:' && loopback))
      throw new OutboundError(`${target.origin} is not https`)
    if (username !== '' || password !== '') throw new OutboundError('the URL holds a password')
    // An address literal is connected to without a lookup.
    const literal = hostname.replace(/^\[|\]$/g, '')
    if (isIP(literal) !== 0 && !mayConnect(literal))
      throw new OutboundError(`${literal} is no address to connect to`)
    return target
  }

  return async (url, { method = 'GET', headers = {}, body } = {}) => {
    const target = checked(url)
    const text = body?.toString()
    const signal = AbortSignal.timeout(timeoutMs)
    const send = target.protocol === 'https:' ? requestHttps : requestHttp
    const options = {
      method,
      headers: { accept: 'application/json', ...headers, 'accept-encoding': 'identity' },
      lookup,
      agent: false as const,
      signal,
      maxHeaderSize: 16_384,
    }
    try {
      const message = await new Promise<IncomingMessage>((accept, refuse) => {
        const request = send(target, options, accept).on('error', refuse)
        // An answer that changes the protocol ends the connection without a response, an error or the signal.
        request.on('close', () => refuse(new OutboundError('closed without an answer')))
        request.end(text)
      })
      return await toResponse(message, maxBytes)
    } catch (error) {
      if (error instanceof OutboundError) throw error
      const why = signal.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(error)
      throw new OutboundError(`${target.origin}: ${why}`, { cause: error })
    }
  }
}

async function toResponse(message: IncomingMessage, maxBytes: number): Promise<Response> {
  const { statusCode: status = 0, headers } = message
  const refuse = (why: string): never => {
    message.destroy()
    throw new OutboundError(why)
  }
  if (status < 200 || (status >= 300 && status < 400)) refuse(`answered ${status}`)
  const type = headers['content-type'] ?? ''
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type))
    refuse(`answered ${status} with ${type.slice(0, 60) || 'no content type'} instead of JSON`)
  if (headers['content-encoding'] !== undefined) refuse('answered in an encoding nobody asked for')
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) refuse(`answered with more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  const kept = { 'content-type': type, 'cache-control': headers['cache-control'] ?? '' }
  return new Response(status === 204 ? null : Buffer.concat(chunks), { status, headers: kept })
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
