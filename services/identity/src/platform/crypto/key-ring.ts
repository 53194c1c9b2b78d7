import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { equalInConstantTime } from './hash.ts'

/** What a sealed or authenticated value is for; a value of one purpose never opens as another. */
export type Purpose =
  | 'authenticator-secret'
  | 'authenticator-setup'
  | 'authorization-transaction'
  | 'authorization-code'
  | 'csrf'
  | 'invitation'
  | 'keep-account'
  | 'email-change-code'
  | 'email-change-link'
  | 'first-factor'
  | 'known-device'
  | 'mail'
  | 'mail-code'
  | 'mail-code-proof'
  | 'not-me'
  | 'password-reset'
  | 'pepper'
  | 'recovery-code'
  | 'refresh-token'
  | 'registration-code'
  | 'registration-link'
  | 'registration-page'
  | 'passkey-challenge'
  | 'sign-in-address'
  | 'signing-key'
  | 'unlock'
  | 'upstream-arrival'
  | 'upstream-transaction'

/** Something sealed does not open: the key that sealed it is not in the ring. */
export class SealBrokenError extends Error {
  override readonly name = 'SealBrokenError'
  constructor(what: string, sealed: string) {
    const keyId = sealed.split('.', 1)[0] ?? ''
    super(
      `SECRET_KEYS: ${what} does not open; the key ${keyId} that sealed it is missing or another`,
    )
  }
}

export interface KeyRing {
  /** The key that seals; all keys of the ring open. */
  readonly sealingKeyId: string
  /** Encrypts and authenticates. `context` binds the value to a place (a row, a user) and must be given again to open it. */
  seal(purpose: Purpose, plaintext: string, context?: string): string
  /** The plaintext, or undefined when the value is not one of ours, for this purpose and context. */
  open(purpose: Purpose, sealed: string, context?: string): string | undefined
  /** Authenticates without hiding: `<key id>.<tag>`. */
  mac(purpose: Purpose, data: string): string
  verifyMac(purpose: Purpose, data: string, mac: string): boolean
}

const SALT_BYTES = 16
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** A ring of 256-bit keys from `SECRET_KEYS`: the first seals, all open. */
export function createKeyRing(keys: ReadonlyMap<string, Buffer>): KeyRing {
  const [sealingKeyId] = keys.keys()
  if (sealingKeyId === undefined) throw new Error('a key ring needs at least one key')

  const derived = new Map<string, Buffer>()
  function purposeKey(keyId: string, purpose: Purpose): Buffer | undefined {
    const name = `${keyId}/${purpose}`
    const known = derived.get(name)
    if (known !== undefined) return known
    const key = keys.get(keyId)
    if (key === undefined) return undefined
    const made = Buffer.from(hkdfSync('sha256', key, '', `signet/${purpose}`, 32))
    derived.set(name, made)
    return made
  }
  const sealingKey = (purpose: Purpose): Buffer => {
    const key = purposeKey(sealingKeyId, purpose)
    if (key === undefined) throw new Error('the sealing key is missing from the key ring')
    return key
  }

  // A key of its own for every message, so that random nonces never meet however many values are sealed.
  const messageKey = (key: Buffer, salt: Buffer) => createHmac('sha256', key).update(salt).digest()

  return {
    sealingKeyId,

    seal(purpose, plaintext, context = '') {
      const salt = randomBytes(SALT_BYTES)
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', messageKey(sealingKey(purpose), salt), nonce)
      cipher.setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
      const whole = Buffer.concat([salt, nonce, body, cipher.getAuthTag()])
      return `${sealingKeyId}.${whole.toString('base64url')}`
    },

    open(purpose, sealed, context = '') {
      const dot = sealed.indexOf('.')
      const key = dot < 0 ? undefined : purposeKey(sealed.slice(0, dot), purpose)
      if (key === undefined) return undefined
      const text = sealed.slice(dot + 1)
      const whole = Buffer.from(text, 'base64url')
      // Only the canonical spelling counts: base64url decoding forgives stray characters and padding bits.
      if (whole.toString('base64url') !== text) return undefined
      if (whole.length < SALT_BYTES + NONCE_BYTES + TAG_BYTES) return undefined
      const salt = whole.subarray(0, SALT_BYTES)
      const nonce = whole.subarray(SALT_BYTES, SALT_BYTES + NONCE_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', messageKey(key, salt), nonce, {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(Buffer.from(context))
      decipher.setAuthTag(whole.subarray(-TAG_BYTES))
      try {
        const body = whole.subarray(SALT_BYTES + NONCE_BYTES, -TAG_BYTES)
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },

    mac(purpose, data) {
      const tag = createHmac('sha256', sealingKey(purpose)).update(data).digest('base64url')
      return `${sealingKeyId}.${tag}`
    },

    verifyMac(purpose, data, mac) {
      const dot = mac.indexOf('.')
      const key = dot < 0 ? undefined : purposeKey(mac.slice(0, dot), purpose)
      if (key === undefined) return false
      const expected = createHmac('sha256', key).update(data).digest('base64url')
      return equalInConstantTime(mac.slice(dot + 1), expected)
    },
  }
}

/** Reads `id:base64(32 bytes)[,…]`; returns the ring's keys or a sentence that says what is wrong. */
export function parseSecretKeys(text: string): Map<string, Buffer> | string {
  const keys = new Map<string, Buffer>()
  for (const [index, entry] of text.split(',').entries()) {
    const colon = entry.indexOf(':')
    const id = entry.slice(0, colon).trim()
    const key = Buffer.from(entry.slice(colon + 1).trim(), 'base64')
    const nth = `entry ${index + 1}`
    if (colon < 0 || !/^[A-Za-z0-9_-]{1,32}$/.test(id))
      return `${nth} must be id:base64, the id of letters, digits, _ or -`
    if (key.length !== 32) return `${nth} (${id}) must be 32 bytes in base64, not ${key.length}`
    if (key.every((byte) => byte === 0)) return `${nth} (${id}) is all zeros: use random bytes`
    if (keys.has(id)) return `${nth} repeats the id ${id}`
    keys.set(id, key)
  }
  return keys
}
