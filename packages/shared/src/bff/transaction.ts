import type { FastifyReply, FastifyRequest } from 'fastify'
import { createHash } from 'node:crypto'
import type { CookieJar } from './cookies.ts'
import { createRecent } from './recent.ts'
import { createSeal } from './seal.ts'

/** What must be remembered between leaving for the issuer and coming back. */
export interface Transaction {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly returnTo: string
  /** The oldest sign-in that will do, in seconds since the epoch; any, where it is left out. */
  readonly authenticatedAfter?: number | undefined
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

export interface TransactionStoreOptions {
  readonly secrets: readonly string[]
  readonly jar: CookieJar
  readonly clock: () => number
}

const TTL_SECONDS = 600
// Each is some 400 bytes of every request until it ends.
const MAX_OPEN = 5

/**
 * Login transactions in sealed cookies, one per `state`, so that two tabs may sign in at once. Good for ten
 * minutes and for one callback: the cookie goes with its use, and the state is remembered as used.
 */
export function createTransactionStore({ secrets, jar, clock }: TransactionStoreOptions) {
  const seal = createSeal(secrets, 'transaction')
  const used = createRecent<true>(10_000, clock)
  const prefix = jar.name('_tx_')
  const nameOf = (state: string) =>
    prefix + createHash('sha256').update(state).digest('hex').slice(0, 16)

  const open = (text: string | undefined) => {
    const transaction = seal.open(text ?? '') as Transaction | undefined
    return transaction !== undefined && clock() < transaction.expiresAt ? transaction : undefined
  }

  /** Drops what is dead, and the oldest ones when there are too many. */
  function sweep(request: FastifyRequest, reply: FastifyReply): void {
    const present = Object.entries(request.cookies)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, text]) => ({ name, expiresAt: open(text)?.expiresAt ?? 0 }))
      .sort((a, b) => b.expiresAt - a.expiresAt)
    present.forEach(({ name, expiresAt }, index) => {
      if (expiresAt === 0 || index >= MAX_OPEN - 1) jar.clear(reply, name)
    })
  }

  return {
    begin(
      request: FastifyRequest,
      reply: FastifyReply,
      transaction: Omit<Transaction, 'expiresAt'>,
    ): void {
      sweep(request, reply)
      const expiresAt = clock() + TTL_SECONDS * 1000
      const text = seal.seal({ ...transaction, expiresAt })
      jar.set(reply, nameOf(transaction.state), text, TTL_SECONDS)
    },

    /** Takes the transaction of a callback out; undefined if this browser has none, or has used it. */
    take(request: FastifyRequest, reply: FastifyReply, state: string): Transaction | undefined {
      const name = nameOf(state)
      const transaction = open(request.cookies[name])
      if (request.cookies[name] !== undefined) jar.clear(reply, name)
      if (transaction?.state !== state || used.get(state) !== undefined) return undefined
      used.set(state, true, TTL_SECONDS * 1000)
      return transaction
    },
  }
}

export type TransactionStore = ReturnType<typeof createTransactionStore>
