import { z } from 'zod'
import { addSeconds } from '../../platform/clock.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { EmailAddress } from '../users/email.ts'
import type { UpstreamPerson } from './person.ts'

/** How long a person may stay at the provider. */
export const TRANSACTION_TTL_SECONDS = 600
/** How long the pages after that may lie about. */
const ARRIVAL_TTL_SECONDS = 900

/** Where a sign-in goes on to. */
const Onward = z.object({ tx: z.string().optional(), next: z.string().optional() })

const Transaction = z.object({
  provider: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  onward: Onward,
  /** The person who is connecting a provider in this very session; a sign-in if absent. */
  connect: z.object({ userId: z.string(), sessionId: z.string() }).optional(),
  expiresAt: z.number(),
})
/** A visit to a provider that has begun. */
export type Transaction = z.infer<typeof Transaction>

const Arrival = z.object({
  person: z.object({
    provider: z.string(),
    issuer: z.string(),
    subject: z.string(),
    email: z.string().optional(),
    authoritative: z.boolean(),
    profile: z.record(z.string(), z.string()),
  }),
  /** Whether the address was proved by a code of ours. */
  proved: z.boolean(),
  onward: Onward,
  expiresAt: z.number(),
})

/** Somebody whom a provider has named, and who has more to show. It opens nothing by itself. */
export interface Arrival {
  readonly person: UpstreamPerson
  readonly proved: boolean
  readonly onward: z.infer<typeof Onward>
  readonly expiresAt: number
}

/** What travels through browsers between our pages and a provider's: sealed, and of use in one browser only. */
export function createUpstreamSeals(ring: KeyRing) {
  return {
    sealTransaction: (transaction: Transaction, browser: string): string =>
      ring.seal('upstream-transaction', JSON.stringify(transaction), sha256(browser)),
    openTransaction(sealed: string, browser: string, now: Date): Transaction | undefined {
      const text = ring.open('upstream-transaction', sealed, sha256(browser))
      if (text === undefined) return undefined
      const transaction = Transaction.parse(JSON.parse(text))
      return now.getTime() < transaction.expiresAt ? transaction : undefined
    },
    sealArrival: (arrival: Omit<Arrival, 'expiresAt'>, browser: string, now: Date): string => {
      const content = { ...arrival, expiresAt: addSeconds(now, ARRIVAL_TTL_SECONDS).getTime() }
      return ring.seal('upstream-arrival', JSON.stringify(content), sha256(browser))
    },
    openArrival(sealed: string, browser: string, now: Date): Arrival | undefined {
      const text = ring.open('upstream-arrival', sealed, sha256(browser))
      if (text === undefined) return undefined
      const { person, ...rest } = Arrival.parse(JSON.parse(text))
      if (now.getTime() >= rest.expiresAt) return undefined
      // Only canonical addresses are ever sealed.
      return { ...rest, person: { ...person, email: person.email as EmailAddress | undefined } }
    },
  }
}
export type UpstreamSeals = ReturnType<typeof createUpstreamSeals>
