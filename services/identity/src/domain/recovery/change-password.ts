import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import type { PasswordHasher, StoredPassword } from '../credentials/password-hasher.ts'
import { type PasswordFault, passwordFault, passwordRules } from '../credentials/password-rules.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import { endSessions } from '../sessions/end.ts'
import type { Settings } from '../settings/settings.ts'
import { createThrottleStore } from '../throttles/store.ts'
import { endTrust } from '../trusted-devices/end.ts'
import { type RecoverableAccount, createRecoveryStore } from './store.ts'

export interface ChangePasswordDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly hasher: PasswordHasher
  readonly settings: () => Settings
  readonly clock: Clock
}

export interface PasswordChange {
  readonly userId: string
  /** The session it is done in, which goes on. */
  readonly sessionId: string
  /** What the person says the password is; not looked at where there is none yet. */
  readonly current: string
  readonly fresh: string
  readonly endOthers: boolean
  readonly ip: string
}

export interface PasswordChanged {
  readonly userId: string
  /** The address of the account. */
  readonly email: string
  readonly at: Date
  /** Whether the person is signed out on every other device. */
  readonly othersEnded: boolean
}

export type PasswordChanging =
  | { readonly kind: 'changed' }
  /** The new one will not do. */
  | { readonly kind: 'refused'; readonly fault: PasswordFault | { readonly kind: 'same' } }
  /** The current one is another. */
  | { readonly kind: 'wrong' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number }
  /** Somebody else changed it in this very moment. */
  | { readonly kind: 'overtaken' }

/** Wrong ones at the field for the current password: whoever sits at an open session may not guess on. */
const CURRENT_BUDGET = { tries: 10, windowSeconds: 3600 } as const
const BUDGET = 'password-change'
const BUSY = { kind: 'busy', retryAfterSeconds: 5 } as const

/**
 * Replaces a person's password, or sets the first one, signs the other devices out unless told otherwise, and mails
 * the news: all of it or nothing. The caller has seen to it that the sign-in is fresh.
 */
export async function changePassword(
  deps: ChangePasswordDeps,
  change: PasswordChange,
  notice: (changed: PasswordChanged) => LetterContent,
): Promise<PasswordChanging> {
  const { database, hasher, settings } = deps
  const { userId, current, fresh } = change
  const account = await createRecoveryStore(database.db).find(userId)
  if (account === undefined || account.disabled) return { kind: 'overtaken' }
  // Before anything is checked or counted: says nothing about the password in force.
  const rules = settings()
  const personal = [account.email, account.name, rules.brand.name ?? '']
  const fault = passwordFault(fresh, personal, passwordRules(rules))
  if (fault !== undefined) return { kind: 'refused', fault }

  if (account.password !== undefined) {
    const failed = await checkCurrent(deps, account.password, change)
    if (failed !== undefined) return failed
    if (fresh.normalize('NFC') === current.normalize('NFC'))
      return { kind: 'refused', fault: { kind: 'same' } }
  }
  const password = await hasher.hash(fresh)
  if (password === 'busy') return BUSY
  const done = await replace(deps, account, password, change, notice)
  return { kind: done ? 'changed' : 'overtaken' }
}

/** Why the change goes no further, or undefined. Each try counts before it is made, and a right one costs nothing. */
async function checkCurrent(
  { database, hasher, clock }: ChangePasswordDeps,
  stored: StoredPassword,
  { userId, sessionId, current, ip }: PasswordChange,
): Promise<PasswordChanging | undefined> {
  if (hasher.full) return BUSY
  const now = clock()
  const throttles = createThrottleStore(database.db)
  const refused = async (because: string) =>
    createAuditStore(database.db, clock).record({
      event: 'password_change_refused',
      userId,
      sessionId,
      ip,
      detail: { because },
    })
  const take = await throttles.take(BUDGET, userId, CURRENT_BUDGET, now)
  if (take.kind === 'exhausted') {
    await refused('too many wrong passwords')
    return { kind: 'throttled', retryAfterSeconds: take.retryAfterSeconds }
  }
  const { kind } = await hasher.verify(current, stored)
  if (kind === 'wrong') {
    await refused('wrong password')
    return { kind: 'wrong' }
  }
  await throttles.giveBack(BUDGET, userId, CURRENT_BUDGET, now)
  return kind === 'busy' ? BUSY : undefined
}

async function replace(
  { database, ring, clock }: ChangePasswordDeps,
  account: RecoverableAccount,
  password: StoredPassword,
  { userId, sessionId, endOthers, ip }: PasswordChange,
  notice: (changed: PasswordChanged) => LetterContent,
): Promise<boolean> {
  const at = clock()
  return database.db.transaction(async (tx) => {
    if (!(await createRecoveryStore(tx).replacePassword(account, password, at))) return false
    const audit = createAuditStore(tx, clock)
    await audit.record({ event: 'password_changed', userId, sessionId, ip })
    const because = 'password changed'
    await endTrust(tx, clock, { userId, ip, because })
    if (endOthers) await endSessions(tx, clock, { userId, ip, because, except: sessionId })
    const { email } = account
    await createOutbox(tx, ring, clock).queue(notice({ userId, email, at, othersEnded: endOthers }))
    return true
  })
}
