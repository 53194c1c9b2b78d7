import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import { createSpentStore } from '../spent/store.ts'
import type { Challenge } from './challenge.ts'
import { type OwnedPasskey, createPasskeyStore } from './store.ts'
import type { ProvedAssertion } from './verify.ts'

export interface AcceptDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly clock: Clock
}

/** The letter to the owner of a passkey that seems to have been copied. */
export type CloneLetter = (owner: { readonly email: string; readonly at: Date }) => LetterContent

/** Replayed: the challenge was answered before. Cloned: the counter did not rise. Gone: removed in this moment. */
export type Acceptance = 'accepted' | 'replayed' | 'cloned' | 'gone'

/** Uses the challenge and the counter of a proved assertion up: of however many at once, one is accepted. */
export async function acceptAssertion(
  { database, ring, clock }: AcceptDeps,
  { passkey, owner }: OwnedPasskey,
  challenge: Challenge,
  { counter, backedUp }: ProvedAssertion,
  ip: string,
  letter: CloneLetter,
): Promise<Acceptance> {
  const now = clock()
  const { id, userId, credentialId, name } = passkey
  return database.db.transaction(async (tx) => {
    const { value, expiresAt } = challenge
    if (!(await createSpentStore(tx).spend('passkey-challenge', value, expiresAt)))
      return 'replayed'
    const store = createPasskeyStore(tx)
    if (await store.use(id, counter, backedUp, now)) return 'accepted'
    if ((await store.findByCredential(credentialId)) === undefined) return 'gone'
    const detail = { name }
    await createAuditStore(tx, clock).record({ event: 'passkey_cloned', userId, ip, detail })
    const { email } = owner
    await createOutbox(tx, ring, clock).queue(letter({ email, at: now }))
    return 'cloned'
  })
}
