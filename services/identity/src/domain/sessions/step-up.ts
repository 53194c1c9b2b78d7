import { sha256 } from '../../platform/crypto/hash.ts'
import { randomToken } from '../../platform/crypto/random.ts'
import { createAuditStore } from '../audit/store.ts'
import type { Session } from './session.ts'
import { MAX_USER_AGENT_CHARACTERS, type SignInDeps, type SignInOutcome } from './sign-in.ts'
import { createSessionStore } from './store.ts'

export interface FurtherProof {
  /** All that was shown in this session by now, by RFC 8176. */
  readonly amr: readonly string[]
  readonly acr: string
  readonly ip: string
  readonly userAgent: string | undefined
}

/**
 * Makes a session worth more after a further proof in it. It gets a new cookie value, as at every rise of rights, and
 * keeps its times: the older of its proofs is as old as before (docs/decisions/0023). Refused when it has ended.
 */
export async function stepUp(
  { database, clock }: Pick<SignInDeps, 'database' | 'clock'>,
  session: Session,
  { amr, acr, ip, userAgent: agent }: FurtherProof,
  present: readonly Session[],
): Promise<SignInOutcome> {
  const now = clock()
  const { id: sessionId, userId, tokenHash: from, expiresAt } = session
  const token = randomToken()
  const userAgent = agent?.slice(0, MAX_USER_AGENT_CHARACTERS)
  const raised = { id: sessionId, userId, from, tokenHash: sha256(token), amr, acr, userAgent, ip }
  return database.db.transaction(async (tx): Promise<SignInOutcome> => {
    const sessions = createSessionStore(tx)
    // The person first: whoever disables or removes one waits, and then ends the session as well.
    if (!(await sessions.holdProof(userId, undefined))) return { kind: 'refused' }
    if (!(await sessions.raise(raised, now))) return { kind: 'refused' }
    const detail = { amr, userAgent }
    const audit = createAuditStore(tx, clock)
    await audit.record({ event: 'sign_in_stepped_up', userId, sessionId, ip, detail })
    const beside = present.filter(({ id }) => id !== sessionId)
    return { kind: 'started', sessionId, token, expiresAt, beside }
  })
}
