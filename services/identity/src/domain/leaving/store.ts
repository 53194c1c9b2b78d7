import { and, asc, desc, eq, gt, isNull, lte, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import { audit } from '../audit/schema.ts'
import type { EmailAddress } from '../users/email.ts'
import { users } from '../users/schema.ts'
import type { Leaving } from './link.ts'

export interface Departed {
  readonly userId: string
  readonly email: EmailAddress
  /** The language in which the person asked to leave. */
  readonly language: string | undefined
}

export interface LeavingStore {
  /**
   * Those with a role who stay, held until the transaction ends: of two administrators who leave at once, the second
   * one waits and is then the only one.
   */
  holdStaying(role: string): Promise<string[]>
  /** Marks an account as leaving, and returns its address; undefined when it is leaving, disabled or gone. */
  begin(leaving: Leaving): Promise<EmailAddress | undefined>
  /** The address of an account that is leaving at just that time. */
  find(leaving: Leaving): Promise<EmailAddress | undefined>
  /** Calls it off; of however many at once, one is given the address. */
  keep(leaving: Leaving): Promise<EmailAddress | undefined>
  /** Calls off whatever deletion an account waits for; false when there is none, or its time has come. */
  callOff(userId: string, now: Date): Promise<boolean>
  /** Deletes one account whose time has come, unless it was kept first, and with it all rows that are its own. */
  deleteNext(now: Date): Promise<Departed | undefined>
  /** Takes addresses and particulars out of a person's records; what happened and when stays. */
  forget(userId: string): Promise<void>
}

export function createLeavingStore(db: Db | Tx): LeavingStore {
  const thisLeaving = ({ userId, leavesAt }: Leaving) =>
    and(eq(users.id, userId), eq(users.leavesAt, leavesAt))
  // Only canonical addresses are ever saved.
  const addressOf = (row: { email: string } | undefined) => row?.email as EmailAddress | undefined

  async function languageOf(userId: string): Promise<string | undefined> {
    const [row] = await db
      .select({ language: sql<string | null>`${audit.detail} ->> 'language'` })
      .from(audit)
      .where(and(eq(audit.userId, userId), eq(audit.event, 'account_leaving')))
      .orderBy(desc(audit.at))
      .limit(1)
    return row?.language ?? undefined
  }

  return {
    async holdStaying(role) {
      const staying = await db
        .select({ id: users.id })
        .from(users)
        .where(
          and(sql`${role} = any(${users.roles})`, isNull(users.disabledAt), isNull(users.leavesAt)),
        )
        .orderBy(asc(users.id))
        .for('no key update')
      return staying.map(({ id }) => id)
    },
    async begin({ userId, leavesAt }) {
      const [row] = await db
        .update(users)
        .set({ leavesAt })
        .where(and(eq(users.id, userId), isNull(users.leavesAt), isNull(users.disabledAt)))
        .returning({ email: users.email })
      return addressOf(row)
    },
    async find(leaving) {
      const [row] = await db.select({ email: users.email }).from(users).where(thisLeaving(leaving))
      return addressOf(row)
    },
    async keep(leaving) {
      const [row] = await db
        .update(users)
        .set({ leavesAt: null })
        .where(thisLeaving(leaving))
        .returning({ email: users.email })
      return addressOf(row)
    },
    async callOff(userId, now) {
      const rows = await db
        .update(users)
        .set({ leavesAt: null })
        .where(and(eq(users.id, userId), gt(users.leavesAt, now)))
        .returning({ id: users.id })
      return rows.length > 0
    },
    async deleteNext(now) {
      const due = db
        .select({ id: users.id })
        .from(users)
        .where(lte(users.leavesAt, now))
        .orderBy(asc(users.leavesAt))
        .limit(1)
        .for('update', { skipLocked: true })
      const [row] = await db
        .delete(users)
        .where(and(sql`${users.id} in (${due})`, lte(users.leavesAt, now)))
        .returning({ userId: users.id, email: users.email })
      if (row === undefined) return undefined
      const { userId, email } = row
      return { userId, email: email as EmailAddress, language: await languageOf(userId) }
    },
    async forget(userId) {
      await db.update(audit).set({ ip: null, detail: null }).where(eq(audit.userId, userId))
    },
  }
}
