import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { isUuid } from '../../platform/crypto/uuid.ts'

/** What a refresh token says of itself; the grant's row says whether it still holds. */
export interface RefreshTokenContent {
  readonly grantId: string
  readonly generation: number
  readonly salt: string
}

/**
 * Refresh tokens carry their own proof, so that the database sees genuine ones only and rotation writes no token
 * anywhere: `grant . generation . salt . key id . MAC`. Forging one takes the key ring and the row's salt.
 */
export function createRefreshTokens(ring: KeyRing) {
  return {
    format({ grantId, generation, salt }: RefreshTokenContent): string {
      const content = `${grantId}.${generation}.${salt}`
      return `${content}.${ring.mac('refresh-token', content)}`
    },
    /** The content of a genuine token, or undefined. */
    parse(token: string): RefreshTokenContent | undefined {
      const parts = token.split('.')
      const [grantId, generation, salt, keyId, tag] = parts
      if (parts.length !== 5 || grantId === undefined || generation === undefined) return undefined
      if (salt === undefined || !isUuid(grantId) || !/^[1-9]\d{0,8}$/.test(generation))
        return undefined
      const genuine = ring.verifyMac(
        'refresh-token',
        `${grantId}.${generation}.${salt}`,
        `${keyId}.${tag}`,
      )
      return genuine ? { grantId, generation: Number(generation), salt } : undefined
    },
  }
}
export type RefreshTokens = ReturnType<typeof createRefreshTokens>
