import { generateKeyPair, randomUUID, sign } from 'node:crypto'
import { promisify } from 'node:util'

/** A key for ID tokens, made anew at each start. */
export async function createSigningKey() {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const kid = randomUUID()
  return {
    published: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' },
    /** A JWT by RS256 (RFC 7515 §3.1). */
    signed(claims) {
      const input = `${encoded({ alg: 'RS256', kid, typ: 'JWT' })}.${encoded(claims)}`
      return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`
    },
  }
}

function encoded(part) {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
