import { addSeconds } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'

/** How long a page that waits for the password may lie about. */
const TTL_SECONDS = 3600

interface Sealed {
  readonly m: string
  /** End, in milliseconds since 1970. */
  readonly e: number
}

/** The address typed on the first page, on its way to the second: sealed, so that no log and no history holds it. */
export function carriedAddresses(ring: KeyRing) {
  return {
    seal(email: string, browser: string, now: Date): string {
      const content: Sealed = { m: email, e: addSeconds(now, TTL_SECONDS).getTime() }
      return ring.seal('sign-in-address', JSON.stringify(content), browser)
    },
    /** The address, in the browser that it was typed in: a link cannot put one in front of another person. */
    open(sealed: string, browser: string | undefined, now: Date): string | undefined {
      const text = browser === undefined ? undefined : ring.open('sign-in-address', sealed, browser)
      if (text === undefined) return undefined
      const { m, e } = JSON.parse(text) as Sealed
      return now.getTime() < e ? m : undefined
    },
  }
}
