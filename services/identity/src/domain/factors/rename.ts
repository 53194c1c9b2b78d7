import type { Clock } from '../../platform/clock.ts'
import { isUuid } from '../../platform/crypto/uuid.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import { lineOf } from '../users/profile-values.ts'
import { createFactorStore } from './store.ts'

const MAX_NAME_CHARACTERS = 60

/** The name of a factor as it is kept, empty for none; undefined when it is too long or not one line of text. */
export function factorName(typed: string): string | undefined {
  const line = lineOf(typed)
  if ('fault' in line) return undefined
  const name = line.value ?? ''
  return Array.from(name).length > MAX_NAME_CHARACTERS ? undefined : name
}

export interface Renaming {
  readonly userId: string
  readonly id: string
  readonly name: string
  readonly sessionId: string
  readonly ip: string
}

/** Gives an authenticator another name; somebody else's is not found. */
export async function renameAuthenticator(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  { userId, id, name, sessionId, ip }: Renaming,
): Promise<'renamed' | 'not_found'> {
  if (!isUuid(id)) return 'not_found'
  return database.db.transaction(async (tx) => {
    if (!(await createFactorStore(tx).rename(userId, id, name))) return 'not_found'
    const audit = createAuditStore(tx, clock)
    const detail = { name }
    await audit.record({ event: 'authenticator_renamed', userId, sessionId, ip, detail })
    return 'renamed'
  })
}
