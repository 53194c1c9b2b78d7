import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { createAccountLinks } from './account-link.ts'

/** How long the link of the mail works: as long as strangers have to wait at most. */
export const UNLOCK_LINK_TTL_SECONDS = 3600

/** Links that give one browser tries of its own. They prove the mailbox they went to, and open nothing. */
export function createUnlockLinks(ring: KeyRing) {
  return createAccountLinks(ring, {
    purpose: 'unlock',
    ttlSeconds: UNLOCK_LINK_TTL_SECONDS,
    stateOf: ({ userId, email }) => [userId, email],
  })
}
export type UnlockLinks = ReturnType<typeof createUnlockLinks>
