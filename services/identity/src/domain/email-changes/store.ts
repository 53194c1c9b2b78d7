import { and, eq, gt, lt, lte, or, sql } from 'drizzle-orm'
import { addSeconds } from '../../platform/clock.ts'
import type { Db, Tx } from '../../platform/db/database.ts'
import { audit } from '../audit/schema.ts'
import { CODE_TRIES, RESEND_AFTER_SECONDS } from '../mail/code.ts'
import type { NewCode } from '../mailbox-proofs/send.ts'
import type { EmailAddress } from '../users/email.ts'
import type { EmailChange } from './change.ts'
import { emailChanges } from './schema.ts'

/** Records are of several nodes, and their clocks differ. In doubt a change counts as undone. */
const MAX_CLOCK_SKEW_SECONDS = 60

export interface EmailChangeStore {
  /** Keeps a change; it takes the place of an earlier one of the same person. */
  save(change: EmailChange): Promise<void>
  /** The person's change, unless it has expired. */
  pending(userId: string, now: Date): Promise<EmailChange | undefined>
  /** Takes one try at the present code before it is looked at: however many come at once, no more are granted. */
  takeTry(userId: string, now: Date): Promise<EmailChange | undefined>
  /** Notes that another mail is asked for; undefined when it is too soon or nothing waits. */
  askAgain(userId: string, now: Date): Promise<EmailChange | undefined>
  /** Puts another code in the place of the present one, with tries of its own. */
  setCode(id: string, code: NewCode): Promise<void>
  /** Uses a change up; undefined when it was, or when its code is no longer `codeMac`. */
  use(userId: string, id: string, now: Date, codeMac?: string): Promise<EmailChange | undefined>
  /** Forgets what waits; returns its id. */
  cancel(userId: string): Promise<string | undefined>
  /** Whether a change came into force and neither it nor one before it was undone by "this wasn't me" since. */
  standsMade(userId: string, id: string): Promise<boolean>
  deleteExpired(now: Date): Promise<void>
}

export function createEmailChangeStore(db: Db | Tx): EmailChangeStore {
  const live = (userId: string, now: Date) =>
    and(eq(emailChanges.userId, userId), gt(emailChanges.expiresAt, now))

  return {
    async save(change) {
      const row = toRow(change)
      await db
        .insert(emailChanges)
        .values(row)
        .onConflictDoUpdate({ target: emailChanges.userId, set: row })
    },
    async pending(userId, now) {
      const [row] = await db.select().from(emailChanges).where(live(userId, now))
      return fromRow(row)
    },
    async takeTry(userId, now) {
      const [row] = await db
        .update(emailChanges)
        .set({ tries: sql`${emailChanges.tries} + 1` })
        .where(
          and(
            live(userId, now),
            lt(emailChanges.tries, CODE_TRIES),
            gt(emailChanges.codeExpiresAt, now),
          ),
        )
        .returning()
      return fromRow(row)
    },
    async askAgain(userId, now) {
      const due = lte(emailChanges.lastAskedAt, addSeconds(now, -RESEND_AFTER_SECONDS))
      const [row] = await db
        .update(emailChanges)
        .set({ lastAskedAt: now })
        .where(and(live(userId, now), due))
        .returning()
      return fromRow(row)
    },
    async setCode(id, { codeMac, codeExpiresAt }) {
      await db
        .update(emailChanges)
        .set({ codeMac: codeMac ?? null, codeExpiresAt, tries: 0 })
        .where(eq(emailChanges.id, id))
    },
    async use(userId, id, now, codeMac) {
      const same = codeMac === undefined ? undefined : eq(emailChanges.codeMac, codeMac)
      const [row] = await db
        .delete(emailChanges)
        .where(and(live(userId, now), eq(emailChanges.id, id), same))
        .returning()
      return fromRow(row)
    },
    async cancel(userId) {
      const [row] = await db
        .delete(emailChanges)
        .where(eq(emailChanges.userId, userId))
        .returning({ id: emailChanges.id })
      return row?.id
    },
    async standsMade(userId, id) {
      const made = and(eq(audit.event, 'email_changed'), sql`${audit.detail} ->> 'change' = ${id}`)
      // Ids are ordered by time. Only undoing this change, or an earlier one, counts: a thief who made two changes
      // could undo the later one themselves.
      const undone = and(
        eq(audit.event, 'account_secured'),
        sql`(${audit.detail} ->> 'undid')::uuid <= ${id}::uuid`,
      )
      const rows = await db
        .select({ event: audit.event, at: audit.at })
        .from(audit)
        .where(and(eq(audit.userId, userId), or(made, undone)))
      const change = rows.find(({ event }) => event === 'email_changed')
      if (change === undefined) return false
      // Nor does what was undone before this change was made: who took an account back once can be robbed again.
      const since = addSeconds(change.at, -MAX_CLOCK_SKEW_SECONDS)
      return !rows.some(({ event, at }) => event === 'account_secured' && at >= since)
    },
    async deleteExpired(now) {
      await db.delete(emailChanges).where(lte(emailChanges.expiresAt, now))
    },
  }
}

type Row = typeof emailChanges.$inferSelect

function toRow({ codeMac, ...rest }: EmailChange): Row {
  return { ...rest, codeMac: codeMac ?? null }
}

function fromRow(row: Row | undefined): EmailChange | undefined {
  if (row === undefined) return undefined
  const { email, codeMac, ...rest } = row
  // Only canonical addresses are ever saved.
  return { ...rest, email: email as EmailAddress, codeMac: codeMac ?? undefined }
}
