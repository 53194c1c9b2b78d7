import { type Clock, addSeconds } from '../../platform/clock.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { randomToken } from '../../platform/crypto/random.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import type { Settings } from '../settings/settings.ts'
import { AAL1, type Session } from './session.ts'
import { createSessionStore } from './store.ts'

export interface SignInDeps {
  readonly database: Database
  readonly settings: () => Settings
  readonly clock: Clock
}

export interface ProvenPerson {
  readonly userId: string
  /** What was shown, by RFC 8176. */
  readonly amr: readonly string[]
  readonly ip: string
}

export interface StartedSession {
  /** The new cookie value; the database holds its hash only. */
  readonly token: string
  readonly expiresAt: Date
}

/**
 * Signs a person in after a proof. The same person's session goes on under a new cookie value; anybody else's in this
 * browser ends. A value from before the proof is worth nothing after it (session fixation).
 */
export async function signIn(
  { database, settings, clock }: SignInDeps,
  { userId, amr, ip }: ProvenPerson,
  present: Session | undefined,
): Promise<StartedSession> {
  const now = clock()
  const { session_idle_seconds, session_max_seconds } = settings()
  const token = randomToken()
  const row = {
    id: present?.userId === userId ? present.id : uuidv7(now),
    tokenHash: sha256(token),
    userId,
    authTime: now,
    amr,
    acr: AAL1,
    idleExpiresAt: addSeconds(now, session_idle_seconds),
    expiresAt: addSeconds(now, session_max_seconds),
  }
  await database.db.transaction(async (tx) => {
    const sessions = createSessionStore(tx)
    const audit = createAuditStore(tx, clock)
    const renewed = row.id === present?.id && (await sessions.renew(row))
    const id = renewed ? row.id : uuidv7(now)
    if (!renewed) await sessions.create({ ...row, id })
    if (present !== undefined && !renewed && (await sessions.end(present.id, now)))
      await audit.record({
        event: 'session_ended',
        userId: present.userId,
        sessionId: present.id,
        ip,
        detail: { because: 'another person signed in' },
      })
    await audit.record({ event: 'sign_in_succeeded', userId, sessionId: id, ip, detail: { amr } })
  })
  return { token, expiresAt: row.expiresAt }
}

/** Signs a person out: the session ends, and with it every grant made in it. False when it had ended before. */
export async function signOut(
  { database, clock }: Pick<SignInDeps, 'database' | 'clock'>,
  session: Session,
  ip: string,
): Promise<boolean> {
  return database.db.transaction(async (tx) => {
    const ended = await createSessionStore(tx).end(session.id, clock())
    if (ended)
      await createAuditStore(tx, clock).record({
        event: 'session_ended',
        userId: session.userId,
        sessionId: session.id,
        ip,
        detail: { because: 'sign-out' },
      })
    return ended
  })
}
