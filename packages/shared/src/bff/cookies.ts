import type {} from '@fastify/cookie'
import type { FastifyReply } from 'fastify'
import { isLoopbackHttp } from '../loopback.ts'

export interface CookieJar {
  /** The full name of a cookie of ours, with the prefix that pins it to this host. */
  name(suffix: string): string
  set(reply: FastifyReply, name: string, value: string, maxAgeSeconds: number): void
  clear(reply: FastifyReply, name: string): void
}

/**
 * Cookies of the backend: `__Host-`, Secure, HttpOnly, Path=/, no Domain (RFC 10017). On plain http, which
 * only loopback may use, prefix and Secure go, since browsers refuse them there. SameSite is Lax: a Strict
 * cookie would be missing on the page that follows the issuer's cross-site redirect.
 */
export function createCookieJar(base: string, baseUrl: string): CookieJar {
  const secure = !isLoopbackHttp(new URL(baseUrl))
  const attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const
  return {
    name: (suffix) => `${secure ? '__Host-' : ''}${base}${suffix}`,
    set(reply, name, value, maxAgeSeconds) {
      reply.setCookie(name, value, { ...attributes, maxAge: maxAgeSeconds })
    },
    clear(reply, name) {
      reply.setCookie(name, '', { ...attributes, maxAge: 0 })
    },
  }
}
