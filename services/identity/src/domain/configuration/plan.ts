import { isDeepStrictEqual } from 'node:util'
import { sha256 } from '../../platform/crypto/hash.ts'
import type { Client, ClientMetadata } from '../clients/client.ts'
import type { Resource } from '../resources/resource.ts'
import type { Role } from '../roles/store.ts'
import type { ProfileClaims } from '../users/claims.ts'
import { type EmailAddress, parseEmail } from '../users/email.ts'
import type { User } from '../users/store.ts'
import type { ConfigurationFile } from './file.ts'

/** What the database holds of the things a file speaks of. */
export interface Present {
  readonly settings: Record<string, unknown>
  readonly resources: readonly Resource[]
  readonly roles: readonly Role[]
  readonly clients: readonly Client[]
  readonly users: readonly User[]
}

export interface MemberChange {
  readonly member: string
  readonly from: unknown
  readonly to: unknown
}

interface Difference {
  readonly action: 'create' | 'update'
  readonly id: string
  readonly members: readonly MemberChange[]
}

export type Change = Difference &
  (
    | { readonly noun: 'settings'; readonly values: Record<string, unknown> }
    | { readonly noun: 'resource'; readonly resource: Resource }
    | { readonly noun: 'role'; readonly role: Role }
    | { readonly noun: 'client'; readonly client: Client }
    | { readonly noun: 'user'; readonly user: PlannedUser }
  )

export interface PlannedUser {
  /** Of the account that exists, or undefined for a new one. */
  readonly id: string | undefined
  readonly email: EmailAddress
  readonly emailVerified: boolean
  readonly roles: readonly string[]
  readonly claims: ProfileClaims
  /** Set once, when the account is made: afterwards the password is the person's own. */
  readonly password: string | undefined
}

/** What applying the file would change. Pure; what the file does not name is left alone. */
export function planConfiguration(
  file: ConfigurationFile,
  givenSettings: Record<string, unknown>,
  present: Present,
): Change[] {
  const changes: Change[] = []

  const values = { ...present.settings, ...givenSettings }
  const settingMembers = difference(present.settings, values)
  if (settingMembers.length > 0)
    changes.push({
      noun: 'settings',
      action: 'update',
      id: 'settings',
      members: settingMembers,
      values,
    })

  for (const resource of file.resources) {
    const known = present.resources.find(({ identifier }) => identifier === resource.identifier)
    const members = difference(known, resource)
    if (members.length > 0)
      changes.push({ noun: 'resource', ...head(known, resource.identifier, members), resource })
  }
  for (const role of file.roles) {
    const known = present.roles.find(({ name }) => name === role.name)
    const members = difference(known, role)
    if (members.length > 0) changes.push({ noun: 'role', ...head(known, role.name, members), role })
  }
  for (const { client_id: id, client_secret: secret, ...metadata } of file.clients) {
    const known = present.clients.find((client) => client.id === id)
    const secretHash = secret === undefined ? undefined : sha256(secret)
    const members = clientMembers(known, metadata, secretHash)
    const client = { id, secretHash, metadata }
    if (members.length > 0) changes.push({ noun: 'client', ...head(known, id, members), client })
  }
  for (const entry of file.users) {
    const email = parseEmail(entry.email)
    if (email === undefined) continue
    const known = present.users.find((user) => user.email === email)
    // What the entry leaves out stays as it is.
    const wanted = {
      emailVerified: entry.email_verified ?? known?.emailVerified ?? false,
      roles: entry.roles ?? known?.roles ?? [],
      claims: entry.claims ?? known?.claims ?? {},
    }
    const members = difference(known && pick(known), wanted)
    const password = known === undefined ? entry.password : undefined
    const user = { id: known?.id, email, ...wanted, password }
    if (members.length > 0 || known === undefined)
      changes.push({ noun: 'user', ...head(known, email, members), user })
  }
  return changes
}

function head(known: unknown, id: string, members: readonly MemberChange[]): Difference {
  return { action: known === undefined ? 'create' : 'update', id, members }
}

const pick = ({ emailVerified, roles, claims }: User) => ({ emailVerified, roles, claims })

function clientMembers(
  known: Client | undefined,
  metadata: ClientMetadata,
  secretHash: string | undefined,
): MemberChange[] {
  const members = difference(known?.metadata, metadata)
  // A secret never shows, not even as its hash.
  if (known?.secretHash !== secretHash)
    members.push({
      member: 'client_secret',
      from: known?.secretHash === undefined ? undefined : '(kept secret)',
      to: secretHash === undefined ? undefined : '(kept secret)',
    })
  return members
}

function difference(from: object | undefined, to: object): MemberChange[] {
  const before = new Map<string, unknown>(Object.entries(from ?? {}))
  const after = new Map<string, unknown>(Object.entries(to))
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((member) => !isDeepStrictEqual(plain(before.get(member)), plain(after.get(member))))
    .map((member) => ({ member, from: before.get(member), to: after.get(member) }))
}

/** As the database's JSON returns it: without undefined members and prototypes. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}
