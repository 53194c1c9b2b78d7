import { z } from 'zod'
import type { AddressClaim, ProfileClaims } from '../../domain/users/claims.ts'
import {
  type ProfileField,
  type ProfileInput,
  isAddressField,
  parseProfile,
} from '../../domain/users/parse-profile.ts'
import { changeProfile } from '../../domain/users/profile.ts'
import type { ProfileFault } from '../../domain/users/profile-values.ts'
import { createUserStore } from '../../domain/users/store.ts'
import { type Operation, operation } from '../../http/api/operation.ts'
import { ApiProblem } from '../../http/api/problem.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { Moment, moment } from './moment.ts'
import { TO_CHANGE, TO_READ } from './scopes.ts'

export interface ProfileDeps {
  readonly database: Database
  readonly clock: Clock
}

const Address = z.object({
  formatted: z.string().optional().describe('Written by operators; gone when a part changes.'),
  street_address: z.string().optional(),
  locality: z.string().optional(),
  region: z.string().optional(),
  postal_code: z.string().optional(),
  country: z.string().optional(),
})

const Profile = z
  .object({
    sub: z.uuid().describe('The subject of tokens.'),
    name: z.string().optional(),
    given_name: z.string().optional(),
    family_name: z.string().optional(),
    middle_name: z.string().optional(),
    nickname: z.string().optional(),
    preferred_username: z.string().optional(),
    profile: z.string().optional(),
    picture: z.string().optional(),
    website: z.string().optional(),
    gender: z.string().optional(),
    birthdate: z.string().optional(),
    zoneinfo: z.string().optional(),
    locale: z.string().optional(),
    phone_number: z.string().optional(),
    phone_number_verified: z.boolean().optional(),
    address: Address.optional(),
    updated_at: Moment,
  })
  .describe('The standard claims of OpenID Connect Core 1.0 §5.1; what is unknown is left out.')

const Value = z.string().max(4000).nullable().optional()

const ProfileChange = z
  .strictObject({
    name: Value,
    given_name: Value,
    family_name: Value,
    middle_name: Value,
    nickname: Value,
    preferred_username: Value,
    profile: Value.describe('An http or https address.'),
    picture: Value.describe('An https address.'),
    website: Value.describe('An http or https address.'),
    gender: Value,
    birthdate: Value.describe('YYYY-MM-DD, 0000-MM-DD, or YYYY.'),
    zoneinfo: Value.describe('A name of the IANA time zone database.'),
    locale: Value.describe('A language tag (BCP 47).'),
    phone_number: Value.describe('In the form of E.164; a new one is not verified.'),
    address: z
      .strictObject({
        street_address: Value,
        locality: Value,
        region: Value,
        postal_code: Value,
        country: Value,
      })
      .nullable()
      .optional(),
  })
  .meta({ examples: [{ nickname: 'Ada', birthdate: null, address: { locality: 'London' } }] })

export const profileSchemas = { Profile, Address, ProfileChange }

/** The person's standard claims. */
export function profileOperations(deps: ProfileDeps): readonly Operation[] {
  return [
    operation({
      id: 'getProfile',
      method: 'GET',
      path: '/profile',
      summary: 'See the profile',
      scopes: TO_READ,
      fresh: false,
      answer: { status: 200, description: 'The profile.', schema: Profile },
      run: async ({ caller }) => shown(caller.user),
    }),
    operation({
      id: 'changeProfile',
      method: 'PATCH',
      path: '/profile',
      summary: 'Change the profile',
      description: 'What is left out stays, null removes (RFC 7396).',
      scopes: TO_CHANGE,
      fresh: true,
      body: ProfileChange,
      answer: { status: 200, description: 'The profile as it is now.', schema: Profile },
      async run({ caller, body, ip }) {
        const { user } = caller
        const parsed = parseProfile(typed(body), user.claims, deps.clock())
        if (parsed.kind === 'faulty') throw refusal(parsed.faults)
        await changeProfile(deps, user.id, parsed.changes, ip)
        const now = await createUserStore(deps.database.db).find(user.id)
        if (now === undefined) throw new ApiProblem('not_found')
        return shown(now)
      },
    }),
  ]
}

function shown(user: {
  readonly id: string
  readonly claims: ProfileClaims
  readonly updatedAt: Date
}): z.infer<typeof Profile> {
  return { ...user.claims, sub: user.id, updated_at: moment(user.updatedAt) }
}

/** As a form would send it: an empty field removes. */
function typed({ address, ...fields }: z.infer<typeof ProfileChange>): ProfileInput {
  const given = { ...fields, ...(address === null ? NO_ADDRESS : address) }
  return Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, value ?? '']),
  )
}

const NO_ADDRESS: Readonly<Record<Exclude<keyof AddressClaim, 'formatted'>, null>> = {
  street_address: null,
  locality: null,
  region: null,
  postal_code: null,
  country: null,
}

const WHY: Readonly<Record<ProfileFault, string>> = {
  too_long: 'is too long',
  characters: 'holds characters that do not belong in a text',
  url: 'is not an http or https address',
  https: 'is not an https address',
  birthdate: 'is not a date of the form YYYY-MM-DD, 0000-MM-DD or YYYY that has been',
  time_zone: 'is not a name of the IANA time zone database',
  language: 'is not a language tag (BCP 47)',
  phone: 'is not a telephone number in the form of E.164',
}

function refusal(faults: Readonly<Partial<Record<ProfileField, ProfileFault>>>): ApiProblem {
  const errors = (Object.keys(faults) as ProfileField[]).flatMap((field) => {
    const fault = faults[field]
    const pointer = isAddressField(field) ? `#/address/${field}` : `#/${field}`
    return fault === undefined ? [] : [{ pointer, detail: WHY[fault] }]
  })
  return new ApiProblem('invalid_input', { errors })
}
