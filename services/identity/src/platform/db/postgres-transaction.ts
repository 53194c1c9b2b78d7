import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import type pg from 'pg'

type Transaction = NodePgDatabase['transaction']

/**
 * `transaction` as drizzle has it, but for lost connections: drizzle never returns a connection on
 * which BEGIN failed (so the pool shrinks until nothing answers), and lets the fault of a ROLLBACK
 * hide the fault that led to it.
 */
export function createTransaction(pool: pg.Pool): Transaction {
  return async (work, config) => {
    const client = await pool.connect()
    let thrown: { readonly error: unknown } | undefined
    let usable = false
    try {
      const result = await drizzle({ client }).transaction(async (tx) => {
        try {
          return await work(tx)
        } catch (error) {
          thrown = { error }
          throw error
        }
      }, config)
      usable = true
      return result
    } catch (error) {
      // What work threw comes out only after a ROLLBACK that succeeded.
      usable = thrown !== undefined && thrown.error === error
      throw thrown === undefined ? error : thrown.error
    } finally {
      client.release(!usable)
    }
  }
}
