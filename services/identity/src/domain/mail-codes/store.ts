import { and, eq, gt, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm'
import { addSeconds } from '../../platform/clock.ts'
import type { Db, Tx } from '../../platform/db/database.ts'
import { CODE_TRIES, type MailedCode, RESEND_AFTER_SECONDS } from '../mail/code.ts'
import { mailCodes } from './schema.ts'

/** What a code is good for, whom it is about, and where: together they name the one code that counts. */
export interface CodePlace {
  readonly purpose: string
  readonly subject: string
  readonly browserHash: string
}

export interface MailCode extends MailedCode {
  readonly id: string
  readonly usedAt: Date | null
}

export interface NewMailCode {
  readonly id: string
  readonly codeMac: string
  readonly codeExpiresAt: Date
}

export interface MailCodeStore {
  find(place: CodePlace): Promise<MailCode | undefined>
  /** Puts a new code in the place of the last one. False when that one is unused and was asked for too lately. */
  replace(place: CodePlace, code: NewMailCode, now: Date): Promise<boolean>
  /** Takes one try at the present code before it is looked at: however many come at once, no more are granted. */
  takeTry(
    place: CodePlace,
    now: Date,
  ): Promise<{ readonly id: string; readonly codeMac: string } | undefined>
  /** Uses a code up; false when it was used before, or another one took its place. */
  use(id: string, now: Date): Promise<boolean>
  deleteExpired(now: Date): Promise<void>
}

export function createMailCodeStore(db: Db | Tx): MailCodeStore {
  const at = ({ purpose, subject, browserHash }: CodePlace) =>
    and(
      eq(mailCodes.purpose, purpose),
      eq(mailCodes.subject, subject),
      eq(mailCodes.browserHash, browserHash),
    )
  return {
    async find(place) {
      const { id, tries, codeExpiresAt, lastAskedAt, usedAt } = mailCodes
      const [row] = await db
        .select({ id, tries, codeExpiresAt, lastAskedAt, usedAt })
        .from(mailCodes)
        .where(at(place))
      return row
    },
    async replace(place, code, now) {
      const row = { ...code, tries: 0, lastAskedAt: now, usedAt: null }
      const due = lte(mailCodes.lastAskedAt, addSeconds(now, -RESEND_AFTER_SECONDS))
      const isUsed = isNotNull(mailCodes.usedAt)
      const replaced = await db
        .insert(mailCodes)
        .values({ ...place, ...row })
        .onConflictDoUpdate({
          target: [mailCodes.purpose, mailCodes.subject, mailCodes.browserHash],
          set: row,
          setWhere: sql`${due} or ${isUsed}`,
        })
        .returning({ id: mailCodes.id })
      return replaced.length > 0
    },
    async takeTry(place, now) {
      const [row] = await db
        .update(mailCodes)
        .set({ tries: sql`${mailCodes.tries} + 1` })
        .where(
          and(
            at(place),
            isNull(mailCodes.usedAt),
            lt(mailCodes.tries, CODE_TRIES),
            gt(mailCodes.codeExpiresAt, now),
          ),
        )
        .returning({ id: mailCodes.id, codeMac: mailCodes.codeMac })
      return row
    },
    async use(id, now) {
      // A new code has a new id: one that was replaced meanwhile is no longer there.
      const used = await db
        .update(mailCodes)
        .set({ usedAt: now })
        .where(and(eq(mailCodes.id, id), isNull(mailCodes.usedAt)))
        .returning({ id: mailCodes.id })
      return used.length > 0
    },
    async deleteExpired(now) {
      await db.delete(mailCodes).where(lte(mailCodes.codeExpiresAt, now))
    },
  }
}
