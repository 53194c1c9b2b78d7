import type { JWTPayload } from 'jose'
import { epochSeconds } from '../../platform/clock.ts'
import { verifyJws } from '../../platform/crypto/jws.ts'
import type { KeySet } from '../keys/key-set.ts'

export interface TokenVerifier {
  /** Claims of an access token of ours that has not expired, or undefined. Whether it was revoked is the grant's to say. */
  accessToken(token: string, now: Date): Promise<AccessTokenClaims | undefined>
  /** Claims of an ID token of ours given back as a hint; expired ones count (RP-Initiated Logout 1.0 §2). */
  idTokenHint(token: string): Promise<IdTokenHint | undefined>
}

export interface AccessTokenClaims extends JWTPayload {
  readonly iss: string
  readonly sub: string
  readonly aud: string
  readonly client_id: string
  readonly iat: number
  readonly exp: number
  readonly jti: string
  readonly scope: string
}

export interface IdTokenHint {
  readonly subject: string
  readonly clientId: string
  readonly sessionId: string | undefined
}

/** A token of ours never comes near this; bounded before anything parses it. */
const MAX_TOKEN_CHARACTERS = 8192

export function createTokenVerifier(issuer: string, keys: KeySet): TokenVerifier {
  function payload(token: string, typ: 'at+jwt' | 'JWT'): JWTPayload | undefined {
    if (token.length > MAX_TOKEN_CHARACTERS) return undefined
    const claims = verifyJws(token, (kid) => keys.verificationKey(kid), typ)
    return claims?.['iss'] === issuer ? claims : undefined
  }

  return {
    async accessToken(token, now) {
      const claims = payload(token, 'at+jwt')
      if (claims === undefined || !isAccessToken(claims)) return undefined
      return claims.exp > epochSeconds(now) ? claims : undefined
    },
    async idTokenHint(token) {
      // Whatever its age: a hint is not a credential, and by sign-out it has often expired.
      const claims = payload(token, 'JWT')
      if (claims === undefined || typeof claims.sub !== 'string' || typeof claims.aud !== 'string')
        return undefined
      const sid = claims['sid']
      return {
        subject: claims.sub,
        clientId: claims.aud,
        sessionId: typeof sid === 'string' ? sid : undefined,
      }
    },
  }
}

function isAccessToken(claims: JWTPayload): claims is AccessTokenClaims {
  return (
    typeof claims.sub === 'string' &&
    typeof claims.aud === 'string' &&
    typeof claims['client_id'] === 'string' &&
    typeof claims.iat === 'number' &&
    typeof claims.exp === 'number' &&
    typeof claims.jti === 'string' &&
    typeof claims['scope'] === 'string'
  )
}
