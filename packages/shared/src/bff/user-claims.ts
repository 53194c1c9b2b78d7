type Claims = Readonly<Record<string, unknown>>

// What a page shows of a person; the rest would only fill the cookie.
const SHOWN = [
  'sub',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'preferred_username',
  'email',
  'email_verified',
  'picture',
  'locale',
]
const MAX_LENGTH = 256

/** Picks what is known of the user for display; later sources win. */
export function displayClaims(...sources: readonly Claims[]): Claims {
  const shown: Record<string, unknown> = {}
  for (const source of sources) {
    for (const name of SHOWN) {
      const value = source[name]
      const isShort = typeof value === 'string' && value.length <= MAX_LENGTH
      if (isShort || typeof value === 'boolean') shown[name] = value
    }
  }
  return shown
}
