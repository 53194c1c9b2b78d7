import type { FastifyInstance } from 'fastify'

export interface SecurityHeaderOptions {
  readonly baseUrl: string
  readonly issuer: string
}

/** Sets on every answer what keeps a browser from doing more with it than was meant. */
export function securityHeaders(app: FastifyInstance, options: SecurityHeaderOptions): void {
  const headers: Record<string, string> = {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "connect-src 'self'",
      // Signing out is a form whose answer redirects to the issuer, and browsers check that hop too.
      `form-action 'self' ${new URL(options.issuer).origin}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    // Not no-referrer: that would also blank the Origin of this page's own forms.
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  }
  if (options.baseUrl.startsWith('https:')) {
    headers['strict-transport-security'] = 'max-age=31536000'
  }
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers)
  })
}
