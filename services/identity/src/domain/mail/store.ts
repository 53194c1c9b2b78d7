import { and, asc, desc, eq, isNull, lt, lte, sql } from 'drizzle-orm'
import { type Clock, addSeconds } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import type { Db, Tx } from '../../platform/db/database.ts'
import type { LetterContent } from './letter.ts'
import { outbox } from './schema.ts'

export interface QueuedLetter extends LetterContent {
  readonly id: string
  readonly attempts: number
  readonly createdAt: Date
}

export interface Outbox {
  /** Puts a letter in the outbox. Build the store on the transaction of the change that the letter tells of. */
  queue(letter: LetterContent): Promise<void>
  /** Takes the letter that is due longest, for a while: another worker sees it again only when this one has died. */
  claim(): Promise<{ letter: QueuedLetter } | { unreadable: string } | undefined>
  sent(id: string): Promise<void>
  failed(id: string, fault: string, dueAt: Date): Promise<void>
  /** All letters there are, newest first; for the inbox of development. */
  latest(limit: number): Promise<QueuedLetter[]>
  /** Forgets letters that were sent, or could not be for too long. */
  deleteOld(now: Date): Promise<void>
}

const LEASE_SECONDS = 60
const KEEP_SENT_SECONDS = 86_400
const GIVE_UP_SECONDS = 3 * 86_400

export function createOutbox(db: Db | Tx, ring: KeyRing, clock: Clock): Outbox {
  const opened = (row: typeof outbox.$inferSelect): QueuedLetter[] => {
    const text = ring.open('mail', row.sealed, row.id)
    // A letter whose key left the ring can never be read again: nothing to send.
    if (text === undefined) return []
    const content = JSON.parse(text) as LetterContent
    return [{ ...content, id: row.id, attempts: row.attempts, createdAt: row.createdAt }]
  }
  return {
    async queue(letter) {
      const now = clock()
      const id = uuidv7(now)
      const sealed = ring.seal('mail', JSON.stringify(letter), id)
      await db.insert(outbox).values({ id, sealed, attempts: 0, dueAt: now, createdAt: now })
    },
    async claim() {
      const now = clock()
      const due = db
        .select({ id: outbox.id })
        .from(outbox)
        .where(and(isNull(outbox.sentAt), lte(outbox.dueAt, now)))
        .orderBy(asc(outbox.dueAt))
        .limit(1)
        .for('update', { skipLocked: true })
      const [row] = await db
        .update(outbox)
        .set({ attempts: sql`${outbox.attempts} + 1`, dueAt: addSeconds(now, LEASE_SECONDS) })
        .where(sql`${outbox.id} in (${due})`)
        .returning()
      if (row === undefined) return undefined
      const [letter] = opened(row)
      return letter === undefined ? { unreadable: row.id } : { letter }
    },
    async sent(id) {
      await db.update(outbox).set({ sentAt: clock(), lastFault: null }).where(eq(outbox.id, id))
    },
    async failed(id, fault, dueAt) {
      await db.update(outbox).set({ lastFault: fault, dueAt }).where(eq(outbox.id, id))
    },
    async latest(limit) {
      const rows = await db.select().from(outbox).orderBy(desc(outbox.id)).limit(limit)
      return rows.flatMap(opened)
    },
    async deleteOld(now) {
      await db.delete(outbox).where(lt(outbox.sentAt, addSeconds(now, -KEEP_SENT_SECONDS)))
      await db.delete(outbox).where(lt(outbox.createdAt, addSeconds(now, -GIVE_UP_SECONDS)))
    },
  }
}
