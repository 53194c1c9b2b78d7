import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import { createSpentStore } from '../spent/store.ts'
import { recoveryCodeMac, sealSecret } from './secrets.ts'
import type { Setup } from './setup.ts'
import { createFactorStore } from './store.ts'

export interface ActivateDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly clock: Clock
}

export interface Activation {
  readonly setup: Setup
  readonly name: string
  readonly ip: string
  /** The authenticator that the new one takes the place of. */
  readonly replaces: string | undefined
  readonly letter: LetterContent
}

/**
 * Makes what a set-up prepared count: authenticator, recovery codes, the record and the letter, all of it or nothing.
 * False when it was done before.
 */
export async function activate(
  { database, ring, clock }: ActivateDeps,
  { setup, name, ip, replaces, letter }: Activation,
): Promise<boolean> {
  const now = clock()
  const { userId, authenticator, recoveryCodes } = setup
  return database.db.transaction(async (tx) => {
    const store = createFactorStore(tx)
    const audit = createAuditStore(tx, clock)
    if (authenticator !== undefined) {
      const { id, secret, provenStep } = authenticator
      if (provenStep === undefined) throw new Error('a set-up is activated before its first code')
      const sealed = sealSecret(ring, userId, id, secret)
      const added = { id, name, sealed, lastStep: provenStep, createdAt: now }
      if (!(await store.addAuthenticator(userId, added))) return false
      if (replaces !== undefined) await store.remove(userId, replaces)
      const event = replaces === undefined ? 'authenticator_added' : 'authenticator_replaced'
      await audit.record({ event, userId, ip, detail: { name } })
    }
    if (recoveryCodes !== undefined) {
      // The same set sent again would make codes good again that were used meanwhile.
      const set = createSpentStore(tx)
      if (!(await set.spend('recovery-code-set', recoveryCodes.join(' '), setup.expiresAt)))
        return false
      const macs = recoveryCodes.map((code) => recoveryCodeMac(ring, userId, code))
      await store.replaceRecoveryCodes(userId, macs, now)
      await audit.record({ event: 'recovery_codes_made', userId, ip })
    }
    await createOutbox(tx, ring, clock).queue(letter)
    return true
  })
}
