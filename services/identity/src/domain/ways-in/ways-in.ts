import type { Db, Tx } from '../../platform/db/database.ts'
import { createCredentialStore } from '../credentials/store.ts'
import { createIdentityStore } from '../identities/store.ts'
import { createPasskeyStore } from '../passkeys/store.ts'
import type { Provider } from '../upstream/provider.ts'

/** What lets a person in: a password, and the ids of passkeys and connections. */
export interface WaysIn {
  readonly hasPassword: boolean
  readonly ids: readonly string[]
}

/**
 * What a person can sign in by today: no passkey that is suspended, and no connection with a provider that is not
 * offered any more. Whoever takes a way in away has locked the person's row, so that another one stays.
 */
export async function waysInOf(
  db: Db | Tx,
  userId: string,
  providers: readonly Pick<Provider, 'id'>[],
): Promise<WaysIn> {
  const offered = new Set(providers.map(({ id }) => id))
  const passkeys = await createPasskeyStore(db).passkeysOf(userId)
  const connections = await createIdentityStore(db).of(userId)
  const ways = [
    ...passkeys.filter(({ suspendedAt }) => suspendedAt === null),
    ...connections.filter(({ provider }) => offered.has(provider)),
  ]
  const hasPassword = await createCredentialStore(db).hasPassword(userId)
  return { hasPassword, ids: ways.map(({ id }) => id) }
}

/**
 * Whether nothing but this passkey or connection lets the person in. A mailed link for a new password does not count:
 * mailboxes change hands.
 */
export function isLastWayIn(id: string, { hasPassword, ids }: WaysIn): boolean {
  return !hasPassword && ids.every((one) => one === id)
}
