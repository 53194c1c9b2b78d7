import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'

export interface Browser {
  readonly cookies: Map<string, string>
  send(url: string, options?: InjectOptions): Promise<LightMyRequestResponse>
  /** A call as a script of the page makes it. */
  call(url: string, options?: InjectOptions): Promise<LightMyRequestResponse>
  /** From the login route by way of the issuer to the callback's answer. */
  signIn(path?: string): Promise<LightMyRequestResponse>
  /** Only as far as the issuer's answer: the callback URL, not yet opened. */
  callbackUrl(path?: string): Promise<URL>
}

/** A browser with a cookie jar that talks to an application without a socket. */
export function createBrowser(app: FastifyInstance, cookies = new Map<string, string>()): Browser {
  async function send(url: string, options: InjectOptions = {}) {
    const response = await app.inject({ ...options, url, cookies: Object.fromEntries(cookies) })
    for (const { name, value, maxAge } of response.cookies) {
      if (maxAge === 0) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }

  async function callbackUrl(path = '/bff/login'): Promise<URL> {
    const away = await send(path)
    const location = String(away.headers.location)
    const back = await fetch(location, { redirect: 'manual' })
    return new URL(back.headers.get('location') ?? `about:blank#${back.status}`)
  }

  return {
    cookies,
    send,
    callbackUrl,
    call: (url, options = {}) =>
      send(url, {
        ...options,
        headers: { 'x-csrf': '1', 'sec-fetch-site': 'same-origin', ...options.headers },
      }),
    async signIn(path) {
      const url = await callbackUrl(path)
      return send(url.pathname + url.search, { headers: { 'sec-fetch-site': 'cross-site' } })
    },
  }
}
