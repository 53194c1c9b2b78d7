import type { FastifyPluginAsync } from 'fastify'
import { createAuditStore } from '../../domain/audit/store.ts'
import { createConsentStore } from '../../domain/consents/store.ts'
import { permissionsOf } from '../../domain/oauth/scope.ts'
import type { Standing } from '../../domain/sessions/session.ts'
import { appIdentity } from '../../http/app-identity.ts'
import type { AuthorizationResponse } from '../../http/authorization-response.tsx'
import type { Browsers } from '../../http/session/browser.ts'
import type { Conversation, Conversations } from '../../http/conversation.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { PageError } from '../../http/errors/page-error.ts'
import type { Presence } from '../../http/session/presence.ts'
import { paths, stepPath } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { consentScopes } from './consent-scopes.ts'
import { consentTitle, consentView } from './view.tsx'

export interface ConsentDeps {
  readonly conversations: Conversations
  readonly presence: Presence
  readonly database: Database
  readonly browsers: Browsers
  readonly respond: AuthorizationResponse
  readonly clock: Clock
}

/** The consent step: asks the person, records a yes, returns to the authorization endpoint. */
export function consent(deps: ConsentDeps): FastifyPluginAsync {
  const { conversations, presence, database, browsers, respond, clock } = deps

  async function allow(
    { request: asked }: Conversation,
    { account, session }: Standing,
    ip: string,
  ) {
    const permissions = permissionsOf(asked.consentScopes, asked.resources)
    const clientId = asked.client.id
    await database.db.transaction(async (tx) => {
      await createConsentStore(tx).grant(account.id, clientId, permissions, clock())
      const ids = { userId: account.id, clientId, sessionId: session.id }
      await createAuditStore(tx, clock).record({
        event: 'consent_granted',
        ...ids,
        ip,
        detail: { permissions },
      })
    })
  }

  return async (app) => {
    app.get(paths.consent, async (request, reply) => {
      const current = await conversations.resume(request)
      const asking = await presence.standing(request, current.request.client.id)
      // Signed out meanwhile: the dispatcher knows what comes first.
      if (asking === undefined) return reply.redirect(stepPath('authorize', current.sealed), 303)
      const { client, redirect } = current.request
      const identity = appIdentity(client)
      const { words } = languageOf(request)
      const { name } = asking.account.claims
      const props = {
        words,
        action: request.url,
        csrf: browsers.csrfToken(request, reply),
        app: identity,
        account: { name, email: asking.account.email },
        scopes: consentScopes(current.request, asking.permissions, words),
        redirectHost: new URL(redirect.uri).host || new URL(redirect.uri).protocol,
        redirectUri: redirect.uri,
      }
      return sendPage(reply, {
        title: consentTitle(props),
        body: consentView(props),
        app: identity,
      })
    })

    app.post(paths.consent, async (request, reply) => {
      const current = await conversations.resume(request)
      const { decision } = readForm(request, ['decision'])
      const asking = await presence.standing(request, current.request.client.id)
      if (asking === undefined) return reply.redirect(stepPath('authorize', current.sealed), 303)
      const { redirect, client } = current.request
      switch (decision) {
        case 'allow':
          await allow(current, asking, request.ip)
          return reply.redirect(stepPath('authorize', current.sealed), 303)
        case 'switch':
          return reply.redirect(`${stepPath('login', current.sealed)}&switch=1`, 303)
        case 'deny': {
          const ids = { userId: asking.account.id, clientId: client.id }
          const audit = createAuditStore(database.db, clock)
          await audit.record({ event: 'consent_refused', ...ids, ip: request.ip })
          return respond(reply, redirect, {
            error: 'access_denied',
            error_description: 'the person did not allow it',
            why: { check: 'person_refused' },
          })
        }
        default:
          throw new PageError('invalid_request', {
            hint: 'decision is none of allow, deny, switch',
          })
      }
    })
  }
}
