import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { createAccountLinks } from './account-link.ts'

/** Links that let a person choose a new password, while mailbox and password are those of when they were mailed. */
export function createRecoveryLinks(ring: KeyRing) {
  return createAccountLinks(ring, {
    purpose: 'password-reset',
    ttlSeconds: 1800,
    // Every hash has a salt of its own, so that even the same password set again is another state.
    stateOf: ({ userId, email, password }) => [userId, email, password?.hash ?? null],
  })
}
export type RecoveryLinks = ReturnType<typeof createRecoveryLinks>
