import { mintTestToken, startTestIssuer, type TestTokenOptions } from '@signet/shared/testing'
import type { InjectOptions, LightMyRequestResponse as Answer } from 'fastify'
import type { Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'

const audience = 'http://localhost:4001'

/** The demo service with a test issuer, on one clock. */
export async function setUp(t: Test, environment: Record<string, string> = {}) {
  const clock = { now: Date.now() }
  const issuer = await startTestIssuer({ clientId: 'demo', clock: () => clock.now })
  const result = readConfig({
    ISSUER: issuer.url,
    CLIENT_ID: 'demo',
    CLIENT_SECRET: 'test-secret',
    SESSION_KEY: 'k'.repeat(32),
    LOG_LEVEL: 'silent',
    ...environment,
  })
  if (!result.ok) throw new Error(result.faults.join('\n'))
  const world = { stopping: false }
  const app = await buildApp(result.config, {
    clock: () => clock.now,
    isStopping: () => world.stopping,
  })
  t.teardown(async () => {
    await app.close()
    await issuer.stop()
  })

  const mint = (options: Partial<TestTokenOptions> = {}) => {
    const [key] = issuer.keys
    if (key === undefined) throw new Error('no key')
    return mintTestToken({ key, issuer: issuer.url, audience, now: clock.now, ...options })
  }
  const as =
    (token: string) =>
    (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: unknown): Promise<Answer> =>
      app.inject({
        method,
        url,
        headers: { authorization: `Bearer ${token}` },
        ...(payload === undefined ? {} : { payload: payload as object }),
      })
  return { app, issuer, clock, config: result.config, world, mint, as, browser: createBrowser(app) }
}

type App = Awaited<ReturnType<typeof buildApp>>

/** A browser without scripts: cookies, links and forms. */
function createBrowser(app: App) {
  const cookies = new Map<string, string>()
  async function send(url: string, options: InjectOptions = {}): Promise<Answer> {
    const response = await app.inject({ ...options, url, cookies: Object.fromEntries(cookies) })
    for (const { name, value, maxAge } of response.cookies) {
      if (maxAge === 0) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }
  const csrfToken = async () =>
    /name="csrf_token" value="([^"]+)"/.exec((await send('/')).body)?.[1] ?? ''
  return {
    cookies,
    send,
    csrfToken,
    async signIn(path = '/bff/login'): Promise<Answer> {
      const away = await send(path)
      const back = await fetch(String(away.headers.location), { redirect: 'manual' })
      const url = new URL(back.headers.get('location') ?? '')
      return send(url.pathname + url.search)
    },
    async post(
      url: string,
      fields: Record<string, string>,
      headers: Record<string, string> = {},
    ): Promise<Answer> {
      return send(url, {
        method: 'POST',
        payload: new URLSearchParams(fields).toString(),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'same-origin',
          ...headers,
        },
      })
    },
  }
}
