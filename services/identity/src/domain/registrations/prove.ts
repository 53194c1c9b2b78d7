import { type Clock, addSeconds } from '../../platform/clock.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import type { Database, Tx } from '../../platform/db/database.ts'
import { isUniqueViolation } from '../../platform/db/sqlstate.ts'
import { createAuditStore } from '../audit/store.ts'
import type { PasswordHasher } from '../credentials/password-hasher.ts'
import { createCredentialStore } from '../credentials/store.ts'
import { codeFault } from '../mail/code.ts'
import { createRoleStore } from '../roles/store.ts'
import { createSpentStore } from '../spent/store.ts'
import type { ThrottleStore } from '../throttles/store.ts'
import { createUserStore } from '../users/store.ts'
import type { Invitation, Invitations } from './invitation.ts'
import { REGISTRATION_TTL_SECONDS, type Registration, beganAt } from './registration.ts'
import type { RegistrationSecrets } from './secrets.ts'
import { type RegistrationStore, createRegistrationStore } from './store.ts'

export interface ProveDeps {
  readonly database: Database
  readonly secrets: RegistrationSecrets
  readonly invitations: Invitations
  readonly clock: Clock
}

export interface Created {
  readonly kind: 'created'
  readonly userId: string
  readonly registration: Registration
}

export type CodeProof =
  | Created
  | { readonly kind: 'wrong' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'exhausted' }
  | { readonly kind: 'gone' }

/** Where the proof came from, for the record. */
export interface From {
  readonly browserHash: string
  readonly ip: string
}

/** Makes the account when the code is right, in the browser that asked for it; every try counts before it is looked at. */
export async function proveByCode(
  deps: ProveDeps,
  id: string,
  code: string,
  { browserHash, ip }: From,
): Promise<CodeProof> {
  const now = deps.clock()
  const store = createRegistrationStore(deps.database.db)
  const taken = await store.takeTry(id, browserHash, now)
  if (taken === undefined) {
    const present = await store.find(id, now)
    if (present?.browserHash !== browserHash) return { kind: 'gone' }
    return { kind: codeFault(present, now) ?? 'wrong' }
  }
  const { codeMac } = taken
  // Compared in any case, so that an address without a code of its own takes the same time.
  const matches = deps.secrets.codeMatches(id, code, codeMac ?? deps.secrets.macOf(id, 'no code'))
  if (!matches || codeMac === undefined) return { kind: 'wrong' }
  // The code is part of the condition: one that was replaced meanwhile is no longer right.
  const used = (registrations: RegistrationStore) => registrations.use(id, now, codeMac)
  return (await create(deps, used, 'code', ip)) ?? { kind: 'wrong' }
}

export interface LinkDeps {
  readonly hasher: PasswordHasher
  readonly throttles: ThrottleStore
  readonly clock: Clock
}

const LINK_TRIES = { tries: 10, windowSeconds: 86_400 } as const

/**
 * Whether whoever opened the link in another browser is the one who asked for the account: by the password chosen
 * then. Otherwise a stranger could have the owner of a mailbox confirm an account that the stranger has the password of.
 */
export async function isWhoAsked(
  { hasher, throttles, clock }: LinkDeps,
  { id, password }: Registration,
  typed: string,
): Promise<boolean> {
  const take = await throttles.take('registration-link', id, LINK_TRIES, clock())
  if (take.kind === 'exhausted') return false
  return (await hasher.verify(typed, password)).kind === 'right'
}

/** Makes the account for whoever has the link of the mail; undefined when it was used, replaced or is too old. */
export async function proveByLink(
  deps: ProveDeps,
  id: string,
  ip: string,
): Promise<Created | undefined> {
  const now = deps.clock()
  return create(deps, (registrations) => registrations.use(id, now), 'link', ip)
}

async function create(
  { database, invitations, clock }: ProveDeps,
  use: (store: RegistrationStore) => Promise<Registration | undefined>,
  by: 'code' | 'link',
  ip: string,
): Promise<Created | undefined> {
  const now = clock()
  const userId = uuidv7(now)
  const write = async (tx: Tx): Promise<Created | undefined> => {
    const registration = await use(createRegistrationStore(tx))
    if (registration === undefined) return undefined
    const { email, name, password } = registration
    const invitation = await spend(tx, invitations, registration)
    if (invitation === 'spent') return undefined
    const roles = await rolesOf(tx, invitation)
    const claims = name === '' ? {} : { name }
    const times = { createdAt: now, updatedAt: now }
    const user = { id: userId, email, emailVerified: true, claims, roles, ...times }
    await createUserStore(tx).create(user)
    await createCredentialStore(tx).setPassword(userId, password, now)
    await createAuditStore(tx, clock).record({
      event: 'user_registered',
      userId,
      ip,
      detail: { by, ...(invitation !== undefined && { invitation: invitation.id, roles }) },
    })
    return { kind: 'created', userId, registration }
  }
  try {
    return await database.db.transaction(write)
  } catch (error) {
    // An account came by another way meanwhile, such as a second registration: the first one stands.
    if (isUniqueViolation(error)) return undefined
    throw error
  }
}

/** Uses the invitation of a registration up: each is good for one account, even after that one is deleted. */
async function spend(
  tx: Tx,
  invitations: Invitations,
  registration: Registration,
): Promise<Invitation | 'spent' | undefined> {
  const { invitation: sealed } = registration
  const invitation =
    sealed === undefined ? undefined : invitations.open(sealed, beganAt(registration))
  if (invitation === undefined) return undefined
  // The last registration that it may begin ends so much later.
  const until = addSeconds(invitation.expiresAt, REGISTRATION_TTL_SECONDS)
  const isFirst = await createSpentStore(tx).spend('invitation', invitation.id, until)
  return isFirst ? invitation : 'spent'
}

/** The roles that an invitation names, but for those that were taken away meanwhile. */
async function rolesOf(tx: Tx, invitation: Invitation | undefined): Promise<string[]> {
  if (invitation === undefined) return []
  const known = await createRoleStore(tx).all()
  return known.map(({ name }) => name).filter((name) => invitation.roles.includes(name))
}
