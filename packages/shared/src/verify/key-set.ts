import { importJWK, type CryptoKey, type JWK } from 'jose'

/** Usable public keys by algorithm and key id. */
export type KeySet = ReadonlyMap<string, KeyEntry>

export interface KeyEntry {
  readonly key: CryptoKey
  /** The public members as text: two entries with the same text are the same key. */
  readonly text: string
}

/** The name under which a {@link KeySet} holds a key. */
export const keyName = (alg: string, kid: string) => `${alg} ${kid}`

const MAX_KEYS = 64
const MIN_RSA_BITS = 2048
const KEY_TYPE: Readonly<Record<string, string>> = { RS: 'RSA', PS: 'RSA', ES: 'EC', Ed: 'OKP' }

/** Throws unless every algorithm is an asymmetric one: a shared secret or `none` can never be allowed. */
export function assertAsymmetric(algorithms: readonly string[]): void {
  const bad = algorithms.filter((alg) => KEY_TYPE[alg.slice(0, 2)] === undefined)
  if (algorithms.length === 0 || bad.length > 0) {
    throw new TypeError(
      `algorithms must be asymmetric signatures, not: ${bad.join(', ') || 'none'}`,
    )
  }
}

/**
 * Makes a key set of what an issuer published. Entries that cannot serve (another use, a type that does
 * not fit the algorithm, too short, no `kid`) are left out; entries of `previous` are kept as they are, so
 * that a key is the same object for as long as it is published.
 */
export async function buildKeySet(
  jwks: readonly unknown[],
  algorithms: readonly string[],
  previous: KeySet = new Map(),
): Promise<KeySet> {
  const set = new Map<string, KeyEntry>()
  for (const jwk of jwks.slice(0, MAX_KEYS)) {
    if (!isSigningKey(jwk)) continue
    const text = JSON.stringify(publicMembers(jwk))
    for (const alg of algorithms) {
      if (jwk.kty !== KEY_TYPE[alg.slice(0, 2)]) continue
      // A key is for one algorithm when it says so. RFC 8725 §3.1
      if (jwk.alg !== undefined && jwk.alg !== alg) continue
      const name = keyName(alg, jwk.kid)
      if (set.has(name)) continue
      const before = previous.get(name)
      const key = before?.text === text ? before.key : await tryImport(publicMembers(jwk), alg)
      if (key !== undefined) set.set(name, { key, text })
    }
  }
  return set
}

function isSigningKey(value: unknown): value is JWK & { kid: string } {
  if (typeof value !== 'object' || value === null) return false
  const { kid, kty, use } = value as JWK
  return typeof kid === 'string' && typeof kty === 'string' && (use === undefined || use === 'sig')
}

// Only these: a private or symmetric member that was published by mistake is never used.
function publicMembers({ kty, crv, x, y, n, e }: JWK): JWK {
  return Object.fromEntries(
    Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined),
  ) as JWK
}

async function tryImport(jwk: JWK, alg: string): Promise<CryptoKey | undefined> {
  try {
    const key = await importJWK(jwk, alg)
    if (key instanceof Uint8Array) return undefined
    const { modulusLength } = key.algorithm as { modulusLength?: number }
    return modulusLength !== undefined && modulusLength < MIN_RSA_BITS ? undefined : key
  } catch {
    return undefined
  }
}
