import { randomBytes } from 'node:crypto'

/** An unguessable value for cookies, links and salts, base64url. */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url')
}
