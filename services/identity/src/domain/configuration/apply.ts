import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../../platform/clock.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import type { Database, Db, Tx } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import { createClientStore } from '../clients/store.ts'
import type { PasswordHasher, StoredPassword } from '../credentials/password-hasher.ts'
import { createCredentialStore } from '../credentials/store.ts'
import { createResourceStore } from '../resources/store.ts'
import { createRoleStore } from '../roles/store.ts'
import { createSettingsStore } from '../settings/store.ts'
import { parseEmail } from '../users/email.ts'
import { createUserStore } from '../users/store.ts'
import type { ConfigurationFile } from './file.ts'
import { type Change, type PlannedUser, type Present, planConfiguration } from './plan.ts'

export interface ApplyDeps {
  readonly database: Database
  readonly hasher: PasswordHasher
  readonly clock: Clock
}

export interface Wanted {
  readonly file: ConfigurationFile
  readonly settings: Record<string, unknown>
}

/** Roles that users of the file have and nobody defines. */
export class UnknownRoleError extends Error {
  override readonly name = 'UnknownRoleError'
}

async function presentState(db: Db | Tx, file: ConfigurationFile): Promise<Present> {
  const users = createUserStore(db)
  const found = []
  for (const { email } of file.users) {
    const address = parseEmail(email)
    const user = address === undefined ? undefined : await users.findByEmail(address)
    if (user !== undefined) found.push(user)
  }
  return {
    settings: await createSettingsStore(db).given(),
    resources: await createResourceStore(db).all(),
    roles: await createRoleStore(db).all(),
    clients: await createClientStore(db).all(),
    users: found,
  }
}

/** What applying would change. Throws UnknownRoleError. */
export async function plan(
  { database }: Pick<ApplyDeps, 'database'>,
  wanted: Wanted,
): Promise<Change[]> {
  return planOn(database.db, wanted)
}

async function planOn(db: Db | Tx, { file, settings }: Wanted): Promise<Change[]> {
  const present = await presentState(db, file)
  const roles = new Set([...present.roles, ...file.roles].map(({ name }) => name))
  for (const user of file.users)
    for (const role of user.roles ?? [])
      if (!roles.has(role))
        throw new UnknownRoleError(`user ${user.email}: no role is named ${role}`)
  return planConfiguration(file, settings, present)
}

/** Applies the file in one transaction, one process at a time, and returns what changed. Throws UnknownRoleError. */
export async function apply(deps: ApplyDeps, wanted: Wanted): Promise<Change[]> {
  const { database } = deps
  let changes: Change[] = []
  const work = async () => {
    // Hashed outside the transaction: it is slow, and the embedded database has one connection.
    const passwords = await hashPasswords(deps, await planOn(database.db, wanted))
    changes = await database.db.transaction(async (tx) => {
      const planned = await planOn(tx, wanted)
      for (const change of planned) await carryOut(deps, tx, change, passwords)
      if (planned.length > 0)
        await createAuditStore(tx, deps.clock).record({
          event: 'configuration_applied',
          detail: { changes: planned.map(({ noun, action, id }) => `${action} ${noun} ${id}`) },
        })
      return planned
    })
  }
  // Another process is applying, most likely the same file: afterwards there is little left to do.
  for (let tries = 0; !(await database.withLock('configuration', work)); tries += 1) {
    if (tries === 300)
      throw new Error('another process has been applying a configuration for too long')
    await wait(100)
  }
  return changes
}

async function hashPasswords(
  { hasher }: ApplyDeps,
  changes: readonly Change[],
): Promise<Map<string, StoredPassword>> {
  const hashed = new Map<string, StoredPassword>()
  for (const change of changes) {
    if (change.noun !== 'user' || change.user.password === undefined) continue
    const stored = await hasher.hash(change.user.password)
    if (stored === 'busy') throw new Error('the password queue is full')
    hashed.set(change.user.email, stored)
  }
  return hashed
}

async function carryOut(
  { clock }: ApplyDeps,
  tx: Tx,
  change: Change,
  passwords: ReadonlyMap<string, StoredPassword>,
): Promise<void> {
  const at = clock()
  switch (change.noun) {
    case 'settings':
      return createSettingsStore(tx).save(change.values, at)
    case 'resource':
      return createResourceStore(tx).save(change.resource, at)
    case 'role':
      return createRoleStore(tx).save(change.role)
    case 'client':
      return createClientStore(tx).save(change.client, at)
    case 'user':
      return saveUser(tx, change.user, passwords.get(change.user.email), at)
  }
}

async function saveUser(
  tx: Tx,
  { id, email, emailVerified, claims, roles }: PlannedUser,
  password: StoredPassword | undefined,
  at: Date,
): Promise<void> {
  const users = createUserStore(tx)
  if (id !== undefined) return users.update(id, { emailVerified, claims, roles }, at)
  const fresh = uuidv7(at)
  const times = { createdAt: at, updatedAt: at }
  await users.create({ id: fresh, email, emailVerified, claims, roles, ...times })
  if (password !== undefined) await createCredentialStore(tx).setPassword(fresh, password, at)
}
