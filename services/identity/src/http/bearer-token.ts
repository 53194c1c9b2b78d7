import type { FastifyRequest } from 'fastify'
import type { Why } from '../domain/faults/why.ts'
import { OAuthError } from '../domain/oauth/error.ts'
import { type Parameters, single } from '../domain/oauth/parameters.ts'

/** The one access token of a request, from the header (RFC 6750 §2.1) or the form body (§2.2), never the query. */
export function bearerToken(request: FastifyRequest, form: Parameters): string {
  const { authorization } = request.headers
  const inBody = single(form, 'access_token')
  if (authorization === undefined && inBody === undefined)
    // RFC 6750 §3.1: without any credentials the challenge carries no error code.
    throw new OAuthError('invalid_request', 'no access token', {
      status: 401,
      headers: { 'www-authenticate': 'Bearer realm="signet"' },
      why: { check: 'access_token_missing' },
    })
  if (authorization === undefined) return inBody ?? ''
  // RFC 6750 §2: one method a request.
  if (inBody !== undefined)
    throw bearerError('invalid_request', 'send one access token, not two', {
      why: { check: 'access_token_twice' },
    })
  const match = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization)
  if (match?.[1] === undefined)
    throw bearerError('invalid_request', 'the Authorization header holds no Bearer token', {
      why: { check: 'access_token_malformed' },
    })
  return match[1]
}

const STATUS = { invalid_request: 400, invalid_token: 401, insufficient_scope: 403 } as const

/** A refusal with its challenge, RFC 6750 §3. */
export function bearerError(
  code: keyof typeof STATUS,
  description: string,
  { scope, why }: { readonly scope?: string; readonly why?: Why } = {},
): OAuthError {
  const parts = [`realm="signet"`, `error="${code}"`, `error_description="${description}"`]
  if (scope !== undefined) parts.push(`scope="${scope}"`)
  return new OAuthError(code, description, {
    status: STATUS[code],
    headers: { 'www-authenticate': `Bearer ${parts.join(', ')}` },
    ...(why !== undefined && { why }),
  })
}
