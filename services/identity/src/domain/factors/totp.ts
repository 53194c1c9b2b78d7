import { generateSecret, generateURI, verifySync } from 'otplib'
import { epochSeconds } from '../../platform/clock.ts'

/** What every authenticator app understands; others take other values for these without a word (RFC 6238 §1.2). */
const STEP_SECONDS = 30

/** A new secret: 160 bits as RFC 4226 §4 recommends, in base32. */
export function makeTotpSecret(): string {
  return generateSecret({ length: 20 })
}

/** The address that an authenticator app reads from the QR code; a colon would end its parts early. */
export function totpUri(secret: string, issuer: string, account: string): string {
  const plain = (text: string) => text.replaceAll(':', ' ').trim()
  const uri = generateURI({ issuer: plain(issuer), label: plain(account), secret })
  return `${uri}&algorithm=SHA1&digits=6&period=${STEP_SECONDS}`
}

/** The secret as a person types it, in groups of four. */
export function grouped(secret: string): string {
  return secret.replace(/.{4}(?=.)/g, '$& ')
}

/**
 * The time step that a six-digit code stands for, at most one from now and later than the last one accepted; undefined
 * for every other code. RFC 6238 §5.2: whether the step is still free is for the database to say.
 */
export function totpStep(
  secret: string,
  code: string,
  lastStep: number | undefined,
  now: Date,
): number | undefined {
  // Anything else would be thrown back as a fault of ours.
  if (!/^\d{6}$/.test(code)) return undefined
  const epoch = epochSeconds(now)
  // Not given to the library: it throws where a clock that was set back is behind the last step.
  const verified = verifySync({ secret, token: code, epoch, epochTolerance: STEP_SECONDS })
  if (!verified.valid) return undefined
  const timeStep = Math.floor(epoch / STEP_SECONDS) + verified.delta
  return lastStep === undefined || timeStep > lastStep ? timeStep : undefined
}
