import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import { createThrottleStore } from '../throttles/store.ts'
import { ownDataText } from './document.ts'
import { createOwnDataStore } from './store.ts'

export interface OwnDataDeps {
  readonly database: Database
  readonly issuer: string
  readonly clock: Clock
}

export type OwnData =
  /** One JSON document in pieces: a security log may be long, and is never in memory whole. */
  | { readonly kind: 'document'; readonly text: AsyncIterable<string> }
  | { readonly kind: 'too_often'; readonly retryAfterSeconds: number }
  | { readonly kind: 'gone' }

/** Reading everything is work; a person needs it now and then. */
const DOWNLOADS = { tries: 10, windowSeconds: 3600 } as const
const ROWS_AT_ONCE = 500

/**
 * Everything that is kept about a person, for the person (GDPR art. 15 and 20): no hashes, tokens or keys, and nothing
 * of anybody else. That it was read is recorded before the first piece leaves.
 */
export async function ownData(
  { database, issuer, clock }: OwnDataDeps,
  userId: string,
  ip: string,
): Promise<OwnData> {
  const now = clock()
  const { db } = database
  const take = await createThrottleStore(db).take('own-data', userId, DOWNLOADS, now)
  if (take.kind === 'exhausted')
    return { kind: 'too_often', retryAfterSeconds: take.retryAfterSeconds }
  const store = createOwnDataStore(db, ROWS_AT_ONCE)
  const account = await store.account(userId)
  if (account === undefined) return { kind: 'gone' }
  await createAuditStore(db, clock).record({ event: 'data_downloaded', userId, ip })
  return { kind: 'document', text: ownDataText(store, account, { issuer, at: now }) }
}
