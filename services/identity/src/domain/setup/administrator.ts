import type { Clock } from '../../platform/clock.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import type { Database } from '../../platform/db/database.ts'
import { isUniqueViolation } from '../../platform/db/sqlstate.ts'
import { createAuditStore } from '../audit/store.ts'
import type { StoredPassword } from '../credentials/password-hasher.ts'
import { createCredentialStore } from '../credentials/store.ts'
import { createRoleStore } from '../roles/store.ts'
import type { EmailAddress } from '../users/email.ts'
import { createUserStore } from '../users/store.ts'
import { createSetupStore } from './store.ts'

export const ADMIN_ROLE = { name: 'admin', description: 'Operators' } as const

export interface NewAdministrator {
  readonly name: string
  readonly email: EmailAddress
  readonly password: StoredPassword
}

/** Makes the first administrator and uses the link up, both or neither. */
export async function createAdministrator(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  token: string,
  { name, email, password }: NewAdministrator,
): Promise<'created' | 'link_used' | 'email_taken'> {
  const now = clock()
  const id = uuidv7(now)
  try {
    return await database.db.transaction(async (tx) => {
      if (!(await createSetupStore(tx).use(token, now))) return 'link_used'
      const roles = createRoleStore(tx)
      const known = await roles.all()
      if (!known.some((role) => role.name === ADMIN_ROLE.name)) await roles.save(ADMIN_ROLE)
      const claims = name === '' ? {} : { name }
      const times = { createdAt: now, updatedAt: now }
      const user = { id, email, emailVerified: true, claims, roles: [ADMIN_ROLE.name], ...times }
      await createUserStore(tx).create(user)
      await createCredentialStore(tx).setPassword(id, password, now)
      await createAuditStore(tx, clock).record({ event: 'administrator_created', userId: id })
      return 'created'
    })
  } catch (error) {
    // The link survives: the transaction it was used in did not.
    if (isUniqueViolation(error)) return 'email_taken'
    throw error
  }
}
