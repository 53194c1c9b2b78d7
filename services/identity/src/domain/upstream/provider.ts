import { z } from 'zod'
import { isLoopbackHost } from '../oauth/redirect-uri.ts'

/** Google spells its issuer in two ways in ID tokens, and documents both; identities are kept under this one. */
export const GOOGLE_ISSUER = 'https://accounts.google.com'

export type ProviderKind = 'google' | 'oidc' | 'github' | 'facebook'

/** Another service that people may sign in with. */
export interface Provider {
  /** Part of the redirect URI, `/auth/<id>/callback`. */
  readonly id: string
  readonly name: string
  readonly kind: ProviderKind
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scope: string
  /** Whether what it says of a mailbox counts. Nobody but the operator can know that of a provider. */
  readonly trustEmail: boolean
  /** Only people of this organisation, by the claim `hd`. */
  readonly hostedDomain: string | undefined
  /** Whether a verified account of the same address is connected after the person has proved it, or at once. */
  readonly link: 'proof' | 'auto'
  readonly responseMode: 'query' | 'form_post'
}

const Text = z.string().min(1).max(2048)

/** Why a URL cannot be a provider's, or undefined. */
export function issuerFault(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be a URL'
  const { protocol, hostname, username, password } = new URL(text)
  if (/[?#]/.test(text) || username !== '' || password !== '')
    return 'must have no query, fragment or user name'
  if (protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname))) return undefined
  return 'must be https; http is for loopback hosts only'
}

const Issuer = z.string().superRefine((text, context) => {
  const message = issuerFault(text)
  if (message !== undefined) context.addIssue({ code: 'custom', message })
})

/** An entry of `providers:` in the configuration file. */
export const ProviderEntry = z
  .strictObject({
    id: z
      .string()
      .regex(
        /^[a-z\d](?:[a-z\d-]{0,30}[a-z\d])?$/,
        'must be letters, digits and hyphens, 32 at most',
      )
      .refine(
        (id) => id !== 'google',
        'is configured by GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET',
      ),
    name: z.string().min(1).max(60),
    type: z.enum(['oidc', 'github', 'facebook']).default('oidc'),
    issuer: Issuer.optional(),
    client_id: Text,
    client_secret: Text,
    scope: Text.optional(),
    trust_email: z.boolean().optional(),
    hosted_domain: Text.optional(),
    link: z.enum(['proof', 'auto']).default('proof'),
    response_mode: z.enum(['query', 'form_post']).default('query'),
  })
  .superRefine(({ type, issuer, trust_email, hosted_domain }, context) => {
    const fault = (member: string, message: string) =>
      context.addIssue({ code: 'custom', path: [member], message })
    if (type === 'oidc' && issuer === undefined) fault('issuer', 'is missing')
    // Facebook tells addresses that nobody has proved.
    if (type === 'facebook' && trust_email === true)
      fault('trust_email', 'cannot be true: Facebook does not say whether an address is proved')
    if (type !== 'oidc' && hosted_domain !== undefined)
      fault('hosted_domain', 'needs a provider that sends the claim hd')
  })
export type ProviderEntry = z.infer<typeof ProviderEntry>

/** What is known of a kind of provider, whatever the operator leaves out. */
const KNOWN = {
  oidc: { issuer: '', scope: 'openid email profile', trustEmail: false },
  github: { issuer: 'https://github.com', scope: 'read:user user:email', trustEmail: true },
  facebook: {
    issuer: 'https://www.facebook.com',
    scope: 'email public_profile',
    trustEmail: false,
  },
} as const

/** The provider that an entry describes. */
export function providerOf(entry: ProviderEntry): Provider {
  const known = KNOWN[entry.type]
  return {
    id: entry.id,
    name: entry.name,
    kind: entry.type,
    issuer: (entry.issuer ?? known.issuer).replace(/\/$/, ''),
    clientId: entry.client_id,
    clientSecret: entry.client_secret,
    scope: entry.scope ?? known.scope,
    trustEmail: entry.trust_email ?? known.trustEmail,
    hostedDomain: entry.hosted_domain,
    link: entry.link,
    responseMode: entry.response_mode,
  }
}

export interface GoogleCredentials {
  readonly clientId: string
  readonly clientSecret: string
  readonly issuer: string
  readonly hostedDomain: string | undefined
  readonly link: 'proof' | 'auto'
}

export function googleProvider(given: GoogleCredentials): Provider {
  return {
    ...given,
    id: 'google',
    name: 'Google',
    kind: 'google',
    scope: 'openid email profile',
    trustEmail: true,
    responseMode: 'query',
  }
}

/** Whether a provider is this machine itself, as in tests and at a developer's. */
export function isLoopbackProvider({ issuer }: Pick<Provider, 'issuer'>): boolean {
  return isLoopbackHost(new URL(issuer).hostname)
}
