import { addSeconds } from '../../platform/clock.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'

/** What a passkey is asked for; an answer for one use is not accepted for another. */
export type PasskeyUse = 'register' | 'sign-in' | 'second-factor'

/** What a challenge was made for. */
export interface ChallengeScope {
  readonly use: PasskeyUse
  /** Whose passkey is asked for; nobody's yet at sign-in. */
  readonly userId: string | undefined
  /** The browser that asks. */
  readonly browser: string
}

/** A challenge that an answer names, and that was made for it. */
export interface Challenge {
  readonly value: string
  readonly expiresAt: Date
}

interface Sealed {
  readonly f: PasskeyUse
  readonly u?: string | undefined
  /** End, in milliseconds since 1970. */
  readonly e: number
}

/**
 * A sign-in page may lie open for a while before a passkey is picked from its field; the others are answered at once.
 */
const TTL_SECONDS = { register: 600, 'sign-in': 3600, 'second-factor': 600 } as const

/**
 * The challenges of WebAuthn. Each is itself the sealed statement of what it is for: nobody else can make one, and the
 * random salt and nonce of the seal are what WebAuthn Level 3 §13.4.3 asks for. So there is no row to keep until it is
 * answered; `spent` holds those that were.
 */
export function passkeyChallenges(ring: KeyRing) {
  return {
    make({ use, userId, browser }: ChallengeScope, now: Date): string {
      const expiresAt = addSeconds(now, TTL_SECONDS[use])
      const content: Sealed = { f: use, u: userId, e: expiresAt.getTime() }
      const sealed = ring.seal('passkey-challenge', JSON.stringify(content), sha256(browser))
      return Buffer.from(sealed).toString('base64url')
    },
    /** Undefined when the challenge is another browser's, another person's, for another use, too old or made up. */
    read(
      value: string,
      { use, userId, browser }: ChallengeScope,
      now: Date,
    ): Challenge | undefined {
      const bytes = Buffer.from(value, 'base64url')
      // base64url has several spellings of the same bytes. Only ours is taken: another one would not be found among the
      // challenges that were answered before.
      if (bytes.toString('base64url') !== value) return undefined
      const sealed = bytes.toString()
      const text = ring.open('passkey-challenge', sealed, sha256(browser))
      if (text === undefined) return undefined
      const { f, u, e } = JSON.parse(text) as Sealed
      if (f !== use || u !== userId || now.getTime() >= e) return undefined
      return { value, expiresAt: new Date(e) }
    },
  }
}
