import type { AuthenticationNeed } from './authentication-need.ts'

/** An answer that asks for (better) credentials. */
export interface Challenge {
  readonly status: 400 | 401 | 403
  /** Absent when the request came without credentials. RFC 6750 §3.1 */
  readonly error:
    | 'invalid_request'
    | 'invalid_token'
    | 'insufficient_scope'
    | 'insufficient_user_authentication'
    | undefined
  readonly description: string
  readonly scope?: string
  readonly need?: AuthenticationNeed
}

/** The request held no credentials: no error code is told. RFC 6750 §3.1 */
export const noCredentials: Challenge = {
  status: 401,
  error: undefined,
  description: 'This needs an access token.',
}

/** One sentence for every kind of bad token: which check failed is for the log, not for the caller. */
export const invalidToken: Challenge = {
  status: 401,
  error: 'invalid_token',
  description: 'The access token is malformed, expired, or not meant for this API.',
}

export const malformedCredentials = (reason: string): Challenge => ({
  status: 400,
  error: 'invalid_request',
  description: reason,
})

export const missingScopes = (scopes: readonly string[]): Challenge => ({
  status: 403,
  error: 'insufficient_scope',
  description: 'The access token lacks a scope that this needs.',
  scope: scopes.join(' '),
})

/**
 * RFC 6750 has no code for a missing role. `insufficient_scope` is defined as "higher privileges than
 * provided by the access token", which is the case; without a `scope` attribute, as no scope would help.
 */
export const missingRoles: Challenge = {
  status: 403,
  error: 'insufficient_scope',
  description: 'The user lacks a role that this needs.',
}

/** The token is good; the person has to prove more, or again. RFC 9470 §3 */
export const weakAuthentication = (need: AuthenticationNeed): Challenge => ({
  status: 401,
  error: 'insufficient_user_authentication',
  description: 'This needs a stronger or more recent authentication.',
  need,
})

/** Writes the WWW-Authenticate value. RFC 6750 §3, RFC 9470 §3, RFC 9728 §5.1 */
export function formatChallenge(
  { error, description, scope, need }: Challenge,
  realm: string,
  resourceMetadata: string | undefined,
): string {
  const attributes = {
    realm,
    error,
    error_description: error === undefined ? undefined : description,
    scope,
    acr_values: need?.acrValues.join(' '),
    max_age: need?.maxAgeSeconds?.toString(),
    resource_metadata: resourceMetadata,
  }
  const written = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${quotable(value)}"`],
  )
  return `Bearer ${written.join(', ')}`
}

// Printable ASCII without the two characters that would end or escape the string. RFC 6750 §3
function quotable(value: string): string {
  return value.replace(/[^\x20-\x7e]|["\\]/g, '')
}
