import type { FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import { languageOf } from './language/language.ts'
import { type Look, lookOf } from './look/look.ts'
import { ownAddress } from './own-address.ts'
import type { AppIdentity } from './parts/app-identity.ts'
import { renderPage } from './page.tsx'
import { webUrl } from './safe-url.ts'
import { pagePolicy } from './security-headers.ts'

export interface PageContent {
  readonly title: string
  readonly body: VNode
  readonly app?: AppIdentity | undefined
  /** The page reports a problem: its title says so first. */
  readonly error?: boolean
  /** A style sheet of the assets folder beside the one of every page. */
  readonly style?: string
  /** Puts the body on the page, see renderPage. */
  readonly frame?: (body: VNode) => VNode
}

/**
 * Sends a page in the language of its request and the look of this installation; its headers are the front channel's.
 */
export function sendPage(reply: FastifyReply, content: PageContent): FastifyReply {
  const { request } = reply
  const look = lookOf(request)
  const origins = localPictures(look, content.app)
  if (origins.length > 0) void reply.header('content-security-policy', pagePolicy(origins))
  return reply
    .type('text/html; charset=utf-8')
    .send(renderPage({ ...languageOf(request), look, here: here(request), ...content }))
}

/** The page that a link leads to for the same in another language: by GET, as links do. */
function here({ method, url, server, routeOptions }: FastifyRequest): string {
  const isThere =
    method === 'GET' || server.hasRoute({ method: 'GET', url: routeOptions.url ?? '' })
  return isThere ? ownAddress(url) : '/'
}

/** Where logos come from over plain http: the policy of every page allows only https, and developers have none. */
function localPictures({ isLocal, logo }: Look, app: AppIdentity | undefined): string[] {
  if (isLocal !== true) return []
  return [logo, app?.logoUri].flatMap((uri) => {
    const url = webUrl(uri)
    return url?.startsWith('http:') === true ? [new URL(url).origin] : []
  })
}
