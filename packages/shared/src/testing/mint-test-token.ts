import { SignJWT, exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose'
import { randomUUID } from 'node:crypto'

export interface TestKey {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
}

/** Makes an RS256 key pair as an issuer has it. */
export async function createTestKey(kid: string = randomUUID()): Promise<TestKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }
  return { kid, privateKey, publicJwk }
}

export interface TestTokenOptions {
  readonly key: TestKey
  readonly issuer: string
  readonly audience: string
  readonly sub?: string
  readonly scope?: string
  readonly roles?: readonly string[]
  readonly ttlSeconds?: number
  /** Milliseconds since the epoch. */
  readonly now?: number
  /** Put over the others; `undefined` leaves a claim out. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Put over the others; `undefined` leaves a member out. */
  readonly header?: Readonly<Record<string, unknown>>
}

/** Signs an access token as Signet does (RFC 9068), with whatever is to be wrong about it. */
export async function mintTestToken(options: TestTokenOptions): Promise<string> {
  const { key, issuer, audience, sub = 'user-1', scope = '', roles, ttlSeconds = 600 } = options
  const iat = Math.floor((options.now ?? Date.now()) / 1000)
  const claims = {
    iss: issuer,
    aud: audience,
    sub,
    client_id: 'test-client',
    iat,
    exp: iat + ttlSeconds,
    jti: randomUUID(),
    scope,
    roles,
    ...options.claims,
  }
  const header = { typ: 'at+jwt', alg: 'RS256', kid: key.kid, ...options.header }
  return new SignJWT(defined(claims)).setProtectedHeader(defined(header)).sign(key.privateKey)
}

function defined<T extends object>(value: T): T {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(entries) as T
}
