import { createAuditStore } from '../audit/store.ts'
import { CLIENT_ID } from '../clients/client.ts'
import type { ConnectedAppsDeps } from './connected-apps.ts'
import { createConnectedAppStore } from './store.ts'

/**
 * Takes back what a person allowed an application: its refresh tokens are refused from now on, and its access tokens
 * count no more here. Done before counts as done, since people press twice; an application that the person never
 * had anything to do with is not found.
 */
export async function withdraw(
  { database, clock }: Pick<ConnectedAppsDeps, 'database' | 'clock'>,
  userId: string,
  clientId: string,
  ip: string,
): Promise<'withdrawn' | 'not_found'> {
  // What no client can be called never reaches the database: PostgreSQL refuses text with NUL.
  if (!CLIENT_ID.test(clientId)) return 'not_found'
  return database.db.transaction(async (tx) => {
    const store = createConnectedAppStore(tx)
    // The consent's row first. Redeeming a code holds it until the grant is stored, so that the grant is seen below.
    const allowed = await store.deleteConsent(userId, clientId)
    const ended = await store.endGrants(userId, clientId, clock())
    if (!allowed && ended === 0)
      return (await store.wasWithdrawn(userId, clientId)) ? 'withdrawn' : 'not_found'
    await createAuditStore(tx, clock).record({
      event: 'consent_withdrawn',
      userId,
      clientId,
      ip,
      detail: { allowed, grants: ended },
    })
    return 'withdrawn'
  })
}
