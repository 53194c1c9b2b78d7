import type { FastifyReply, FastifyRequest } from 'fastify'
import { appIdentity } from '../../http/app-identity.ts'
import type { Browsers } from '../../http/session/browser.ts'
import type { Conversation } from '../../http/conversation.ts'
import { languageOf } from '../../http/language/language.ts'
import { sendPage } from '../../http/send-page.ts'
import { type PasskeyPageProps, passkeyView } from './view.tsx'

const STATUS = { wrong: 401, failed: 422, throttled: 429 } as const

/** Sends a page that asks for a passkey; with a problem, under the status that belongs to it. */
export function sendPasskeyPage(
  browsers: Browsers,
  request: FastifyRequest,
  reply: FastifyReply,
  current: Conversation | undefined,
  page: Omit<PasskeyPageProps, 'words' | 'action' | 'csrf' | 'app'>,
): FastifyReply {
  const { title, problem } = page
  const { words } = languageOf(request)
  const app = current === undefined ? undefined : appIdentity(current.request.client)
  const csrf = browsers.csrfToken(request, reply)
  if (problem !== undefined) void reply.status(STATUS[problem.kind])
  if (problem?.kind === 'throttled')
    void reply.header('retry-after', String(problem.retryAfterSeconds))
  const body = passkeyView({ ...page, words, action: request.url, csrf, app })
  return sendPage(reply, { title, body, app, error: problem !== undefined })
}
