import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import { createThrottleStore } from '../throttles/store.ts'
import type { EmailAddress } from '../users/email.ts'
import { type RecoverableAccount, createRecoveryStore } from './store.ts'
import { UNLOCK_LINK_TTL_SECONDS, type UnlockLinks } from './unlock-link.ts'

export interface UnlockDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly links: UnlockLinks
  readonly clock: Clock
}

/** That an account's tries are used up. */
export interface LockOut {
  readonly email: EmailAddress
  readonly windowEndsAt: Date
  readonly ip: string
}

/** One letter tells of one window; whoever attacks all day sends few. */
const ONE_A_WINDOW = { tries: 1, windowSeconds: 3600 }
const SOME_A_DAY = { tries: 10, windowSeconds: 86_400 }
/** A row that outlives the link itself. */
const ONCE = { tries: 1, windowSeconds: UNLOCK_LINK_TTL_SECONDS }

/**
 * Tells the owner of an account that its tries are used up, with a link that gives one browser its own. Nothing comes
 * back, and whether there is such an account is looked up last: who used them up learns nothing of it.
 */
export async function tellOfLockOut(
  { database, ring, links, clock }: UnlockDeps,
  { email, windowEndsAt, ip }: LockOut,
  letter: (account: RecoverableAccount, token: string) => LetterContent,
): Promise<void> {
  const now = clock()
  const throttles = createThrottleStore(database.db)
  const window = `${email} ${windowEndsAt.toISOString()}`
  if ((await throttles.take('unlock-mail', window, ONE_A_WINDOW, now)).kind !== 'taken') return
  if ((await throttles.take('unlock-mail-day', email, SOME_A_DAY, now)).kind !== 'taken') return

  const account = await createRecoveryStore(database.db).findByEmail(email)
  if (account === undefined || account.disabled || account.password === undefined) return
  const { userId } = account
  await database.db.transaction(async (tx) => {
    await createOutbox(tx, ring, clock).queue(letter(account, links.seal(account, now)))
    await createAuditStore(tx, clock).record({ event: 'sign_in_unlock_mailed', userId, ip })
  })
}

/** The account that a link may still unlock in a browser. Looking uses nothing up: mail scanners look, too. */
export async function accountToUnlock(
  { database, links, clock }: Pick<UnlockDeps, 'database' | 'links' | 'clock'>,
  token: string,
  browser: string,
): Promise<RecoverableAccount | undefined> {
  const link = links.open(token, clock())
  if (link === undefined) return undefined
  const throttles = createThrottleStore(database.db)
  if ((await throttles.used('unlock', token, clock())) > 0)
    if ((await throttles.used('unlock-by', `${token} ${browser}`, clock())) === 0) return undefined
  const account = await createRecoveryStore(database.db).find(link.userId)
  return account !== undefined && links.holdsFor(link, account) ? account : undefined
}

/**
 * Uses a link up, for an account as `accountToUnlock` found it. Of any number of browsers at once one is told yes, and
 * that one every time it asks: a double click or a lost answer must not cost the person the link.
 */
export async function unlock(
  { database, clock }: Pick<UnlockDeps, 'database' | 'clock'>,
  { userId }: RecoverableAccount,
  { token, browser, ip }: { readonly token: string; readonly browser: string; readonly ip: string },
): Promise<boolean> {
  const now = clock()
  return database.db.transaction(async (tx) => {
    const throttles = createThrottleStore(tx)
    const who = `${token} ${browser}`
    const first = await throttles.take('unlock', token, ONCE, now)
    if (first.kind === 'exhausted') return (await throttles.used('unlock-by', who, now)) > 0
    await throttles.take('unlock-by', who, ONCE, now)
    await createAuditStore(tx, clock).record({ event: 'sign_in_unlocked', userId, ip })
    return true
  })
}
