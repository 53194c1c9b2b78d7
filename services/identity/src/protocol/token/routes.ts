import type { FastifyPluginAsync } from 'fastify'
import { GRANT_TYPES } from '../../domain/clients/client.ts'
import { explainGrantType } from '../../domain/faults/explain-client.ts'
import { OAuthError } from '../../domain/oauth/error.ts'
import { single } from '../../domain/oauth/parameters.ts'
import { formParameters } from '../../http/back-channel.ts'
import type { ClientAuthentication } from '../../http/client-authentication.ts'
import { allowClientOrigin, preflight } from '../../http/cors.ts'
import type { FaultReport } from '../../http/errors/fault-report.ts'
import { paths } from '../../http/paths.ts'
import type { Clock } from '../../platform/clock.ts'
import type { TokenGrant } from './grant.ts'

export interface TokenDeps {
  readonly authenticate: ClientAuthentication
  readonly grants: Readonly<Record<(typeof GRANT_TYPES)[number], TokenGrant>>
  readonly faults: FaultReport
  readonly clock: Clock
}

/** The token endpoint: 1 form, 2 client, 3 grant type, 4 may the client use it, then the grant. */
export function token({ authenticate, grants, faults, clock }: TokenDeps): FastifyPluginAsync {
  return async (app) => {
    await app.register(preflight(paths.token, 'POST'))
    app.post(paths.token, async (request, reply) => {
      const form = formParameters(request)
      const client = await authenticate(request, form)
      allowClientOrigin(request, reply, client, faults)
      const asked = single(form, 'grant_type')
      if (asked === undefined)
        throw new OAuthError('invalid_request', 'grant_type is missing', {
          why: { check: 'grant_type_missing' },
        })
      const type = GRANT_TYPES.find((known) => known === asked)
      if (type === undefined)
        throw new OAuthError('unsupported_grant_type', 'grant_type is not supported', {
          why: {
            check: 'grant_type_unsupported',
            expected: { grant_type: GRANT_TYPES.join(' or ') },
            received: { grant_type: asked },
          },
        })
      if (!client.metadata.grant_types.includes(type))
        throw new OAuthError('unauthorized_client', `the client may not use ${type}`, {
          why: explainGrantType(
            'grant_type_not_allowed',
            client.id,
            client.metadata.grant_types,
            type,
          ),
        })
      return grants[type]({ client, form, now: clock(), ip: request.ip })
    })
  }
}
