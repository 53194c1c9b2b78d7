import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import type { Database, Tx } from '../../platform/db/database.ts'
import { isUniqueViolation } from '../../platform/db/sqlstate.ts'
import { createAuditStore } from '../audit/store.ts'
import { hasSecondFactor } from '../factors/policy.ts'
import { createFactorStore } from '../factors/store.ts'
import { createCredentialStore } from '../credentials/store.ts'
import type { Settings } from '../settings/settings.ts'
import { type LinkQuestion, type LocalAccount, decideLink } from '../upstream/decide-link.ts'
import type { UpstreamPerson } from '../upstream/person.ts'
import type { EmailAddress } from '../users/email.ts'
import { type User, createUserStore } from '../users/store.ts'
import { type LinkLetter, addIdentity } from './link.ts'
import { createIdentityStore } from './store.ts'
import { wipe } from './wipe.ts'

export interface ArriveDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly settings: () => Settings
  readonly clock: Clock
}

/** Somebody whom a provider has named, and what we know of them beyond that. */
export interface Coming {
  readonly person: UpstreamPerson
  /** The person has entered a code that we mailed to the address. */
  readonly proved: boolean
  readonly link: 'proof' | 'auto'
  /** The provider's word counts for both steps of a sign-in. */
  readonly counts: boolean
  readonly ip: string
}

export type Arrived =
  /** `identity` is the connection's id: whose word it is that this is the person. */
  | {
      readonly kind: 'known'
      readonly userId: string
      readonly email: EmailAddress
      readonly identity: string
    }
  | { readonly kind: 'leaving'; readonly userId: string; readonly leavesAt: Date }
  | { readonly kind: 'ask_address' | 'prove_mailbox' | 'prove_account' | 'disabled' }
  | { readonly kind: 'sign_up_closed'; readonly signUp: 'invited' | 'closed' }

/** A try fails when somebody else has just written; the next one sees what they wrote. */
const MAX_TRIES = 4

/**
 * Takes in whom a provider has named: finds, makes or connects the account, or says what is still to be shown. However
 * many arrive at once with one identity or one address, there is one account.
 */
export async function arrive(
  deps: ArriveDeps,
  coming: Coming,
  letter: LinkLetter,
): Promise<Arrived> {
  for (let tries = 1; ; tries += 1) {
    try {
      const arrived = await deps.database.db.transaction(async (tx) =>
        decide(deps, tx, coming, letter),
      )
      if (arrived !== undefined) return arrived
    } catch (error) {
      if (!isUniqueViolation(error) || tries === MAX_TRIES) throw error
    }
    if (tries === MAX_TRIES) throw new Error('the connection changes all the time')
  }
}

/** One try. Undefined when the rows changed between reading and locking them, so that another try is due. */
async function decide(
  deps: ArriveDeps,
  tx: Tx,
  coming: Coming,
  letter: LinkLetter,
): Promise<Arrived | undefined> {
  const { person, ip } = coming
  const now = deps.clock()
  const { issuer, subject, email } = person
  // The address first. An account and its identity are made in one transaction: if it commits between these two reads,
  // the identity is seen, and it decides.
  const owner = email && (await createUserStore(tx).findByEmail(email))
  const identity = await createIdentityStore(tx).find(issuer, subject)
  const linked = identity && (await lockAccount(tx, identity.userId))
  const locked = linked === undefined && owner ? await lockAccount(tx, owner.id) : undefined
  // Connected or cut while we waited for the row.
  if ((await createIdentityStore(tx).find(issuer, subject))?.id !== identity?.id) return undefined
  // Moved to another address meanwhile.
  const local = locked?.email === email ? locked : undefined
  const link = (await hidesFactor(tx, coming, local)) ? 'proof' : coming.link
  const decision = decideLink(questionOf(deps.settings(), { ...coming, link }, linked, local))
  const audit = createAuditStore(tx, deps.clock)
  switch (decision.kind) {
    case 'sign_in':
      if (identity === undefined || linked === undefined) throw new Error('nobody is linked')
      await createIdentityStore(tx).used(identity.id, person.email ?? null, now)
      if (deps.settings().provider_profile === 'each_sign_in')
        await createUserStore(tx).update(linked.id, { claims: withProfile(linked, person) }, now)
      return known(linked, identity.id)
    case 'create': {
      if (person.email === undefined) throw new Error('no address was proved')
      const user = {
        id: uuidv7(now),
        email: person.email,
        emailVerified: true,
        claims: person.profile,
        roles: [],
        createdAt: now,
        updatedAt: now,
      }
      await createUserStore(tx).create(user)
      const detail = { by: person.provider }
      await audit.record({ event: 'user_registered', userId: user.id, ip, detail })
      const id = await addIdentity(deps, tx, { userId: user.id, person, ip }, now)
      return { kind: 'known', userId: user.id, email: person.email, identity: id }
    }
    case 'link':
    case 'wipe_and_link': {
      if (local === undefined) throw new Error('there is no account to connect')
      if (decision.kind === 'wipe_and_link') {
        await wipe(deps, tx, local.id, ip)
        const claims = withProfile(local, person)
        await createUserStore(tx).update(local.id, { emailVerified: true, claims }, now)
      }
      const link = { userId: local.id, person, ip }
      return known(
        local,
        await addIdentity(
          deps,
          tx,
          link,
          now,
          letter({ userId: local.id, email: local.email, at: now }),
        ),
      )
    }
    case 'leaving': {
      const leavesAt = linked?.leavesAt
      if (leavesAt === undefined || leavesAt === null) throw new Error('nobody is leaving')
      return { kind: 'leaving', userId: decision.userId, leavesAt }
    }
    case 'prove_account':
      return { kind: 'prove_account' }
    case 'ask_address':
    case 'prove_mailbox':
    case 'disabled':
    case 'sign_up_closed':
      return decision
  }
}

/**
 * Whether connecting would get round a second factor of ours: the provider counts as both steps, and the person has a
 * factor here that the provider never asked for.
 */
async function hidesFactor(tx: Tx, { counts }: Coming, local: User | undefined): Promise<boolean> {
  if (!counts || local === undefined) return false
  return hasSecondFactor(await createFactorStore(tx).factorsOf(local.id))
}

function questionOf(
  { sign_up }: Settings,
  { person, proved, link }: Coming,
  linked: User | undefined,
  local: User | undefined,
): LinkQuestion {
  const told = person.authoritative ? 'authoritative' : proved ? 'proved' : 'unproved'
  return {
    linked: linked && accountOf(linked),
    local: local && accountOf(local),
    mailbox: person.email === undefined ? 'missing' : told,
    signUp: sign_up,
    link,
  }
}

function accountOf({ id, emailVerified, disabledAt, leavesAt }: User): LocalAccount {
  const leaving = leavesAt === null ? 'active' : 'leaving'
  return { userId: id, emailVerified, standing: disabledAt === null ? leaving : 'disabled' }
}

/** The password first, then the person, as every sign-in and reset does. */
async function lockAccount(tx: Tx, userId: string): Promise<User | undefined> {
  await createCredentialStore(tx).lockPassword(userId)
  return createUserStore(tx).lock(userId)
}

function withProfile({ claims }: User, { profile }: UpstreamPerson): User['claims'] {
  return { ...claims, ...profile }
}

// Only canonical addresses are ever saved.
const known = ({ id, email }: User, identity: string): Arrived => ({
  kind: 'known',
  userId: id,
  email: email as EmailAddress,
  identity,
})
