import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'

/** Headers of every answer, whoever it is for. */
const EVERY_ANSWER: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
}

/** ASVS 5.0 3.4.1; meaningless, and harmful to other local services, on plain http. */
const HSTS = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } as const

/** What a page may load and do; pictures also from these origins (CSP Level 3 §2.3.1). */
export function pagePolicy(imageOrigins: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    ["img-src 'self' https: data:", ...new Set(imageOrigins)].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/**
 * Headers of every page. There is no `form-action`: browsers apply it to the redirects that follow a form, and the
 * last of those leads to the application, which may redirect further.
 */
export const EVERY_PAGE: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': pagePolicy(),
  'x-frame-options': 'DENY',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
}

/** Sets the headers of every answer, errors and unknown addresses included. */
export function securityHeaders(issuer: URL): FastifyPluginAsync {
  const headers = issuer.protocol === 'https:' ? { ...EVERY_ANSWER, ...HSTS } : EVERY_ANSWER
  return fp(async (app) => {
    app.addHook('onRequest', async (_request, reply) => {
      void reply.headers(headers)
    })
  })
}
