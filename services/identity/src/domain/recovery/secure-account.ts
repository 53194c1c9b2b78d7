import { type Clock, addSeconds } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database, Db, Tx } from '../../platform/db/database.ts'
import { firstUuidv7 } from '../../platform/crypto/uuid.ts'
import { isUniqueViolation } from '../../platform/db/sqlstate.ts'
import { createAuditStore } from '../audit/store.ts'
import { createCredentialStore } from '../credentials/store.ts'
import { createEmailChangeStore } from '../email-changes/store.ts'
import { createFactorStore } from '../factors/store.ts'
import { createIdentityStore } from '../identities/store.ts'
import { createLeavingStore } from '../leaving/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import { endSessions } from '../sessions/end.ts'
import { createSessionStore } from '../sessions/store.ts'
import { endTrust } from '../trusted-devices/end.ts'
import { createUserStore } from '../users/store.ts'
import { NOT_ME_TTL_SECONDS, type NotMeLink } from './not-me.ts'

export interface SecureDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly clock: Clock
}

export type Securing =
  | { readonly kind: 'secured' }
  /** Used already, or overtaken: by another password, by a newer change, by its person. */
  | { readonly kind: 'stale' }
  /** The address that the account should get back belongs to another one by now; nothing was done. */
  | { readonly kind: 'taken' }

/** How an account stands to what a link tells of. */
interface Standing {
  readonly email: string
  /** The address to give back. */
  readonly restore: string | undefined
}

/** Whether pressing the button behind a link would do something. Looking uses nothing up: mail scanners look, too. */
export async function stillHolds(
  { database, clock }: Pick<SecureDeps, 'database' | 'clock'>,
  link: NotMeLink,
): Promise<boolean> {
  return (await standingOf(database.db, link, clock(), false)) !== undefined
}

/**
 * "This wasn't me": ends all sessions, gives the account the address back that it had, forgets a change that waits,
 * and removes the password, so that only a mail to that address leads to another. Connections with other providers
 * of that week are cut, and its passkeys sign nobody in by themselves; second factors stay what they are, whoever added
 * them: a mailbox must not get round one. It signs nobody in, and a second press finds nothing to do: what a link
 * must find in force is what pressing it removes.
 */
export async function secureAccount(
  { database, ring, clock }: SecureDeps,
  link: NotMeLink,
  ip: string,
  notice: (email: string, at: Date) => LetterContent,
): Promise<Securing> {
  const { userId, because, change, at } = link
  const now = clock()
  const write = async (tx: Tx): Promise<Securing> => {
    const standing = await standingOf(tx, link, now, true)
    if (standing === undefined) return { kind: 'stale' }
    const { restore } = standing
    // The link was mailed to this address only, so pressing it proves the mailbox.
    if (restore !== undefined)
      await createUserStore(tx).update(userId, { email: restore, emailVerified: true }, now)
    await createEmailChangeStore(tx).cancel(userId)
    await createCredentialStore(tx).removePassword(userId)
    // Whatever a stranger has added would let them in again, also what they added before this letter. So all of the
    // last days goes, counted from the letter.
    const young = youngAt(at)
    const suspended = await createFactorStore(tx).suspendPasskeysSince(userId, young, now)
    await endTrust(tx, clock, { userId, ip, because: 'account secured' })
    const audit = createAuditStore(tx, clock)
    for (const { provider, issuer } of await createIdentityStore(tx).removeSince(userId, young)) {
      const detail = { provider, issuer, because: 'account secured' }
      await audit.record({ event: 'identity_unlinked', userId, ip, detail })
    }
    // A thief may have asked for deletion, and hold the letter that could call it off. Whoever secures an account wants
    // it kept.
    if (await createLeavingStore(tx).callOff(userId, now))
      await audit.record({ event: 'account_kept', userId, ip, detail: { because } })
    // A thief who moved the account to their own mailbox has "this wasn't me" links there, of later changes: recording
    // which change was undone makes those links worthless.
    const changeOfAddress = because === 'email-change' ? change : undefined
    const undid = restore === undefined ? undefined : (changeOfAddress ?? firstUuidv7(at))
    const detail = { because, undid, suspended }
    await audit.record({ event: 'account_secured', userId, ip, detail })
    await endSessions(tx, clock, { userId, ip, because: 'account secured' })
    await createOutbox(tx, ring, clock).queue(notice(restore ?? standing.email, now))
    return { kind: 'secured' }
  }
  try {
    return await database.db.transaction(write)
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: 'taken' }
    throw error
  }
}

/**
 * How the account stands; undefined when the link no longer applies to it. With `lock`, the rows stay as they are seen.
 */
async function standingOf(
  db: Db | Tx,
  link: NotMeLink,
  now: Date,
  lock: boolean,
): Promise<Standing | undefined> {
  const { userId, because, email: old, change, at } = link
  // The password first, then the person, as every sign-in and reset does.
  const credentials = createCredentialStore(db)
  const passwordSince = await (lock
    ? credentials.lockPassword(userId)
    : credentials.passwordChangedAt(userId))
  const users = createUserStore(db)
  const person = await (lock ? users.lock(userId) : users.find(userId))
  if (person === undefined || person.disabledAt !== null) return undefined
  const { email } = person
  const lost = old !== undefined && old !== email
  if (because !== 'email-change') {
    // A password set since then is another person's work, or a reset: that one has a letter of its own.
    const hasPasswordOfThen = passwordSince !== undefined && passwordSince <= at
    const isPasskey =
      because === 'factor-change' &&
      change !== undefined &&
      (await createFactorStore(db).hasTrustedPasskey(userId, change))
    const isConnection =
      because === 'connection-change' &&
      // Of those days only: one that its owner has made since is no reason to take the account back once more.
      (await createIdentityStore(db).of(userId)).some(
        ({ createdAt }) => createdAt >= youngAt(at) && createdAt <= at,
      )
    // An account without a password: open sessions are what the link ends, as long as the address has not moved.
    const isInside =
      passwordSince === undefined &&
      !lost &&
      (await createSessionStore(db).devicesOf(userId, now)).length > 0
    if (!hasPasswordOfThen && !isPasskey && !isConnection && !isInside) return undefined
    return { email, restore: lost ? old : undefined }
  }
  if (change === undefined) return undefined
  const changes = createEmailChangeStore(db)
  if ((await changes.pending(userId, now))?.id === change) return { email, restore: undefined }
  const stands = lost && (await changes.standsMade(userId, change))
  return stands ? { email, restore: old } : undefined
}

/** What was added before this moment, by the time of the letter, counts as the person's own. */
function youngAt(letter: Date): Date {
  return addSeconds(letter, -NOT_ME_TTL_SECONDS)
}
