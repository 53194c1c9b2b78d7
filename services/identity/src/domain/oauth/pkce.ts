import { sha256, equalInConstantTime } from '../../platform/crypto/hash.ts'

/** An S256 challenge: 32 bytes in base64url, always 43 characters (RFC 7636 §4.2). */
export function isCodeChallenge(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text)
}

/** Whether the verifier has the form of RFC 7636 §4.1 and hashes to the challenge (§4.6). */
export function verifierMatches(verifier: string, challenge: string): boolean {
  return (
    /^[A-Za-z0-9._~-]{43,128}$/.test(verifier) && equalInConstantTime(sha256(verifier), challenge)
  )
}
