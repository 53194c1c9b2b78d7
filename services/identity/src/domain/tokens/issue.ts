import { createHash } from 'node:crypto'
import { epochSeconds } from '../../platform/clock.ts'
import { signJws } from '../../platform/crypto/jws.ts'
import type { ClaimsRequest } from '../authorization/claims-request.ts'
import type { Grant } from '../grants/grant.ts'
import type { KeySet, Signer } from '../keys/key-set.ts'
import { userClaims } from '../users/claims.ts'
import { grantTokenId, machineTokenId } from './token-id.ts'

export interface TokenIssuer {
  /** Access token of a person's grant. All of it follows from the grant's row, so it can be repeated exactly. */
  grantAccessToken(grant: Grant, scopes: readonly string[], ttlSeconds: number): Promise<string>
  /** Access token of a client acting for itself (RFC 9068 §2.2: `sub` is the client). */
  clientAccessToken(token: ClientToken): Promise<string>
  idToken(grant: Grant, token: IdTokenRequest): Promise<string>
}

export interface ClientToken {
  readonly clientId: string
  readonly audience: string
  readonly scopes: readonly string[]
  readonly at: Date
  readonly ttlSeconds: number
}

export interface IdTokenRequest {
  readonly nonce: string | undefined
  readonly accessToken: string
  readonly ttlSeconds: number
}

export function createTokenIssuer(issuer: string, keys: KeySet): TokenIssuer {
  return {
    async grantAccessToken(grant, scopes, ttlSeconds) {
      const iat = epochSeconds(grant.rotatedAt)
      return sign(keys.signer(grant.rotatedAt), 'at+jwt', {
        iss: issuer,
        sub: grant.user.id,
        aud: grant.issuedAudience,
        client_id: grant.clientId,
        iat,
        exp: iat + ttlSeconds,
        jti: grantTokenId(grant.id, grant.generation, {
          audience: grant.issuedAudience,
          scopes,
        }),
        scope: scopes.join(' '),
        sid: grant.sessionId,
        auth_time: epochSeconds(grant.authTime),
        acr: grant.acr,
        amr: [...grant.amr],
        roles: [...grant.user.roles],
      })
    },

    async clientAccessToken({ clientId, audience, scopes, at, ttlSeconds }) {
      const iat = epochSeconds(at)
      return sign(keys.signer(at), 'at+jwt', {
        iss: issuer,
        sub: clientId,
        aud: audience,
        client_id: clientId,
        iat,
        exp: iat + ttlSeconds,
        jti: machineTokenId(at),
        scope: scopes.join(' '),
      })
    },

    async idToken(grant, { nonce, accessToken, ttlSeconds }) {
      const iat = epochSeconds(grant.rotatedAt)
      return sign(keys.signer(grant.rotatedAt), 'JWT', {
        ...userClaims(grant.user, claimNames(grant.claimsRequest)),
        iss: issuer,
        sub: grant.user.id,
        aud: grant.clientId,
        iat,
        exp: iat + ttlSeconds,
        auth_time: epochSeconds(grant.authTime),
        acr: grant.acr,
        amr: [...grant.amr],
        sid: grant.sessionId,
        at_hash: leftHalfHash(accessToken),
        ...(nonce === undefined ? {} : { nonce }),
      })
    },
  }
}

async function sign({ kid, alg, privateKey }: Signer, typ: string, claims: object) {
  return signJws({ alg, kid, typ }, claims, privateKey)
}

/** OIDC Core 1.0 §5.4: with an access token, scope claims are at userinfo; here only what `claims` asked for. */
function claimNames(request: ClaimsRequest | null): string[] {
  return Object.keys(request?.id_token ?? {})
}

/** `at_hash` of OIDC Core 1.0 §3.1.3.6 for algorithms on SHA-256. */
function leftHalfHash(token: string): string {
  return createHash('sha256').update(token, 'ascii').digest().subarray(0, 16).toString('base64url')
}
