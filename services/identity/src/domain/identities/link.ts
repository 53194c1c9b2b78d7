import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import type { Database, Tx } from '../../platform/db/database.ts'
import { isUniqueViolation } from '../../platform/db/sqlstate.ts'
import { createAuditStore } from '../audit/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import { createSessionStore } from '../sessions/store.ts'
import type { UpstreamPerson } from '../upstream/person.ts'
import { createUserStore } from '../users/store.ts'
import { createIdentityStore } from './store.ts'

export interface LinkDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly clock: Clock
}

/** Whose account has one way in more, or one less. */
export interface LinkNews {
  readonly userId: string
  readonly email: string
  readonly at: Date
}
export type LinkLetter = (news: LinkNews) => LetterContent

interface NewLink {
  readonly userId: string
  readonly person: UpstreamPerson
  readonly ip: string
}

/**
 * Connects within a transaction that has decided that it may; fails on the unique index when it is another's. Returns
 * its id. A letter about it tells the same moment: "this wasn't me" looks for a connection that is no younger than its
 * letter.
 */
export async function addIdentity(
  { ring, clock }: Pick<LinkDeps, 'ring' | 'clock'>,
  tx: Tx,
  { userId, person, ip }: NewLink,
  now: Date,
  news?: LetterContent,
): Promise<string> {
  const { provider, issuer, subject, email = null } = person
  const identity = { id: uuidv7(now), userId, provider, issuer, subject, email, createdAt: now }
  await createIdentityStore(tx).add(identity)
  const detail = { provider, issuer }
  await createAuditStore(tx, clock).record({ event: 'identity_linked', userId, ip, detail })
  if (news !== undefined) await createOutbox(tx, ring, clock).queue(news)
  return identity.id
}

export type Connection = 'connected' | 'already' | 'taken' | 'gone'

/** Connects an identity with the account of a person who has just shown both, the account in this session. */
export async function connect(
  deps: LinkDeps,
  { userId, sessionId, person, ip }: NewLink & { readonly sessionId: string },
  letter: LinkLetter,
): Promise<Connection> {
  const now = deps.clock()
  const write = async (tx: Tx): Promise<Connection> => {
    const user = await createUserStore(tx).lock(userId)
    if (user === undefined || user.disabledAt !== null || user.leavesAt !== null) return 'gone'
    // Ending all sessions of a person locks the person's row as well. So a session that was ended meanwhile is seen as
    // ended, and somebody who is being put out of an account cannot leave a connection in it.
    if (!(await createSessionStore(tx).isOpen(userId, sessionId))) return 'gone'
    const present = await createIdentityStore(tx).find(person.issuer, person.subject)
    if (present !== undefined) return present.userId === userId ? 'already' : 'taken'
    await addIdentity(
      deps,
      tx,
      { userId, person, ip },
      now,
      letter({ userId, email: user.email, at: now }),
    )
    return 'connected'
  }
  try {
    return await deps.database.db.transaction(write)
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    // Somebody connected it in this very moment; who, is in the row now.
    const present = await createIdentityStore(deps.database.db).find(person.issuer, person.subject)
    return present?.userId === userId ? 'already' : 'taken'
  }
}
