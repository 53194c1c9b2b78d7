import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { isUuid, uuidv7 } from '../../platform/crypto/uuid.ts'
import type { Database, Tx } from '../../platform/db/database.ts'
import { isUniqueViolation } from '../../platform/db/sqlstate.ts'
import { createAuditStore } from '../audit/store.ts'
import { createCredentialStore } from '../credentials/store.ts'
import { createFactorStore } from '../factors/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import { createSessionStore } from '../sessions/store.ts'
import type { UpstreamPerson } from '../upstream/person.ts'
import { createUserStore } from '../users/store.ts'
import { type Identity, createIdentityStore } from './store.ts'

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

/** Connects within a transaction that has decided that it may; fails on the unique index when it is another's. Returns its id. */
export async function addIdentity(
  { ring, clock }: Pick<LinkDeps, 'ring' | 'clock'>,
  tx: Tx,
  { userId, person, ip }: NewLink,
  news?: LetterContent,
): Promise<string> {
  const now = clock()
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
    // Whoever ends all sessions of a person holds that row: one that is taken out of an account leaves nothing in it.
    if (!(await createSessionStore(tx).isOpen(userId, sessionId))) return 'gone'
    const present = await createIdentityStore(tx).find(person.issuer, person.subject)
    if (present !== undefined) return present.userId === userId ? 'already' : 'taken'
    await addIdentity(
      deps,
      tx,
      { userId, person, ip },
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

/** The ways in that a person has beside one identity. */
export function isLastWayIn(
  id: string,
  { hasPassword, passkeys, identities }: WaysIn,
  offered: ReadonlySet<string>,
): boolean {
  const others = identities.filter((one) => one.id !== id && offered.has(one.provider))
  return !hasPassword && passkeys === 0 && others.length === 0
}

export interface WaysIn {
  readonly hasPassword: boolean
  readonly passkeys: number
  readonly identities: readonly Identity[]
}

/** All ways in to an account. */
export async function waysIn(db: Tx | Database['db'], userId: string): Promise<WaysIn> {
  const { passkeys } = await createFactorStore(db).factorsOf(userId)
  return {
    hasPassword: await createCredentialStore(db).hasPassword(userId),
    passkeys,
    identities: await createIdentityStore(db).of(userId),
  }
}

export type Disconnection =
  | { readonly kind: 'disconnected' | 'not_found' }
  /** Nothing else would let the person in: nothing was done. */
  | { readonly kind: 'last' }

/** Disconnects one identity of a person, unless it is the last way in. */
export async function disconnect(
  { database, ring, clock }: LinkDeps,
  { userId, id, ip }: { readonly userId: string; readonly id: string; readonly ip: string },
  offered: ReadonlySet<string>,
  letter: (provider: string, news: LinkNews) => LetterContent,
): Promise<Disconnection> {
  if (!isUuid(id)) return { kind: 'not_found' }
  return database.db.transaction(async (tx): Promise<Disconnection> => {
    // Locked: of two that would leave nothing together, the second finds one left.
    const user = await createUserStore(tx).lock(userId)
    if (user === undefined) return { kind: 'not_found' }
    const ways = await waysIn(tx, userId)
    if (!ways.identities.some((one) => one.id === id)) return { kind: 'not_found' }
    if (isLastWayIn(id, ways, offered)) return { kind: 'last' }
    const removed = await createIdentityStore(tx).remove(userId, id)
    if (removed === undefined) return { kind: 'not_found' }
    const { provider, issuer } = removed
    const detail = { provider, issuer }
    await createAuditStore(tx, clock).record({ event: 'identity_unlinked', userId, ip, detail })
    const news = { userId, email: user.email, at: clock() }
    await createOutbox(tx, ring, clock).queue(letter(provider, news))
    return { kind: 'disconnected' }
  })
}
