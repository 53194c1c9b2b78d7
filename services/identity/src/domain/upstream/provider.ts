import { isLoopbackHost } from '../oauth/redirect-uri.ts'
import type { AppleKey } from './apple.ts'

/** Google spells its issuer in two ways in ID tokens, and documents both; identities are kept under this one. */
export const GOOGLE_ISSUER = 'https://accounts.google.com'

export type ProviderKind = 'google' | 'oidc' | 'apple' | 'github' | 'facebook'

/** Signatures of ID tokens that anybody can verify by a published key. */
export const ID_TOKEN_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const
export type IdTokenAlgorithm = (typeof ID_TOKEN_ALGORITHMS)[number]

/** Another service that people may sign in with. */
export interface Provider {
  /** Part of the redirect URI, `/auth/<id>/callback`. */
  readonly id: string
  readonly name: string
  readonly kind: ProviderKind
  readonly issuer: string
  readonly clientId: string
  /** A text that stays the same, or a key that signs a new one for each request. */
  readonly clientSecret: string | AppleKey
  readonly scope: string
  /** The one algorithm that its ID tokens are signed by. */
  readonly signedBy: IdTokenAlgorithm
  /** Whether what it says of a mailbox counts. Nobody but the operator can know that of a provider. */
  readonly trustEmail: boolean
  /** Only people of this organisation, by the claim `hd`. */
  readonly hostedDomain: string | undefined
  /** Whether a verified account of the same address is connected after the person has proved it, or at once. */
  readonly link: 'proof' | 'auto'
  readonly responseMode: 'query' | 'form_post'
  /** The operator vouches that whoever comes by it has shown a second factor there. */
  readonly countsAsSecondFactor: boolean
}

/** Why a URL cannot be a provider's, or undefined. */
export function issuerFault(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be a URL'
  const { protocol, hostname, username, password } = new URL(text)
  if (/[?#]/.test(text) || username !== '' || password !== '')
    return 'must have no query, fragment or user name'
  if (protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname))) return undefined
  return 'must be https; http is for loopback hosts only'
}

export interface GoogleCredentials {
  readonly clientId: string
  readonly clientSecret: string
  readonly issuer: string
  readonly hostedDomain: string | undefined
  readonly link: 'proof' | 'auto'
  readonly countsAsSecondFactor: boolean
}

export function googleProvider(given: GoogleCredentials): Provider {
  return {
    ...given,
    id: 'google',
    name: 'Google',
    kind: 'google',
    scope: 'openid email profile',
    signedBy: 'RS256',
    trustEmail: true,
    responseMode: 'query',
  }
}

/** Whether a provider is this machine itself, as in tests and at a developer's. */
export function isLoopbackProvider({ issuer }: Pick<Provider, 'issuer'>): boolean {
  return isLoopbackHost(new URL(issuer).hostname)
}
