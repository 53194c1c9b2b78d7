import { type Clock, addSeconds } from '../../platform/clock.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { randomToken } from '../../platform/crypto/random.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import type { Database, Tx } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import type { Settings } from '../settings/settings.ts'
import { createSpentStore } from '../spent/store.ts'
import { createTrustedDeviceStore } from '../trusted-devices/store.ts'
import { MAX_ACCOUNTS, type Session } from './session.ts'
import { createSessionStore } from './store.ts'

export interface SignInDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly settings: () => Settings
  readonly clock: Clock
}

/** A browser that the person trusts from now on. */
export interface TrustToKeep {
  readonly tokenHash: string
  /** What the browser held before. */
  readonly replaces: readonly string[]
  readonly expiresAt: Date
}

/** A proof that was carried from page to page, and makes one session at most. */
export interface OneTimeProof {
  readonly id: string
  readonly expiresAt: Date
}

export interface ProvenPerson {
  readonly userId: string
  /** What was shown, by RFC 8176. */
  readonly amr: readonly string[]
  /** What it is worth. */
  readonly acr: string
  /** When it was shown, if longer ago than now: what was shown then is not made newer (OIDC Core 1.0 §2, auth_time). */
  readonly authTime?: Date | undefined
  readonly ip: string
  readonly userAgent: string | undefined
  /** The hash that a password was checked against: the proof is worth nothing once another is in force. */
  readonly password?: string | undefined
  /**
   * Whether the person still has everything else that was shown, such as a connection; asked with the person's row
   * locked.
   */
  readonly stands?: ((tx: Tx) => Promise<boolean>) | undefined
  readonly once?: OneTimeProof | undefined
  readonly trust?: TrustToKeep | undefined
  /** The person has never signed in to this account on this device. */
  readonly newDevice?: boolean | undefined
  /** A letter about this sign-in, to be sent if and only if it happens. */
  readonly notice?: LetterContent | undefined
}

export interface StartedSession {
  readonly kind: 'started'
  readonly sessionId: string
  /** The new cookie value; the database holds its hash only. */
  readonly token: string
  readonly expiresAt: Date
  /** The other sessions that this browser goes on with. */
  readonly beside: readonly Session[]
}

/** Refused: the person was disabled or left since the proof, no longer has what was shown in it, or it was used up. */
export type SignInOutcome = StartedSession | { readonly kind: 'refused' }

export const MAX_USER_AGENT_CHARACTERS = 400
/** The purpose under which first proofs are used up. */
export const FIRST_PROOF = 'first-proof'

/**
 * Signs a person in after a proof, beside the other people of this browser (docs/decisions/0019). The same person's
 * session goes on under a new cookie value: one from before the proof is worth nothing after it (session fixation).
 */
export async function signIn(
  { database, ring, settings, clock }: SignInDeps,
  proof: ProvenPerson,
  present: readonly Session[],
): Promise<SignInOutcome> {
  const now = clock()
  const { userId, amr, acr, ip, newDevice } = proof
  const userAgent = proof.userAgent?.slice(0, MAX_USER_AGENT_CHARACTERS)
  const { session_idle_seconds, session_max_seconds } = settings()
  const token = randomToken()
  const own = present.find((session) => session.userId === userId)
  const others = present.filter((session) => session.userId !== userId)
  const beside = others.slice(0, MAX_ACCOUNTS - 1)
  const row = {
    id: own?.id ?? uuidv7(now),
    tokenHash: sha256(token),
    userId,
    authTime: proof.authTime ?? now,
    seenAt: now,
    amr,
    acr,
    idleExpiresAt: addSeconds(now, session_idle_seconds),
    expiresAt: addSeconds(now, session_max_seconds),
    userAgent,
    ip,
  }
  return database.db.transaction(async (tx): Promise<SignInOutcome> => {
    const sessions = createSessionStore(tx)
    const audit = createAuditStore(tx, clock)
    if (!(await sessions.holdProof(userId, proof.password))) return { kind: 'refused' }
    if (proof.stands !== undefined && !(await proof.stands(tx))) return { kind: 'refused' }
    const { once, trust } = proof
    if (once !== undefined && !(await useUp(tx, once))) return { kind: 'refused' }
    const renewed = own !== undefined && (await sessions.renew(row))
    const sessionId = own === undefined || renewed ? row.id : uuidv7(now)
    if (!renewed) await sessions.create({ ...row, id: sessionId })
    for (const dropped of others.slice(MAX_ACCOUNTS - 1))
      if (await sessions.end(dropped.id, now))
        await audit.record({
          event: 'session_ended',
          userId: dropped.userId,
          sessionId: dropped.id,
          ip,
          detail: { because: 'too many accounts in one browser' },
        })
    const detail = { amr, userAgent, newDevice }
    await audit.record({ event: 'sign_in_succeeded', userId, sessionId, ip, detail })
    if (trust !== undefined) {
      const { replaces, ...kept } = trust
      const device = { ...kept, id: uuidv7(now), userId, userAgent, ip, createdAt: now }
      await createTrustedDeviceStore(tx).add(device, replaces)
      await audit.record({ event: 'device_trusted', userId, sessionId, ip, detail: { userAgent } })
    }
    if (proof.notice !== undefined) await createOutbox(tx, ring, clock).queue(proof.notice)
    return { kind: 'started', sessionId, token, expiresAt: row.expiresAt, beside }
  })
}

async function useUp(tx: Tx, { id, expiresAt }: OneTimeProof): Promise<boolean> {
  return createSpentStore(tx).spend(FIRST_PROOF, id, expiresAt)
}

/** Signs people out of a browser: their sessions end, and with them every grant made in these. */
export async function signOut(
  { database, clock }: Pick<SignInDeps, 'database' | 'clock'>,
  sessions: readonly Pick<Session, 'id' | 'userId'>[],
  ip: string,
): Promise<void> {
  if (sessions.length === 0) return
  await database.db.transaction(async (tx) => {
    for (const { id, userId } of sessions)
      if (await createSessionStore(tx).end(id, clock()))
        await createAuditStore(tx, clock).record({
          event: 'session_ended',
          userId,
          sessionId: id,
          ip,
          detail: { because: 'sign-out' },
        })
  })
}
