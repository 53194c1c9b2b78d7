import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { AuditStore } from '../../domain/audit/store.ts'
import type { AcceptDeps } from '../../domain/passkeys/accept.ts'
import { checkPasskeySignIn } from '../../domain/passkeys/sign-in.ts'
import { AAL2 } from '../../domain/oauth/acr.ts'
import type { Settings } from '../../domain/settings/settings.ts'
import type { Browsers } from '../../http/session/browser.ts'
import type { Conversations } from '../../http/conversation.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import type { Passkeys } from '../../http/sign-in/passkeys.ts'
import { paths, withOnward } from '../../http/paths.ts'
import { peerNetwork } from '../../http/peer-address.ts'
import type { SignInGate } from '../../http/sign-in/gate.ts'
import { sendPasskeyPage } from './page.ts'
import type { PasskeyProblem } from './view.tsx'
import { type Way, wayOf } from '../../http/sign-in/way.ts'

export interface PasskeySignInDeps extends AcceptDeps {
  readonly passkeys: Passkeys
  readonly conversations: Conversations
  readonly browsers: Browsers
  readonly gate: SignInGate
  readonly audit: AuditStore
  readonly settings: () => Settings
  readonly ratePerMinute: () => number
}

/** Signing in by passkey alone: the page of its own, and what the button of the sign-in page leads to. */
export function signInByPasskey(deps: PasskeySignInDeps): FastifyPluginAsync {
  const { passkeys, conversations, browsers, gate, audit, settings } = deps

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    { current, onward }: Way,
    problem?: PasskeyProblem,
  ) {
    const { submit, lead, other } = languageOf(request).words.passkeys.signIn
    return sendPasskeyPage(browsers, request, reply, current, {
      prompt: passkeys.forSignIn(request, reply),
      title: submit,
      lead,
      submit,
      problem,
      other: { label: other, href: withOnward(paths.login, onward) },
    })
  }

  return async (app) => {
    app.get(paths.passkey, async (request, reply) =>
      show(request, reply, await wayOf(request, conversations)),
    )

    const rateLimit = { max: deps.ratePerMinute, timeWindow: 60_000 }
    const config = { rateLimit, formOutlivesSignIn: true }
    app.post(paths.passkey, { config }, async (request, reply) => {
      const way = await wayOf(request, conversations)
      const { answer } = readForm(request, ['answer'])
      const { ip } = request
      const clientId = way.current?.request.client.id
      const attempt = {
        answer,
        browser: browsers.known(request),
        ip,
        network: peerNetwork(request),
        failuresPerHour: settings().sign_in_failures_per_hour_and_network,
      }
      const { cloned } = passkeys.letters(request)
      const checked = await checkPasskeySignIn(deps, passkeys.party(request), attempt, cloned)
      const detail = { by: 'passkey' }
      if (checked.kind === 'throttled') {
        await audit.record({ event: 'sign_in_throttled', clientId, ip, detail })
        return show(request, reply, way, checked)
      }
      if (checked.kind === 'right') {
        const { userId, email, amr } = checked
        const proof = { userId, email, amr, acr: AAL2, password: undefined }
        if ((await gate.admit(request, reply, proof, way.onward)) === 'answered') return reply
      } else request.log.info({ reason: checked.reason }, 'a passkey was refused')
      // Unknown, another's, made up, used before, of a closed account: nobody is told which.
      const { userId } = checked
      await audit.record({ event: 'sign_in_failed', userId, clientId, ip, detail })
      return show(request, reply, way, { kind: 'wrong' })
    })
  }
}
