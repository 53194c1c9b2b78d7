import { z } from 'zod'
import { equalInConstantTime, sha256 } from '../../platform/crypto/hash.ts'
import { SUPPORTED_ACR } from '../oauth/acr.ts'
import { redirectUriFault } from '../oauth/redirect-uri.ts'
import { parseScope } from '../oauth/scope.ts'

export const GRANT_TYPES = ['authorization_code', 'refresh_token', 'client_credentials'] as const
export const AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'none'] as const

const RedirectUri = z.string().superRefine((uri, context) => {
  const fault = redirectUriFault(uri)
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
})

/** RFC 6749 appendix A.1: printable ASCII; bounded, since it is a key of caches and indexes. */
export const CLIENT_ID = /^[\x20-\x7e]{1,255}$/

const WebUri = z.url({ protocol: /^https?$/ })

/** Client metadata by the names of RFC 7591 §2 and OIDC RP-Initiated Logout 1.0 §3, plus our own settings. */
export const ClientMetadata = z.strictObject({
  client_name: z.string().min(1).max(100).optional(),
  redirect_uris: z.array(RedirectUri).max(100).default([]),
  post_logout_redirect_uris: z.array(RedirectUri).max(100).default([]),
  grant_types: z.array(z.enum(GRANT_TYPES)).default(['authorization_code']),
  response_types: z.array(z.literal('code')).default(['code']),
  token_endpoint_auth_method: z.enum(AUTH_METHODS).default('client_secret_basic'),
  scope: z
    .string()
    .default('openid')
    .refine((text) => parseScope(text) !== undefined, 'holds characters that no scope may have'),
  /** OIDC Registration 1.0 §2: what a sign-in for this client must be worth, where the request does not ask for more. */
  default_acr_values: z.array(z.enum(SUPPORTED_ACR)).max(10).optional(),
  /** Whether a person is asked; `implicit` is for the operator's own applications. */
  consent: z.enum(['explicit', 'implicit']).default('explicit'),
  require_pkce: z.boolean().default(true),
  /** Whether the client may ask about tokens of others (RFC 7662 §2.1). */
  introspection: z.boolean().default(false),
  logo_uri: WebUri.optional(),
  client_uri: WebUri.optional(),
  policy_uri: WebUri.optional(),
  tos_uri: WebUri.optional(),
})
export type ClientMetadata = z.infer<typeof ClientMetadata>

export interface Client {
  readonly id: string
  readonly secretHash: string | undefined
  readonly metadata: ClientMetadata
}

export function displayName(client: Client): string {
  return client.metadata.client_name ?? client.id
}

/** RFC 6749 §2.1: a client that cannot keep a secret, and so proves nothing by its id. */
export function isPublic(client: Client): boolean {
  return client.metadata.token_endpoint_auth_method === 'none'
}

/** The scopes the client may ever have. */
export function allowedScopes(client: Client): string[] {
  return parseScope(client.metadata.scope) ?? []
}

export function secretMatches(client: Client, secret: string): boolean {
  return client.secretHash !== undefined && equalInConstantTime(client.secretHash, sha256(secret))
}

/** What contradicts itself in a client's settings, each with the member it is about. */
export function clientFaults(
  metadata: ClientMetadata,
  hasSecret: boolean,
): { readonly member: string; readonly reason: string }[] {
  const faults: { member: string; reason: string }[] = []
  const isPublicClient = metadata.token_endpoint_auth_method === 'none'
  if (isPublicClient && hasSecret)
    faults.push({ member: 'client_secret', reason: 'a client with auth method none has no secret' })
  if (!isPublicClient && !hasSecret)
    faults.push({
      member: 'client_secret',
      reason: `is missing; ${metadata.token_endpoint_auth_method} needs one`,
    })
  // Only a client that proves itself may leave PKCE out (RFC 9700 §2.1.1).
  if (isPublicClient && !metadata.require_pkce)
    faults.push({ member: 'require_pkce', reason: 'a public client always needs PKCE' })
  // RFC 6749 §4.4: the client credentials grant is for confidential clients only.
  if (isPublicClient && metadata.grant_types.includes('client_credentials'))
    faults.push({ member: 'grant_types', reason: 'a public client cannot use client_credentials' })
  if (isPublicClient && metadata.introspection)
    faults.push({ member: 'introspection', reason: 'a public client cannot ask about tokens' })
  if (metadata.grant_types.includes('authorization_code') && metadata.redirect_uris.length === 0)
    faults.push({ member: 'redirect_uris', reason: 'authorization_code needs at least one' })
  if (
    metadata.grant_types.includes('refresh_token') &&
    !metadata.grant_types.includes('authorization_code')
  )
    faults.push({ member: 'grant_types', reason: 'refresh_token goes with authorization_code' })
  return faults
}
