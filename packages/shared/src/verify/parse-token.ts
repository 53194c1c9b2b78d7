import type { TokenErrorCode } from './token-error.ts'

// Work is bounded before anything is decoded. A Signet token is about 1 kB.
export const MAX_TOKEN_LENGTH = 8192

export interface ParsedToken {
  readonly alg: string
  readonly kid: string
  readonly claims: Readonly<Record<string, unknown>>
}

export type ParseResult =
  | { readonly ok: true; readonly parsed: ParsedToken }
  | { readonly ok: false; readonly code: TokenErrorCode; readonly detail: string }

const refuse = (code: TokenErrorCode, detail: string): ParseResult => ({ ok: false, code, detail })

/** Reads a compact JWS and decides on its header, before any key is looked for (RFC 9068 §4, RFC 8725 §3). */
export function parseToken(token: string, algorithms: readonly string[]): ParseResult {
  if (token.length > MAX_TOKEN_LENGTH)
    return refuse('token_too_large', `${token.length} characters`)
  const parts = token.split('.')
  const [head, body, signature] = parts
  if (parts.length !== 3 || !head || !body || signature === undefined) {
    return refuse('malformed', 'not three parts')
  }
  const header = decodeObject(head)
  if (header === undefined) return refuse('malformed', 'header')

  // Explicit typing keeps ID tokens and logout tokens out. RFC 9068 §4, RFC 8725 §3.11
  const { typ, alg, kid } = header
  const mediaType = typeof typ === 'string' ? typ.toLowerCase() : ''
  if (mediaType !== 'at+jwt' && mediaType !== 'application/at+jwt')
    return refuse('wrong_type', 'typ')
  if (typeof alg !== 'string' || !algorithms.includes(alg)) {
    return refuse('algorithm_not_allowed', 'alg')
  }
  // No extension is understood here, so any that is marked critical is a refusal. RFC 7515 §4.1.11
  if (header['crit'] !== undefined) return refuse('critical_header', 'crit')
  // jku, x5u, jwk and x5c are never read: a key is found by its id among the issuer's own. RFC 8725 §3.10
  if (typeof kid !== 'string' || kid === '') return refuse('unknown_key', 'no kid')

  const claims = decodeObject(body)
  if (claims === undefined) return refuse('malformed', 'payload')
  return { ok: true, parsed: { alg, kid, claims } }
}

const BASE64URL = /^[A-Za-z0-9_-]+$/

function decodeObject(part: string): Record<string, unknown> | undefined {
  if (!BASE64URL.test(part)) return undefined
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url'))
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
