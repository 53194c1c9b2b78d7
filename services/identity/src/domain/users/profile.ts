import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import type { ProfileClaims } from './claims.ts'
import {
  PROFILE_FIELDS,
  type ProfileChanges,
  type ProfileField,
  isAddressField,
  profileValue,
} from './parse-profile.ts'
import { createUserStore } from './store.ts'

export interface ProfileDeps {
  readonly database: Database
  readonly clock: Clock
}

export type ProfileChange =
  | { readonly kind: 'changed'; readonly fields: readonly ProfileField[] }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'not_found' }

/** Changes a person's own claims, as parseProfile found them good. The record names the fields, never what they say. */
export async function changeProfile(
  { database, clock }: ProfileDeps,
  userId: string,
  changes: ProfileChanges,
  ip: string,
): Promise<ProfileChange> {
  return database.db.transaction(async (tx) => {
    const users = createUserStore(tx)
    // Locked: of two forms sent at once, the second builds on the first.
    const user = await users.lock(userId)
    if (user === undefined) return { kind: 'not_found' }
    const claims = changedClaims(user.claims, changes)
    const fields = PROFILE_FIELDS.filter(
      (field) => profileValue(claims, field) !== profileValue(user.claims, field),
    )
    if (fields.length === 0) return { kind: 'unchanged' }
    await users.update(userId, { claims }, clock())
    await createAuditStore(tx, clock).record({
      event: 'profile_changed',
      userId,
      ip,
      detail: { fields },
    })
    return { kind: 'changed', fields }
  })
}

/** The claims after a change. Those that are not the person's to set stay, unless the change makes them untrue. */
export function changedClaims(present: ProfileClaims, changes: ProfileChanges): ProfileClaims {
  const claims: Record<string, unknown> = { ...present }
  const address: Record<string, unknown> = { ...present.address }
  for (const field of PROFILE_FIELDS) {
    const value = changes[field]
    if (value === undefined || value === (profileValue(present, field) ?? null)) continue
    put(isAddressField(field) ? address : claims, field, value)
    // Written by an operator from the parts as they were.
    if (isAddressField(field)) delete address['formatted']
    // OIDC Core 1.0 §5.1: verified is a number that the person controlled at the time, which was another one.
    if (field === 'phone_number')
      put(claims, 'phone_number_verified', value === null ? null : false)
  }
  const hasAddress = Object.keys(address).length > 0
  put(claims, 'address', hasAddress ? address : null)
  return claims
}

function put(into: Record<string, unknown>, name: string, value: unknown): void {
  if (value === null) delete into[name]
  else into[name] = value
}
