import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import type { StoredPassword } from '../credentials/password-hasher.ts'
import { forgiveFailures } from '../credentials/sign-in-budgets.ts'
import { createEmailChangeStore } from '../email-changes/store.ts'
import { wipeBesidePassword } from '../identities/wipe.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import { endSessions } from '../sessions/end.ts'
import { createThrottleStore } from '../throttles/store.ts'
import { endTrust } from '../trusted-devices/end.ts'
import { createUserStore } from '../users/store.ts'
import type { RecoveryLinks } from './link.ts'
import { type RecoverableAccount, createRecoveryStore } from './store.ts'

export interface ResetDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly links: RecoveryLinks
  readonly clock: Clock
}

export interface NewPassword {
  readonly password: StoredPassword
  readonly ip: string
  /** The device, where this account has signed in before. */
  readonly knownDevice: string | undefined
}

/** The account whose password a link may set now. Looking uses nothing up: mail scanners look, too. */
export async function accountOf(
  { database, links, clock }: Pick<ResetDeps, 'database' | 'links' | 'clock'>,
  token: string,
): Promise<RecoverableAccount | undefined> {
  const link = links.open(token, clock())
  if (link === undefined) return undefined
  const account = await createRecoveryStore(database.db).find(link.userId)
  return account !== undefined && links.holdsFor(link, account) ? account : undefined
}

/**
 * Sets the password of an account as `accountOf` found it, signs its person out everywhere, gives the budget of
 * sign-ins back and mails the news: all of it or nothing. False when somebody was faster. It signs nobody in.
 */
export async function resetPassword(
  { database, ring, clock }: ResetDeps,
  account: RecoverableAccount,
  { password, ip, knownDevice }: NewPassword,
  notice: LetterContent,
): Promise<boolean> {
  const now = clock()
  const { userId, email, emailVerified } = account
  return database.db.transaction(async (tx) => {
    const recovery = createRecoveryStore(tx)
    if (!(await recovery.replacePassword(account, password, now))) return false
    if (!emailVerified) {
      // The link was in that mailbox only: whoever used it is the first to prove it (docs/decisions/0017), and what is in
      // the account may be somebody's who waits for that (0024).
      await createUserStore(tx).update(userId, { emailVerified: true }, now)
      await wipeBesidePassword({ clock }, tx, userId, ip)
    }
    const audit = createAuditStore(tx, clock)
    await audit.record({ event: 'password_reset', userId, ip })
    await endSessions(tx, clock, { userId, ip, because: 'password reset' })
    await endTrust(tx, clock, { userId, ip, because: 'password reset' })
    // Whoever asked for another address may be the one who is locked out now.
    const change = await createEmailChangeStore(tx).cancel(userId)
    if (change !== undefined)
      await audit.record({
        event: 'email_change_cancelled',
        userId,
        ip,
        detail: { change, because: 'password reset' },
      })
    // Spent by tries at a password that is no more.
    await forgiveFailures(createThrottleStore(tx), email, knownDevice)
    await createOutbox(tx, ring, clock).queue(notice)
    return true
  })
}
