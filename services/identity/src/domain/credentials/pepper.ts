import { randomBytes } from 'node:crypto'
import { type KeyRing, SealBrokenError } from '../../platform/crypto/key-ring.ts'
import type { CredentialStore } from './store.ts'

const PASSWORD_PEPPER = 'password'

/**
 * The pepper of this installation: random, kept sealed, made at first start. It is not derived from the key ring,
 * since a ring key could then never be dropped: a hash cannot be peppered anew without its password.
 * Throws SealBrokenError.
 */
export async function loadPepper(
  store: CredentialStore,
  ring: KeyRing,
  now: Date,
): Promise<Buffer> {
  const fresh = ring.seal('pepper', randomBytes(32).toString('base64'), PASSWORD_PEPPER)
  const sealed = await store.pepper(PASSWORD_PEPPER, fresh, now)
  const text = ring.open('pepper', sealed, PASSWORD_PEPPER)
  if (text === undefined) throw new SealBrokenError('the password pepper', sealed)
  return Buffer.from(text, 'base64')
}
