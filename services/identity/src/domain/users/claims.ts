/** The address claim, OIDC Core 1.0 §5.1.1. */
export interface AddressClaim {
  formatted?: string | undefined
  street_address?: string | undefined
  locality?: string | undefined
  region?: string | undefined
  postal_code?: string | undefined
  country?: string | undefined
}

/** Standard claims of OIDC Core 1.0 §5.1 that live with the user's profile, by their wire names. */
export interface ProfileClaims {
  name?: string | undefined
  given_name?: string | undefined
  family_name?: string | undefined
  middle_name?: string | undefined
  nickname?: string | undefined
  preferred_username?: string | undefined
  profile?: string | undefined
  picture?: string | undefined
  website?: string | undefined
  gender?: string | undefined
  birthdate?: string | undefined
  zoneinfo?: string | undefined
  locale?: string | undefined
  phone_number?: string | undefined
  phone_number_verified?: boolean | undefined
  address?: AddressClaim | undefined
}

/** What of a user becomes claims. */
export interface ClaimSource {
  readonly email: string
  readonly emailVerified: boolean
  readonly claims: ProfileClaims
  readonly updatedAt: Date
}

const SCOPE_CLAIMS: Readonly<Record<string, readonly string[]>> = {
  profile: [
    'name',
    'given_name',
    'family_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
}

/** Names of the claims that a set of scopes asks for, OIDC Core 1.0 §5.4. */
export function claimsOfScopes(scopes: Iterable<string>): string[] {
  return [...scopes].flatMap((scope) =>
    Object.hasOwn(SCOPE_CLAIMS, scope) ? (SCOPE_CLAIMS[scope] ?? []) : [],
  )
}

/** The scope that stands for a claim, for the person who is asked; undefined for claims that are not about the person. */
export function scopeOfClaim(name: string): string | undefined {
  return Object.keys(SCOPE_CLAIMS).find((scope) => SCOPE_CLAIMS[scope]?.includes(name))
}

export const SUPPORTED_CLAIMS: readonly string[] = claimsOfScopes(Object.keys(SCOPE_CLAIMS))

/** The asked claims that the user has a value for; what is unknown is left out, never null (OIDC Core 1.0 §5.3.2). */
export function userClaims(user: ClaimSource, names: Iterable<string>): Record<string, unknown> {
  const { given_name: given, family_name: family } = user.claims
  const all = new Map<string, unknown>(Object.entries(user.claims))
  if (!all.has('name') && (given !== undefined || family !== undefined)) {
    all.set('name', [given, family].filter((part) => part !== undefined).join(' '))
  }
  all.set('updated_at', Math.floor(user.updatedAt.getTime() / 1000))
  all.set('email', user.email)
  all.set('email_verified', user.emailVerified)

  const chosen: Record<string, unknown> = {}
  for (const name of new Set(names)) {
    const value = SUPPORTED_CLAIMS.includes(name) ? all.get(name) : undefined
    if (value !== undefined) chosen[name] = value
  }
  return chosen
}
