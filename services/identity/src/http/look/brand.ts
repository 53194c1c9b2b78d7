import { createHash } from 'node:crypto'
import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import { isLoopbackHost } from '../../domain/oauth/redirect-uri.ts'
import type { Brand } from '../../domain/settings/brand.ts'
import { pictureOf } from '../../domain/settings/logo.ts'
import type { Settings } from '../../domain/settings/settings.ts'
import { accentStyle, accentTokens } from './accent.ts'
import { IMMUTABLE } from './assets.ts'
import { type Look, setLook } from './look.ts'
import { webUrl } from '../safe-url.ts'

interface ServedFile {
  readonly url: string
  readonly body: Buffer
  readonly type: string
}

/** A brand as the pages need it: what they refer to, and the files behind that. */
export interface Branding {
  readonly look: Look
  readonly style: ServedFile | undefined
  readonly picture: ServedFile | undefined
}

/** The branding in force; it follows the settings, which are the same object until they change. */
export function createBranding(settings: () => Settings, issuer: URL): () => Branding {
  const isLocal = isLoopbackHost(issuer.hostname)
  let given: Brand | undefined
  let made: Branding = { look: { isLocal }, style: undefined, picture: undefined }
  return () => {
    const { brand } = settings()
    if (brand !== given && JSON.stringify(brand) !== JSON.stringify(given))
      made = dress(brand, isLocal)
    given = brand
    return made
  }
}

function dress({ name, accent_color, logo_uri, css = '' }: Brand, isLocal: boolean): Branding {
  const accent = accent_color === undefined ? undefined : accentTokens(accent_color).light.accent
  // The tokens come first: nothing in the operator's own style can make them void.
  const text = `${accent_color === undefined ? '' : accentStyle(accent_color)}${css}`
  const style =
    text === '' ? undefined : file('brand', '.css', 'text/css; charset=utf-8', Buffer.from(text))
  const drawn = logo_uri === undefined ? undefined : pictureOf(logo_uri)
  const picture = drawn === undefined ? undefined : file('logo', '', drawn.type, drawn.bytes)
  const logo = picture?.url ?? shownLogo(logo_uri, isLocal)
  return { look: { product: name, logo, style: style?.url, accent, isLocal }, style, picture }
}

/** Elsewhere than on its developer's machine, a page must not make browsers fetch from the person's own computer. */
function shownLogo(uri: string | undefined, isLocal: boolean): string | undefined {
  const url = webUrl(uri)
  return url?.startsWith('https:') === true || isLocal ? url : undefined
}

function file(name: string, extension: string, type: string, body: Buffer): ServedFile {
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 12)
  return { url: `/assets/${name}.${hash}${extension}`, body, type }
}

const ADDRESSES = { style: '/assets/brand.:hash.css', picture: '/assets/logo.:hash' } as const

/** Gives every request the look of its pages, and serves the operator's style and logo from memory. */
export function brand(branding: () => Branding): FastifyPluginAsync {
  return fp(async (app) => {
    app.addHook('onRequest', async (request) => {
      setLook(request, branding().look)
    })
    for (const part of ['style', 'picture'] as const)
      app.get(ADDRESSES[part], (request, reply) => {
        const served = branding()[part]
        if (served === undefined) return reply.callNotFound()
        // Another process may have heard of a change sooner or later: then what is in force here, for once.
        const isNamed = request.url === served.url
        return reply
          .headers({
            'cache-control': isNamed ? IMMUTABLE : 'no-store',
            'x-content-type-options': 'nosniff',
            // A drawing that is opened by itself is a document: it must run nothing in our name.
            'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
          })
          .type(served.type)
          .send(served.body)
      })
  })
}
