import { type JWK, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { KeyRow } from './store.ts'

export const SIGNING_ALG = 'RS256'

/** A new RSA key pair of 2048 bits, its private half sealed. */
export async function makeSigningKey(
  ring: KeyRing,
): Promise<Pick<KeyRow, 'id' | 'alg' | 'publicJwk' | 'sealed'>> {
  const pair = await generateKeyPair(SIGNING_ALG, { modulusLength: 2048, extractable: true })
  const exported = await exportJWK(pair.publicKey)
  const id = await calculateJwkThumbprint(exported)
  // The public members only, and no more than verifiers need.
  const publicJwk: JWK = { ...exported, kid: id, alg: SIGNING_ALG, use: 'sig' }
  const privateJwk = await exportJWK(pair.privateKey)
  return {
    id,
    alg: SIGNING_ALG,
    publicJwk,
    sealed: ring.seal('signing-key', JSON.stringify(privateJwk), id),
  }
}
