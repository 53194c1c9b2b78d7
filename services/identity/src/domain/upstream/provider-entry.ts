import { z } from 'zod'
import { APPLE_ISSUER, AppleEntry } from './apple.ts'
import { isMicrosoft, tenantsOf } from './microsoft.ts'
import { ID_TOKEN_ALGORITHMS, type Provider, issuerFault } from './provider.ts'

const Text = z.string().min(1).max(2048)

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
    type: z.enum(['oidc', 'apple', 'github', 'facebook']).default('oidc'),
    issuer: Issuer.optional(),
    client_id: Text,
    client_secret: Text.optional(),
    /** What signs the client secrets of Apple. */
    apple: AppleEntry.optional(),
    scope: Text.optional(),
    trust_email: z.boolean().optional(),
    hosted_domain: Text.optional(),
    link: z.enum(['proof', 'auto']).default('proof'),
    response_mode: z.enum(['query', 'form_post']).optional(),
    /** As a client's metadata name it (OIDC Registration 1.0 §2). */
    id_token_signed_response_alg: z.enum(ID_TOKEN_ALGORITHMS).default('RS256'),
    counts_as_second_factor: z.boolean().default(false),
  })
  .superRefine((entry, context) => {
    for (const [member, message] of faultsOf(entry))
      context.addIssue({ code: 'custom', path: [member], message })
  })
export type ProviderEntry = z.infer<typeof ProviderEntry>

/** What of an entry does not go together. */
function faultsOf({ type, issuer, ...entry }: ProviderEntry): (readonly [string, string])[] {
  const faults: (readonly [string, string])[] = []
  const isApple = type === 'apple'
  if (type === 'oidc' && issuer === undefined) faults.push(['issuer', 'is missing'])
  if (isApple && entry.apple === undefined) faults.push(['apple', 'is missing'])
  if (!isApple && entry.apple !== undefined) faults.push(['apple', 'is for the type apple'])
  if (isApple && entry.client_secret !== undefined)
    faults.push(['client_secret', 'is made from the key of apple'])
  if (!isApple && entry.client_secret === undefined) faults.push(['client_secret', 'is missing'])
  // Facebook tells addresses that nobody has proved.
  if (type === 'facebook' && entry.trust_email === true)
    faults.push([
      'trust_email',
      'cannot be true: Facebook does not say whether an address is proved',
    ])
  // "nOAuth": anybody can have a tenant, and write any address into it.
  const isOfMany =
    type === 'oidc' && issuerFault(issuer ?? '') === undefined && tenantsOf(issuer ?? '')
  if (entry.trust_email === true && isOfMany)
    faults.push([
      'trust_email',
      'cannot be true: any tenant can name any address. Leave it out, and the claim xms_edov decides',
    ])
  if (type !== 'oidc' && entry.hosted_domain !== undefined)
    faults.push(['hosted_domain', 'needs a provider that sends the claim hd'])
  return faults
}

/** What is known of a kind of provider, whatever the operator leaves out. */
const KNOWN = {
  oidc: { issuer: '', scope: 'openid email profile', trustEmail: false },
  apple: { issuer: APPLE_ISSUER, scope: 'openid email name', trustEmail: false },
  github: { issuer: 'https://github.com', scope: 'read:user user:email', trustEmail: true },
  facebook: {
    issuer: 'https://www.facebook.com',
    scope: 'email public_profile',
    trustEmail: false,
  },
} as const

/** The provider that an entry describes. */
export function providerOf(entry: ProviderEntry): Provider {
  const { type } = entry
  const known = KNOWN[type]
  const { issuer = known.issuer, client_secret: secret = '', apple } = entry
  // An issuer with a slash at its end is another one (OIDC Core 1.0 §2, iss); of the others it is a mere base address.
  const exact = type === 'oidc' ? issuer : issuer.replace(/\/$/, '')
  return {
    id: entry.id,
    name: entry.name,
    kind: type,
    issuer: exact,
    clientId: entry.client_id,
    clientSecret: apple === undefined ? secret : apple,
    scope: entry.scope ?? known.scope,
    signedBy: entry.id_token_signed_response_alg,
    // Microsoft says by a claim of its own which addresses count; only saying no to that is left.
    trustEmail: entry.trust_email ?? (known.trustEmail || (type === 'oidc' && isMicrosoft(exact))),
    hostedDomain: entry.hosted_domain,
    link: entry.link,
    // Apple answers in no other way once it is asked for a name or an address.
    responseMode: entry.response_mode ?? (type === 'apple' ? 'form_post' : 'query'),
    countsAsSecondFactor: entry.counts_as_second_factor,
  }
}
