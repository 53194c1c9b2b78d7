import { createHash, createHmac } from 'node:crypto'
import { createLocalJWKSet, jwtVerify } from 'jose'
import type { Provider } from './provider.ts'
import { isRecord } from './wire.ts'

export interface Jwt {
  readonly header: Record<string, unknown>
  readonly claims: Record<string, unknown>
}

/** Reads a JWT without checking it. */
export function decodeJwt(token: string): Jwt {
  const [header = '', payload = '', signature] = token.split('.')
  if (signature === undefined) throw new Error(`not a JWS: ${token.slice(0, 80)}`)
  return { header: parse(header), claims: parse(payload) }
}

/** Checks a JWT by the published keys alone, as an API would, at the service's own time. */
export async function verifyJwt(
  provider: Provider,
  token: string,
  expected: { audience: string; typ?: string; now?: Date },
): Promise<Jwt> {
  const keys = await provider.keys()
  const set = createLocalJWKSet({ keys: keys.map((key) => ({ ...key, kty: String(key['kty']) })) })
  const { payload, protectedHeader } = await jwtVerify(token, set, {
    issuer: provider.issuer,
    audience: expected.audience,
    algorithms: ['RS256'],
    clockTolerance: 5,
    ...(expected.typ === undefined ? {} : { typ: expected.typ }),
    ...(expected.now === undefined ? {} : { currentDate: expected.now }),
  })
  return { header: { ...protectedHeader }, claims: { ...payload } }
}

/** at_hash of OIDC Core 1.0 §3.1.3.6 for RS256. */
export function leftHalfHash(value: string): string {
  return createHash('sha256').update(value, 'ascii').digest().subarray(0, 16).toString('base64url')
}

/** The same claims under `alg: none` and an empty signature (RFC 8725 §2.1). */
export function unsigned(token: string, claims: Record<string, unknown> = {}): string {
  const jwt = decodeJwt(token)
  const header = { ...jwt.header, alg: 'none' }
  return `${pack(header)}.${pack({ ...jwt.claims, ...claims })}.`
}

/** The same claims signed by HMAC with the public key as its secret (RFC 8725 §2.1). */
export function confused(token: string, publicKey: string): string {
  const jwt = decodeJwt(token)
  const input = `${pack({ ...jwt.header, alg: 'HS256' })}.${pack(jwt.claims)}`
  return `${input}.${createHmac('sha256', publicKey).update(input).digest('base64url')}`
}

/** Other claims under the old signature. */
export function altered(token: string, claims: Record<string, unknown>): string {
  const [header = '', , signature = ''] = token.split('.')
  return `${header}.${pack({ ...decodeJwt(token).claims, ...claims })}.${signature}`
}

/** One character in the middle of the last dot-separated part changed. */
export function bent(token: string): string {
  const at = token.lastIndexOf('.') + 1 + Math.floor((token.length - token.lastIndexOf('.')) / 2)
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
}

export const pack = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

function parse(part: string): Record<string, unknown> {
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
  if (!isRecord(value)) throw new Error('not a JSON object')
  return value
}
