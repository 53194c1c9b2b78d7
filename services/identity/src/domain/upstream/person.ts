import { type EmailAddress, parseEmail } from '../users/email.ts'
import type { ProfileClaims } from '../users/claims.ts'
import { isDomainOwnersAddress, isMicrosoft } from './microsoft.ts'
import type { Provider } from './provider.ts'

/** Whom a provider says that somebody is. */
export interface UpstreamPerson {
  readonly provider: string
  /** With the subject, the identity; addresses change hands. */
  readonly issuer: string
  readonly subject: string
  readonly email: EmailAddress | undefined
  /** Whether the provider's word is enough that the mailbox is this person's now. */
  readonly authoritative: boolean
  readonly profile: Pick<ProfileClaims, 'name' | 'given_name' | 'family_name' | 'picture'>
}

export type PersonOutcome =
  | { readonly kind: 'person'; readonly person: UpstreamPerson }
  /** The provider knows them, and they are not whom the operator lets in. */
  | { readonly kind: 'other_domain' }

const MAX_NAME_CHARACTERS = 100
const MAX_URL_CHARACTERS = 2048

/** What claims of a provider, already verified, say of a person. */
export function personOf(
  provider: Provider,
  issuer: string,
  subject: string,
  claims: Readonly<Record<string, unknown>>,
): PersonOutcome {
  // The parameter of the request is a hint to Google; only the claim says whose account it is.
  if (provider.hostedDomain !== undefined && !isOfDomain(claims['hd'], provider.hostedDomain))
    return { kind: 'other_domain' }
  const text = claims['email']
  const email = typeof text === 'string' ? parseEmail(text) : undefined
  const profile = {
    name: nameIn(claims['name']),
    given_name: nameIn(claims['given_name']),
    family_name: nameIn(claims['family_name']),
    picture: pictureIn(claims['picture']),
  }
  // Of an address that we write in another way than the provider, its word is about another one.
  const isPlain = email !== undefined && /^[\x21-\x7e]+$/.test(String(text))
  const authoritative = isPlain && isAuthoritative(provider, email, claims)
  return {
    kind: 'person',
    person: {
      provider: provider.id,
      issuer,
      subject,
      email,
      authoritative,
      profile: Object.fromEntries(
        Object.entries(profile).filter(([, value]) => value !== undefined),
      ),
    },
  }
}

/**
 * Google's own rule: it is authoritative for Gmail and for the organisations it hosts. Of any other mailbox it once
 * knew the owner, who may have changed since.
 */
function isAuthoritative(
  { kind, issuer, trustEmail }: Provider,
  email: EmailAddress,
  claims: Readonly<Record<string, unknown>>,
): boolean {
  const { email_verified: verified, hd } = claims
  if (!trustEmail) return false
  if (kind === 'oidc' && isMicrosoft(issuer)) return isDomainOwnersAddress(claims)
  // Apple sends the boolean as text.
  if (verified !== true && verified !== 'true') return false
  if (kind !== 'google') return true
  return email.endsWith('@gmail.com') || (typeof hd === 'string' && hd !== '')
}

function isOfDomain(claim: unknown, wanted: string): boolean {
  return typeof claim === 'string' && claim.toLowerCase() === wanted.toLowerCase()
}

function nameIn(claim: unknown): string | undefined {
  if (typeof claim !== 'string' || !claim.isWellFormed()) return undefined
  // eslint-disable-next-line no-control-regex -- the point is to take them out
  const text = claim.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '').trim()
  // Half a character at the cut is none, and no text to the database.
  const cut = text.slice(0, MAX_NAME_CHARACTERS).replace(/[\ud800-\udbff]$/, '')
  return cut === '' ? undefined : cut
}

function pictureIn(claim: unknown): string | undefined {
  if (typeof claim !== 'string' || claim.length > MAX_URL_CHARACTERS || !URL.canParse(claim))
    return undefined
  const url = new URL(claim)
  return url.protocol === 'https:' && url.username === '' ? url.href : undefined
}
