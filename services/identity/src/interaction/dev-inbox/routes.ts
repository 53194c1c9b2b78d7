import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyPluginAsync } from 'fastify'
import type { Outbox } from '../../domain/mail/store.ts'
import { single, toParameters } from '../../domain/oauth/parameters.ts'
import { parseEmail } from '../../domain/users/email.ts'
import { paths } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import { type InboxMessage, toMessage } from './message.ts'
import { inboxTitle, inboxView } from './view.tsx'

export interface DevInboxDeps {
  readonly outbox: Outbox
  readonly from: string
}

const MAX_MESSAGES = 100
/** On the page, which weighs no more than any other. */
const MAX_SHOWN = 20
const MAX_WAIT_SECONDS = 30
const LOOK_AGAIN_MS = 50

/** The inbox of development: every mail, for people on a page and for tests as JSON. Never beyond loopback. */
export function devInbox({ outbox, from }: DevInboxDeps): FastifyPluginAsync {
  async function messages(to: string | undefined): Promise<InboxMessage[]> {
    const address = to === undefined ? undefined : (parseEmail(to) ?? to)
    const letters = await outbox.latest(MAX_MESSAGES)
    return letters
      .map((letter) => toMessage(letter, from))
      .filter((message) => address === undefined || message.to === address)
  }

  return async (app) => {
    app.get(paths.inbox, async (_request, reply) => {
      const all = await messages(undefined)
      const body = inboxView(all.slice(0, MAX_SHOWN), all.length > MAX_SHOWN)
      return sendPage(reply, { title: inboxTitle, body, style: 'inbox.css' })
    })

    app.get(paths.inboxMessages, async (request, reply) => {
      const query = toParameters(request.query)
      const seconds = Math.min(MAX_WAIT_SECONDS, Number(single(query, 'wait_s') ?? 0) || 0)
      const deadline = performance.now() + seconds * 1000
      let found = await messages(single(query, 'to'))
      while (found.length === 0 && performance.now() < deadline) {
        await wait(LOOK_AGAIN_MS)
        found = await messages(single(query, 'to'))
      }
      return reply.send(found)
    })
  }
}
