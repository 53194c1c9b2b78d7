import { type KeyObject, createPrivateKey, createPublicKey } from 'node:crypto'
import type { JWK } from 'jose'
import { type KeyRing, SealBrokenError } from '../../platform/crypto/key-ring.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { isPublished, signingKeyFor } from './key-state.ts'
import type { KeyRow, KeyStore } from './store.ts'

/** A key whose private half is open: imported once, since importing costs as much as signing. */
interface OpenKey extends KeyRow {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export interface Signer {
  readonly kid: string
  readonly alg: string
  readonly privateKey: KeyObject
}

export interface KeySet {
  /** Reads the keys anew. Throws SealBrokenError when one does not open. */
  refresh(): Promise<void>
  /** The key that signs, or signed, at a moment: repeating an answer takes the key of that moment. */
  signer(at: Date): Signer
  /** A key by its id, withdrawn ones included, revoked ones not: for what we signed ourselves. */
  verificationKey(kid: string): { readonly alg: string; readonly key: KeyObject } | undefined
  /** The JWKS document and its entity tag. */
  jwks(at: Date): { readonly body: string; readonly etag: string }
}

const CURVE_MEMBERS = ['kty', 'kid', 'alg', 'use', 'n', 'e', 'crv', 'x', 'y'] as const

export function createKeySet(store: KeyStore, ring: KeyRing): KeySet {
  let keys: readonly OpenKey[] = []
  const open = new Map<string, Pick<OpenKey, 'privateKey' | 'publicKey'>>()
  let document: { readonly body: string; readonly etag: string; readonly ids: string } | undefined

  function openKey(row: KeyRow): OpenKey {
    const known = open.get(row.id)
    if (known !== undefined) return { ...row, ...known }
    const text = ring.open('signing-key', row.sealed, row.id)
    if (text === undefined) throw new SealBrokenError(`signing key ${row.id}`, row.sealed)
    const jwk = JSON.parse(text) as JWK
    const privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
    const publicKey = createPublicKey({ key: row.publicJwk, format: 'jwk' })
    open.set(row.id, { privateKey, publicKey })
    return { ...row, privateKey, publicKey }
  }

  return {
    async refresh() {
      const rows = await store.all()
      keys = rows.map((row) => openKey(row))
    },

    signer(at) {
      const key = signingKeyFor(keys, at)
      if (key === undefined) throw new Error('no key signs at this moment')
      return { kid: key.id, alg: key.alg, privateKey: key.privateKey }
    },

    verificationKey(kid) {
      const key = keys.find(({ id, revokedAt }) => id === kid && revokedAt === null)
      return key === undefined ? undefined : { alg: key.alg, key: key.publicKey }
    },

    jwks(at) {
      const published = keys.filter((key) => isPublished(key, at))
      const ids = published.map(({ id }) => id).join()
      if (document?.ids !== ids) {
        const body = JSON.stringify({
          keys: published.map(({ publicJwk }) => publicMembers(publicJwk)),
        })
        document = { body, etag: `"${sha256(body)}"`, ids }
      }
      return document
    },
  }
}

/** An allow-list, so that no private member can ever be published. */
function publicMembers(jwk: JWK): Record<string, unknown> {
  return Object.fromEntries(
    CURVE_MEMBERS.filter((name) => jwk[name] !== undefined).map((name) => [name, jwk[name]]),
  )
}
