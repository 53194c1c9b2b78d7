import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

export interface Seal {
  seal(value: unknown): string
  /** Undefined for anything that was not sealed for this purpose under one of the secrets. */
  open(text: string): unknown
}

const IV_BYTES = 12
const TAG_BYTES = 16
const MIN_SECRET_LENGTH = 32

/**
 * Seals JSON values with AES-256-GCM for one purpose. The first secret seals, all of them open, so that a
 * secret can be replaced without ending sessions. Throws TypeError for a secret under 32 characters.
 */
export function createSeal(secrets: readonly string[], purpose: string): Seal {
  if (secrets.length === 0 || secrets.some((secret) => secret.length < MIN_SECRET_LENGTH)) {
    throw new TypeError(`a session key needs at least ${MIN_SECRET_LENGTH} characters`)
  }
  // A key per purpose: what was sealed as a login transaction can never be opened as a session.
  const keys = secrets.map((secret) =>
    Buffer.from(hkdfSync('sha256', secret, '', `signet bff ${purpose}`, 32)),
  )

  return {
    seal(value) {
      const [key] = keys as [Buffer]
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      const sealed = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()])
      return Buffer.concat([iv, sealed, cipher.getAuthTag()]).toString('base64url')
    },
    open(text) {
      const bytes = Buffer.from(text, 'base64url')
      if (bytes.length < IV_BYTES + TAG_BYTES) return undefined
      const iv = bytes.subarray(0, IV_BYTES)
      const sealed = bytes.subarray(IV_BYTES, -TAG_BYTES)
      const tag = bytes.subarray(-TAG_BYTES)
      for (const key of keys) {
        const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
        decipher.setAuthTag(tag)
        try {
          const opened = Buffer.concat([decipher.update(sealed), decipher.final()])
          const value: unknown = JSON.parse(opened.toString('utf8'))
          return value
        } catch {
          // Sealed under another secret, or not by us: the next one decides.
        }
      }
      return undefined
    },
  }
}
