import { toldAcr } from '../../domain/authorization/assurance.ts'
import type { Codes } from '../../domain/authorization/code.ts'
import type { AuthorizationRequest } from '../../domain/authorization/request.ts'
import type { Standing } from '../../domain/sessions/session.ts'
import { addSeconds } from '../../platform/clock.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'

/** An authorization code for what was asked and granted; writes nothing, its first redemption does. */
export function issueCode(
  codes: Codes,
  request: AuthorizationRequest,
  { session }: Standing,
  now: Date,
  ttlSeconds: number,
): string {
  return codes.seal({
    grantId: uuidv7(now),
    clientId: request.client.id,
    redirectUri: request.redirect.uri,
    codeChallenge: request.codeChallenge,
    userId: session.userId,
    sessionId: session.id,
    scopes: request.scopes,
    resources: request.resources.map(({ identifier }) => identifier),
    claims: request.claims,
    nonce: request.nonce,
    authTime: session.authTime,
    amr: session.amr,
    acr: toldAcr(request, session.acr),
    expiresAt: addSeconds(now, ttlSeconds),
  })
}
