import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { ClaimsRequest } from './claims-request.ts'

/** What an authorization code stands for; sealed into the code itself. */
export interface CodeContent {
  /** The id of the grant that redeeming makes: a second redemption meets the first one's row. */
  readonly grantId: string
  readonly clientId: string
  readonly redirectUri: string
  readonly codeChallenge: string | undefined
  readonly userId: string
  readonly sessionId: string
  readonly scopes: readonly string[]
  readonly resources: readonly string[]
  readonly claims: ClaimsRequest | undefined
  readonly nonce: string | undefined
  readonly authTime: Date
  readonly amr: readonly string[]
  readonly acr: string
  readonly expiresAt: Date
}

/** Seals and opens authorization codes (RFC 6749 §4.1.2); single use is decided by the grant's row. */
export function createCodes(ring: KeyRing) {
  return {
    seal(content: CodeContent): string {
      return ring.seal('authorization-code', JSON.stringify(content))
    },
    /** The content, expired or not, or undefined when the code is not one of ours. */
    open(code: string): CodeContent | undefined {
      const text = ring.open('authorization-code', code)
      if (text === undefined) return undefined
      const content = JSON.parse(text) as CodeContent
      return {
        ...content,
        authTime: new Date(content.authTime),
        expiresAt: new Date(content.expiresAt),
      }
    },
  }
}
export type Codes = ReturnType<typeof createCodes>
