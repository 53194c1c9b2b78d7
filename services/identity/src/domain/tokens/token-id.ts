import { sha256 } from '../../platform/crypto/hash.ts'
import { isUuid, uuidv7 } from '../../platform/crypto/uuid.ts'

/**
 * The `jti` of a grant's access token is the grant and its generation: unique, the same when an answer is
 * repeated, and the way back to the grant without a lookup table.
 */
export function grantTokenId(
  grantId: string,
  generation: number,
  content: { readonly audience: string; readonly scopes: readonly string[] },
): string {
  // What it is for is part of it: one generation may be asked for tokens of several APIs.
  const variant = sha256([content.audience, ...content.scopes].join(' ')).slice(0, 8)
  return `${grantId}.${generation}.${variant}`
}

/** The `jti` of a token that no person is behind. */
export function machineTokenId(at: Date): string {
  return uuidv7(at)
}

/** The grant an access token came from, or undefined for client credentials. */
export function grantOfTokenId(jti: string): string | undefined {
  const [id = '', generation] = jti.split('.')
  return generation !== undefined && isUuid(id) ? id : undefined
}
