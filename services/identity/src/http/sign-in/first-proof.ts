import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { single, toParameters } from '../../domain/oauth/parameters.ts'
import type { EmailAddress } from '../../domain/users/email.ts'
import { addSeconds } from '../../platform/clock.ts'
import { equalInConstantTime, sha256 } from '../../platform/crypto/hash.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { randomToken } from '../../platform/crypto/random.ts'

/** Who somebody has proved to be, and how; no session yet. */
export interface FirstProof {
  readonly userId: string
  readonly email: EmailAddress
  /** What was shown, by RFC 8176. */
  readonly amr: readonly string[]
  /** What the proof is worth by itself. */
  readonly acr: string
  /** Fingerprint of the password hash that was checked, where a password was. */
  readonly password: string | undefined
  /** The id of the connection with another provider, where that has named the person. */
  readonly identity?: string | undefined
  /** A code or link of the person's mailbox was used just now: another one would prove nothing more. */
  readonly mailboxProved?: true | undefined
  /** Set where it comes from an earlier page. */
  readonly carried?: CarriedProof | undefined
}

/** A proof on its way: it makes one session at most, and gets no newer by it. */
export interface CarriedProof {
  readonly id: string
  readonly shownAt: Date
  readonly expiresAt: Date
}

const Sealed = z.object({
  u: z.string(),
  m: z.string(),
  a: z.array(z.string()),
  c: z.string(),
  p: z.string().optional(),
  f: z.string().optional(),
  i: z.string(),
  t: z.int(),
  e: z.int(),
})

/** How long a person may take to show the second factor, or to set one up. */
const TTL_SECONDS = 900

/** What is carried of a password hash: nothing to guess at, should a key ever leak. */
export function passwordFingerprint(hash: string): string {
  return sha256(hash)
}

export function isOfPassword(proof: FirstProof, hash: string | undefined): boolean {
  if (proof.password === undefined) return true
  return hash !== undefined && equalInConstantTime(proof.password, sha256(hash))
}

function begin(now: Date): CarriedProof {
  return { id: randomToken(), shownAt: now, expiresAt: addSeconds(now, TTL_SECONDS) }
}

/** Carries a first proof from its page to that of the second, sealed for one browser. It opens nothing by itself. */
export function firstProofs(
  ring: KeyRing,
  purpose: 'first-factor' | 'mail-code-proof' = 'first-factor',
) {
  return {
    seal(proof: FirstProof, browser: string, now: Date): string {
      const { userId, email, amr, acr, password, identity, carried = begin(now) } = proof
      const content: z.infer<typeof Sealed> = {
        u: userId,
        m: email,
        a: [...amr],
        c: acr,
        p: password,
        f: identity,
        i: carried.id,
        t: carried.shownAt.getTime(),
        e: carried.expiresAt.getTime(),
      }
      return ring.seal(purpose, JSON.stringify(content), sha256(browser))
    },
    /** The proof that the address of a page names; undefined when it is another browser's, too old or made up. */
    read(request: FastifyRequest, browser: string | undefined, now: Date): FirstProof | undefined {
      const sealed = single(toParameters(request.query), 'proof')
      if (sealed === undefined || browser === undefined) return undefined
      const text = ring.open(purpose, sealed, sha256(browser))
      if (text === undefined) return undefined
      const { u, m, a, c, p, f, i, t, e } = Sealed.parse(JSON.parse(text))
      if (now.getTime() >= e) return undefined
      const carried = { id: i, shownAt: new Date(t), expiresAt: new Date(e) }
      const shown = { amr: a, acr: c, password: p, identity: f }
      return { userId: u, email: m as EmailAddress, ...shown, carried }
    },
  }
}
export type FirstProofs = ReturnType<typeof firstProofs>
