import { isUuid } from '../../platform/crypto/uuid.ts'
import { createAuditStore } from '../audit/store.ts'
import type { LinkDeps, LinkNews } from '../identities/link.ts'
import { createIdentityStore } from '../identities/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import type { Provider } from '../upstream/provider.ts'
import { createUserStore } from '../users/store.ts'
import { isLastWayIn, waysInOf } from './ways-in.ts'

export interface DisconnectDeps extends LinkDeps {
  readonly providers: readonly Pick<Provider, 'id'>[]
}

/** `last_way_in`: nothing else would let the person in, so nothing was done. */
export type Disconnection = 'disconnected' | 'not_found' | 'last_way_in'

/** Disconnects one identity of a person, unless it is the last way in. */
export async function disconnect(
  { database, ring, clock, providers }: DisconnectDeps,
  { userId, id, ip }: { readonly userId: string; readonly id: string; readonly ip: string },
  letter: (provider: string, news: LinkNews) => LetterContent,
): Promise<Disconnection> {
  if (!isUuid(id)) return 'not_found'
  return database.db.transaction(async (tx): Promise<Disconnection> => {
    // Locked: of two that would leave nothing together, the second finds one left.
    const user = await createUserStore(tx).lock(userId)
    const identities = createIdentityStore(tx)
    if (user === undefined || !(await identities.isOf(userId, id))) return 'not_found'
    if (isLastWayIn(id, await waysInOf(tx, userId, providers))) return 'last_way_in'
    const removed = await identities.remove(userId, id)
    if (removed === undefined) return 'not_found'
    const { provider, issuer } = removed
    const detail = { provider, issuer }
    await createAuditStore(tx, clock).record({ event: 'identity_unlinked', userId, ip, detail })
    const news = { userId, email: user.email, at: clock() }
    await createOutbox(tx, ring, clock).queue(letter(provider, news))
    return 'disconnected'
  })
}
