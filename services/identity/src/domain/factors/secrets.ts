import type { KeyRing } from '../../platform/crypto/key-ring.ts'

// Bound to person and factor: a row moved to another account does not open there.
const context = (userId: string, factorId: string) => `${userId} ${factorId}`

/** The secret of an authenticator as the database holds it. */
export function sealSecret(ring: KeyRing, userId: string, factorId: string, secret: string) {
  return ring.seal('authenticator-secret', secret, context(userId, factorId))
}

export function openSecret(ring: KeyRing, userId: string, factorId: string, sealed: string) {
  return ring.open('authenticator-secret', sealed, context(userId, factorId))
}

const said = (userId: string, code: string) => `${userId} ${code}`

/** What is kept of a recovery code. */
export function recoveryCodeMac(ring: KeyRing, userId: string, code: string): string {
  return ring.mac('recovery-code', said(userId, code))
}

export function recoveryCodeMatches(
  ring: KeyRing,
  userId: string,
  code: string,
  mac: string,
): boolean {
  return ring.verifyMac('recovery-code', said(userId, code), mac)
}
