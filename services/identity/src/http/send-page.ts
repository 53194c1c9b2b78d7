import type { FastifyReply } from 'fastify'
import type { VNode } from 'preact'
import { languageOf } from './language.ts'
import { type AppIdentity, renderPage } from './page.tsx'

export interface PageContent {
  readonly title: string
  readonly body: VNode
  readonly app?: AppIdentity | undefined
  /** The page reports a problem: its title says so first. */
  readonly error?: boolean
  /** Puts the body on the page, see renderPage. */
  readonly frame?: (body: VNode) => VNode
}

/** Sends a page in the language of its request; its headers are the front channel's. */
export function sendPage(reply: FastifyReply, content: PageContent): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .send(renderPage({ ...languageOf(reply.request), ...content }))
}
