import { z } from 'zod'
import { addSeconds } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import { makeRecoveryCodes } from './recovery-code.ts'
import { makeTotpSecret, totpStep } from './totp.ts'

/** How long a person may take from the QR code to "I saved them". */
export const SETUP_TTL_SECONDS = 600

const Sealed = z.object({
  /** Person, and what the set-up is bound to besides: the session, or the first proof. */
  u: z.string(),
  b: z.string(),
  /** Id and secret of the authenticator to be; none where only recovery codes are renewed. */
  f: z.string().optional(),
  s: z.string().optional(),
  /** The step of the first right code; it counts as used. */
  t: z.int().optional(),
  /** What the person calls it, and the id of the one that it takes the place of. */
  n: z.string().optional(),
  r: z.string().optional(),
  c: z.array(z.string()).optional(),
  e: z.int(),
})

export interface NewAuthenticator {
  readonly id: string
  readonly secret: string
  /** The authenticator that this one takes the place of, once it is proved. */
  readonly replaces: string | undefined
  /** Both set once its first code was right. */
  readonly provenStep: number | undefined
  readonly name: string | undefined
}

/**
 * An enrolment on its way, sealed into the address of its page: leaving midway stores nothing, and the same page shows
 * the same key again.
 */
export interface Setup {
  readonly userId: string
  /** The session or first proof that it belongs to: useless in any other. */
  readonly boundTo: string
  readonly authenticator: NewAuthenticator | undefined
  readonly recoveryCodes: readonly string[] | undefined
  readonly expiresAt: Date
}

/** A new authenticator, not yet proved. */
export function beginSetup(userId: string, boundTo: string, now: Date, replaces?: string): Setup {
  const [id, secret] = [uuidv7(now), makeTotpSecret()]
  return {
    userId,
    boundTo,
    authenticator: { id, secret, replaces, provenStep: undefined, name: undefined },
    recoveryCodes: undefined,
    expiresAt: addSeconds(now, SETUP_TTL_SECONDS),
  }
}

/** A new set of recovery codes, not yet saved by the person. */
export function beginRecoveryCodes(userId: string, boundTo: string, now: Date): Setup {
  const expiresAt = addSeconds(now, SETUP_TTL_SECONDS)
  const recoveryCodes = makeRecoveryCodes()
  return { userId, boundTo, authenticator: undefined, recoveryCodes, expiresAt }
}

export interface FirstCode {
  readonly code: string
  /** What the person calls the authenticator. */
  readonly name: string
  readonly withRecoveryCodes: boolean
}

/** The set-up after its first code, with time to save recovery codes; undefined when the code is wrong. */
export function proveSetup(
  setup: Setup,
  { code, name, withRecoveryCodes }: FirstCode,
  now: Date,
): Setup | undefined {
  const { authenticator } = setup
  if (authenticator === undefined) return undefined
  const provenStep = totpStep(authenticator.secret, code, undefined, now)
  if (provenStep === undefined) return undefined
  return {
    ...setup,
    authenticator: { ...authenticator, provenStep, name },
    recoveryCodes: withRecoveryCodes ? makeRecoveryCodes() : undefined,
    expiresAt: addSeconds(now, SETUP_TTL_SECONDS),
  }
}

/** The key under which a set-up is used up: the same for all its states and copies, so that one of them counts once. */
export function setupKey({ authenticator, recoveryCodes = [] }: Setup): string {
  return authenticator?.id ?? recoveryCodes.join(' ')
}

export function sealSetup(ring: KeyRing, setup: Setup): string {
  const { userId, boundTo, authenticator, recoveryCodes, expiresAt } = setup
  const content: z.infer<typeof Sealed> = {
    u: userId,
    b: boundTo,
    f: authenticator?.id,
    s: authenticator?.secret,
    t: authenticator?.provenStep,
    n: authenticator?.name,
    r: authenticator?.replaces,
    c: recoveryCodes === undefined ? undefined : [...recoveryCodes],
    e: expiresAt.getTime(),
  }
  return ring.seal('authenticator-setup', JSON.stringify(content))
}

/** The set-up of this person in this session or sign-in; undefined when it is another's or too old. */
export function openSetup(
  ring: KeyRing,
  sealed: string,
  userId: string,
  boundTo: string,
  now: Date,
): Setup | undefined {
  const text = ring.open('authenticator-setup', sealed)
  if (text === undefined) return undefined
  const {
    u,
    b,
    f: id,
    s: secret,
    t: provenStep,
    n: name,
    r: replaces,
    c,
    e,
  } = Sealed.parse(JSON.parse(text))
  if (u !== userId || b !== boundTo || now.getTime() >= e) return undefined
  return {
    userId,
    boundTo,
    authenticator:
      id === undefined || secret === undefined
        ? undefined
        : { id, secret, replaces, provenStep, name },
    recoveryCodes: c,
    expiresAt: new Date(e),
  }
}
