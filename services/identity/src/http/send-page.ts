import type { FastifyReply } from 'fastify'
import type { VNode } from 'preact'
import { type AppIdentity, type Locale, renderPage } from './page.tsx'
import { en } from './words/en.ts'
import type { Words } from './words/words.ts'

export const words: Words = en
export const locale: Locale = { lang: 'en', dir: 'ltr' }

export interface PageContent {
  readonly title: string
  readonly body: VNode
  readonly app?: AppIdentity | undefined
  /** The page reports a problem: its title says so first. */
  readonly error?: boolean
}

/** Sends a page; its headers are the front channel's. */
export function sendPage(reply: FastifyReply, content: PageContent): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(renderPage({ words, locale, ...content }))
}
