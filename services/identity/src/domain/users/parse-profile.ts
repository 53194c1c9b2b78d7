import type { ProfileClaims } from './claims.ts'
import {
  type ParsedValue,
  type ProfileFault,
  birthdateOf,
  languageTagOf,
  lineOf,
  linesOf,
  phoneOf,
  timeZoneOf,
  webAddressOf,
} from './profile-values.ts'

interface FieldRule {
  readonly maxCharacters: number
  readonly parse: (typed: string, now: Date) => ParsedValue
}

const line = (maxCharacters: number): FieldRule => ({ maxCharacters, parse: lineOf })
const link = (secure: boolean): FieldRule => ({
  maxCharacters: 2000,
  parse: (typed) => webAddressOf(typed, secure),
})

/** The standard claims that are the person's own to change (OIDC Core 1.0 §5.1); the parts of the address stand among them. */
const RULES = {
  name: line(200),
  given_name: line(200),
  middle_name: line(200),
  family_name: line(200),
  nickname: line(200),
  preferred_username: line(200),
  gender: line(100),
  birthdate: { maxCharacters: 10, parse: birthdateOf },
  picture: link(true),
  profile: link(false),
  website: link(false),
  locale: { maxCharacters: 35, parse: languageTagOf },
  zoneinfo: { maxCharacters: 60, parse: timeZoneOf },
  phone_number: { maxCharacters: 40, parse: phoneOf },
  street_address: { maxCharacters: 400, parse: linesOf },
  postal_code: line(40),
  locality: line(200),
  region: line(200),
  country: line(200),
} as const satisfies Record<string, FieldRule>

export type ProfileField = keyof typeof RULES

export const PROFILE_FIELDS = Object.keys(RULES) as readonly ProfileField[]

const ADDRESS_FIELDS = ['street_address', 'postal_code', 'locality', 'region', 'country'] as const
type AddressField = (typeof ADDRESS_FIELDS)[number]

/** Whether the field is a part of the address claim. */
export function isAddressField(field: ProfileField): field is AddressField {
  return ADDRESS_FIELDS.some((part) => part === field)
}

/** What a profile says in a field now. */
export function profileValue(claims: ProfileClaims, field: ProfileField): string | undefined {
  return isAddressField(field) ? claims.address?.[field] : claims[field]
}

/** As typed; a field that is left out is not spoken of. */
export type ProfileInput = Readonly<Partial<Record<ProfileField, string>>>
/** New values; null removes one. */
export type ProfileChanges = Readonly<Partial<Record<ProfileField, string | null>>>
export type ProfileFaults = Readonly<Partial<Record<ProfileField, ProfileFault>>>

export type ParsedProfile =
  | { readonly kind: 'valid'; readonly changes: ProfileChanges }
  | { readonly kind: 'faulty'; readonly faults: ProfileFaults }

/** What a form changes of a profile, or all that is wrong with it. What stays as it is, is not judged. */
export function parseProfile(
  input: ProfileInput,
  present: ProfileClaims,
  now: Date,
): ParsedProfile {
  const changes: Partial<Record<ProfileField, string | null>> = {}
  const faults: Partial<Record<ProfileField, ProfileFault>> = {}
  for (const field of PROFILE_FIELDS) {
    const typed = input[field]
    const before = profileValue(present, field) ?? ''
    if (typed === undefined || typed.replaceAll('\r\n', '\n') === before) continue
    const parsed = parseField(field, typed, now)
    if ('fault' in parsed) faults[field] = parsed.fault
    else if (!isSame(parsed, parseField(field, before, now))) changes[field] = parsed.value ?? null
  }
  return Object.keys(faults).length > 0 ? { kind: 'faulty', faults } : { kind: 'valid', changes }
}

function parseField(field: ProfileField, typed: string, now: Date): ParsedValue {
  const { maxCharacters, parse }: FieldRule = RULES[field]
  const parsed = parse(typed, now)
  const tooLong = 'value' in parsed && Array.from(parsed.value ?? '').length > maxCharacters
  return tooLong ? { fault: 'too_long' } : parsed
}

function isSame(a: ParsedValue, b: ParsedValue): boolean {
  return 'value' in a && 'value' in b && a.value === b.value
}
