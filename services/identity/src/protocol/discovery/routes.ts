import type { FastifyPluginAsync } from 'fastify'
import type { KeySet } from '../../domain/keys/key-set.ts'
import type { Resource } from '../../domain/resources/resource.ts'
import { paths } from '../../http/paths.ts'
import type { Clock } from '../../platform/clock.ts'
import type { TimedCache } from '../../platform/timed-cache.ts'
import { metadata } from './metadata.ts'

export interface DiscoveryDeps {
  readonly issuer: string
  readonly resources: TimedCache<readonly Resource[]>
  readonly keys: KeySet
  readonly clock: Clock
}

/** How long verifiers may keep the documents; the key ring's rotation counts on it (JWKS_CACHE_SECONDS). */
const CACHE_CONTROL = 'public, max-age=300, stale-while-revalidate=60'

/** Both discovery documents and the JWKS: ready-made text, readable from everywhere. */
export function discovery({ issuer, resources, keys, clock }: DiscoveryDeps): FastifyPluginAsync {
  let made: { readonly from: readonly Resource[]; readonly body: string } | undefined

  async function document(): Promise<string> {
    const from = await resources.get('all').catch((error: unknown) => {
      // Without the database verifiers still find their way, by what was true a moment ago.
      if (made !== undefined) return made.from
      throw error
    })
    if (made?.from !== from) made = { from, body: JSON.stringify(metadata(issuer, from)) }
    return made.body
  }

  return async (app) => {
    app.addHook('onRequest', async (_request, reply) => {
      void reply.headers({
        'access-control-allow-origin': '*',
        'cache-control': CACHE_CONTROL,
        'cross-origin-resource-policy': 'cross-origin',
      })
    })
    for (const path of [paths.openidConfiguration, paths.serverMetadata])
      app.get(path, async (_request, reply) =>
        reply.type('application/json; charset=utf-8').send(await document()),
      )
    app.get(paths.jwks, async (request, reply) => {
      const { body, etag } = keys.jwks(clock())
      void reply.header('etag', etag)
      if (hasTag(request.headers['if-none-match'], etag)) return reply.status(304).send()
      return reply.type('application/json; charset=utf-8').send(body)
    })
  }
}

/** RFC 9110 §13.1.2: a list, `*`, and weak comparison. */
function hasTag(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  return tags.includes(etag) || tags.includes('*')
}
