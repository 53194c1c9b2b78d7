import type { FastifyPluginAsync } from 'fastify'
import { backChannel } from '../http/back-channel.ts'
import { introspect } from '../protocol/introspect/routes.ts'
import { risc } from '../protocol/risc/routes.ts'
import { revoke } from '../protocol/revoke/routes.ts'
import { authorizationCode } from '../protocol/token/grants/authorization-code.ts'
import { clientCredentials } from '../protocol/token/grants/client-credentials.ts'
import { createGrantTokens } from '../protocol/token/grants/grant-tokens.ts'
import { refreshToken } from '../protocol/token/grants/refresh-token.ts'
import { token } from '../protocol/token/routes.ts'
import { userinfo } from '../protocol/userinfo/routes.ts'
import type { Parts } from './parts.ts'

/** Wires what programs talk to. */
export function endpoints(parts: Parts): FastifyPluginAsync {
  const resources = async () => parts.resources.get('all')
  const tokens = createGrantTokens({ ...parts, issuer: parts.tokenIssuer, resources })
  const slices = [
    token({
      ...parts,
      grants: {
        authorization_code: authorizationCode({ ...parts, tokens }),
        refresh_token: refreshToken({ ...parts, tokens }),
        client_credentials: clientCredentials({ ...parts, tokens: parts.tokenIssuer, resources }),
      },
    }),
    userinfo(parts),
    introspect(parts),
    revoke(parts),
    ...parts.providers
      .filter(({ kind }) => kind === 'google')
      .map((google) => risc({ ...parts, google })),
  ]
  return backChannel(slices, parts.faults)
}
