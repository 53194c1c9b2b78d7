import type { CryptoKey } from 'jose'
import type { AccessToken } from './access-token.ts'

export interface VerifiedToken {
  readonly token: AccessToken
  readonly kid: string
  readonly alg: string
  /** The key that verified it: the entry is worth nothing once the issuer's key is another object. */
  readonly key: CryptoKey
}

const MAX_ENTRIES = 500

/** Remembers tokens whose signature was good, least recently used out first. */
export function createVerifiedTokens(maxEntries = MAX_ENTRIES) {
  const entries = new Map<string, VerifiedToken>()
  return {
    get(text: string): VerifiedToken | undefined {
      const entry = entries.get(text)
      if (entry !== undefined) {
        entries.delete(text)
        entries.set(text, entry)
      }
      return entry
    },
    set(text: string, entry: VerifiedToken): void {
      entries.set(text, entry)
      if (entries.size > maxEntries) {
        for (const oldest of entries.keys()) {
          entries.delete(oldest)
          break
        }
      }
    },
    delete(text: string): void {
      entries.delete(text)
    },
    get size(): number {
      return entries.size
    },
  }
}
