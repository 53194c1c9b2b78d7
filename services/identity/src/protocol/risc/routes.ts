import type { FastifyPluginAsync } from 'fastify'
import { providerTold } from '../../domain/identities/provider-told.ts'
import { OAuthError } from '../../domain/oauth/error.ts'
import type { Provider } from '../../domain/upstream/provider.ts'
import { createSecurityEvents } from '../../domain/upstream/security-event.ts'
import { paths } from '../../http/paths.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'

export interface RiscDeps {
  readonly google: Provider
  readonly database: Database
  readonly clock: Clock
  readonly ratePerMinute: () => number
}

/** Cross-Account Protection: Google tells that an account there is in danger, and our sessions of it end (RFC 8935). */
export function risc(deps: RiscDeps): FastifyPluginAsync {
  const { google } = deps
  const check = createSecurityEvents(google)
  return async (app) => {
    const types = ['application/secevent+jwt', 'application/jwt']
    app.addContentTypeParser(types, { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    )
    const config = { rateLimit: { max: deps.ratePerMinute, timeWindow: 60_000 } }
    app.post(paths.riscReceiver, { config }, async (request, reply) => {
      const token = typeof request.body === 'string' ? request.body.trim() : ''
      const checked = await check(token)
      if (checked.kind === 'unavailable') {
        request.log.warn({ reason: checked.reason }, 'a security event cannot be checked')
        throw new OAuthError('temporarily_unavailable', 'try again in a moment', {
          status: 503,
          headers: { 'retry-after': '60' },
          why: { check: 'unavailable' },
        })
      }
      if (checked.kind === 'invalid') {
        request.log.warn({ reason: checked.reason }, 'a security event was refused')
        // RFC 8935 §2.3: in members of its own, not in those of OAuth.
        const description = 'this is no security event for this service'
        return reply
          .status(400)
          .header('content-language', 'en')
          .send({ err: checked.err, description })
      }
      if (checked.kind === 'event')
        await providerTold(deps, google.issuer, checked.event, request.ip)
      // RFC 8935 §2.2: taken; whether we know the person is nobody's business.
      return reply.status(202).send()
    })
  }
}
