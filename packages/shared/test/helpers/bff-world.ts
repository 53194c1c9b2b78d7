import Fastify, { type FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { bff, type BffOptions } from '../../src/bff.ts'
import { signet } from '../../src/fastify.ts'
import { startTestIssuer } from '../../src/testing.ts'
import { createBrowser } from './browser.ts'

export const baseUrl = 'http://localhost:5555'
export const audience = 'https://api.example'
export const sessionKey = 'a session key of at least 32 characters'

/** An issuer, an API on a port of its own, and an application with a backend for its frontend. */
export async function setUpBff(t: Test, options: Partial<BffOptions> = {}) {
  const clock = { now: Date.now() }
  const issuer = await startTestIssuer({ clock: () => clock.now })
  const seen: { method: string; url: string; headers: Record<string, unknown>; body: unknown }[] =
    []
  const api = await startApi(issuer.url, () => clock.now, seen)

  async function start(more: Partial<BffOptions> = {}): Promise<FastifyInstance> {
    const app = Fastify()
    await app.register(bff, {
      issuer: issuer.url,
      clientId: 'test-client',
      clientSecret: 'test-secret',
      sessionKeys: [sessionKey],
      baseUrl,
      scopes: ['openid', 'notes'],
      resource: audience,
      clock: () => clock.now,
      api: [
        { path: '/notes', methods: ['GET', 'POST'], upstream: api.url },
        { path: '/notes/*', methods: ['DELETE'], upstream: api.url },
        { path: '/danger', methods: ['POST'], upstream: api.url },
        { path: '/away', methods: ['GET'], upstream: api.url },
        { path: '/dead', methods: ['GET'], upstream: 'http://localhost:1' },
      ],
      ...options,
      ...more,
    })
    t.teardown(() => app.close())
    return app
  }

  const app = await start()
  t.teardown(async () => {
    await api.app.close()
    await issuer.stop()
  })
  return { issuer, clock, api, seen, app, start, browser: createBrowser(app) }
}

async function startApi(
  issuer: string,
  clock: () => number,
  seen: { method: string; url: string; headers: Record<string, unknown>; body: unknown }[],
) {
  const app = Fastify()
  await app.register(signet, { issuer, audience, clock })
  app.addHook('preHandler', async ({ method, url, headers, body }) => {
    seen.push({ method, url, headers, body })
  })
  const onRequest = app.authenticate
  app.get('/notes', { onRequest }, async (request, reply) =>
    reply
      .header('set-cookie', 'api=1')
      .header('x-internal', 'secret')
      .header('retry-after', '7')
      .send({ sub: request.auth.sub, jti: request.auth.jti }),
  )
  app.post('/notes', { onRequest }, async (request, reply) => reply.code(201).send(request.body))
  app.delete('/notes/:id', { onRequest }, async (_request, reply) => reply.code(204).send())
  const aal2 = app.requireAcr('aal2', { maxAge: 300 })
  app.post('/danger', { onRequest: aal2 }, async ({ auth }) => ({ acr: auth.acr }))
  app.get('/secret', { onRequest }, async () => 'not in the list')
  app.get('/away', async (_request, reply) => reply.redirect('https://evil.example/', 302))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { app, url }
}
