import { type KeyObject, constants, sign, verify } from 'node:crypto'
import { isRecord } from '../record.ts'

// Compact JWS (RFC 7515 §3.1) by the runtime's own cryptography: this is on the path of every token, where the
// detour through WebCrypto cost more than all else but the signature itself.

/** RFC 7518 §3.1; all of them on SHA-256. */
const ALGORITHMS = {
  RS256: { padding: constants.RSA_PKCS1_PADDING },
  PS256: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  ES256: { dsaEncoding: 'ieee-p1363' },
} as const

export interface JwsHeader {
  readonly alg: string
  readonly kid: string
  readonly typ: string
}

/** Signs a JSON object in the thread pool. Throws for an algorithm that is not one of ours. */
export async function signJws(header: JwsHeader, payload: object, key: KeyObject): Promise<string> {
  const options = ALGORITHMS[algorithmOf(header.alg)]
  const input = `${encoded(header)}.${encoded(payload)}`
  return new Promise((resolve, reject) => {
    sign('sha256', Buffer.from(input), { key, ...options }, (error, signature) => {
      if (error === null) resolve(`${input}.${signature.toString('base64url')}`)
      else reject(error)
    })
  })
}

/**
 * The payload of a JWS of the very header that was asked for, or undefined. The key decides the algorithm, never the
 * token (RFC 8725 §3.1). At once, not in the thread pool: it takes less time than the way there.
 */
export function verifyJws(
  token: string,
  find: (kid: string) => { readonly alg: string; readonly key: KeyObject } | undefined,
  typ: string,
): Record<string, unknown> | undefined {
  // Only the characters of base64url: decoding by itself would skip all others.
  const parts = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token)
  const [, head = '', body = '', signature = ''] = parts ?? []
  const header = decodedPart(head)
  if (header === undefined || typeof header['kid'] !== 'string') return undefined
  const known = find(header['kid'])
  // RFC 7515 §4.1.11: an extension that must be understood is not understood here.
  if (known === undefined || header['alg'] !== known.alg || header['crit'] !== undefined)
    return undefined
  if (header['typ'] !== typ) return undefined
  const options = { key: known.key, ...ALGORITHMS[algorithmOf(known.alg)] }
  const input = Buffer.from(`${head}.${body}`)
  const genuine = verify('sha256', input, options, Buffer.from(signature, 'base64url'))
  return genuine ? decodedPart(body) : undefined
}

function algorithmOf(alg: string): keyof typeof ALGORITHMS {
  if (alg === 'RS256' || alg === 'PS256' || alg === 'ES256') return alg
  throw new Error(`there is no signature algorithm ${alg} here`)
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** One part of a JWS, header or payload; undefined when it is no JSON object. Nothing of it is verified. */
export function decodedPart(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}
