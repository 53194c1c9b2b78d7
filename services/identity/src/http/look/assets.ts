import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { extname } from 'node:path'
import type { FastifyPluginAsync } from 'fastify'

interface Asset {
  readonly body: Buffer
  readonly type: string
}

// This file runs as dist/src/http/assets.js.
const folder = new URL('../../../../assets/', import.meta.url)
const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
}
/** For what changes its address with its content. */
export const IMMUTABLE = 'public, max-age=31536000, immutable'
const daily = 'public, max-age=86400'

const served = new Map<string, Asset>()
const urls = new Map<string, string>()

for (const name of readdirSync(folder)) {
  const extension = extname(name)
  const type = types[extension]
  if (type === undefined) continue
  const content = readFileSync(new URL(name, folder))
  const body = extension === '.css' ? compact(content) : content
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 12)
  const hashed = `${name.slice(0, -extension.length)}.${hash}${extension}`
  served.set(hashed, { body, type })
  urls.set(name, `/assets/${hashed}`)
}

/** A style sheet as it travels: what is there for its readers, comments and white space, stays at home. */
function compact(sheet: Buffer): Buffer {
  const text = sheet
    .toString()
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':')
    .replaceAll(';}', '}')
  return Buffer.from(text.trim())
}

/** The address of a file of the assets folder; it changes with the content. Throws when there is no such file. */
export function assetUrl(name: string): string {
  const url = urls.get(name)
  if (url === undefined) throw new Error(`no asset named ${name}`)
  return url
}

/** Serves style, scripts and the mark from memory. */
export const assets: FastifyPluginAsync = async (app) => {
  const favicon = served.get(assetUrl('favicon.svg').slice('/assets/'.length))

  app.get<{ Params: { file: string } }>('/assets/:file', (request, reply) => {
    const asset = served.get(request.params.file)
    if (asset === undefined) return reply.callNotFound()
    return reply
      .headers({ 'cache-control': IMMUTABLE, 'x-content-type-options': 'nosniff' })
      .type(asset.type)
      .send(asset.body)
  })

  // Browsers ask for these two by name, without reading a page first.
  for (const path of ['/favicon.ico', '/assets/favicon.svg']) {
    app.get(path, (_request, reply) =>
      reply
        .headers({ 'cache-control': daily, 'x-content-type-options': 'nosniff' })
        .type('image/svg+xml; charset=utf-8')
        .send(favicon?.body),
    )
  }
}
