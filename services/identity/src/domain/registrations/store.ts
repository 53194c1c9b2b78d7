import { and, eq, gt, lte, lt, sql } from 'drizzle-orm'
import { addSeconds } from '../../platform/clock.ts'
import type { Db, Tx } from '../../platform/db/database.ts'
import { CODE_TRIES, RESEND_AFTER_SECONDS } from '../mail/code.ts'
import type { NewCode } from '../mailbox-proofs/send.ts'
import type { EmailAddress } from '../users/email.ts'
import type { Registration } from './registration.ts'
import { registrations } from './schema.ts'

export interface RegistrationStore {
  /** Keeps a registration; it takes the place of an earlier one of the same address and browser. */
  save(registration: Registration): Promise<void>
  /** One that has not expired. */
  find(id: string, now: Date): Promise<Registration | undefined>
  /** Takes one try at the present code before it is looked at: however many come at once, no more are granted. */
  takeTry(id: string, browserHash: string, now: Date): Promise<Registration | undefined>
  /** Notes that another mail is asked for; undefined when it is too soon or there is no such registration here. */
  askAgain(id: string, browserHash: string, now: Date): Promise<Registration | undefined>
  /** Puts another code in the place of the present one, with tries of its own. */
  setCode(id: string, code: NewCode): Promise<void>
  /** Uses a registration up; undefined when it was, or when its code is no longer `codeMac`. */
  use(id: string, now: Date, codeMac?: string): Promise<Registration | undefined>
  deleteExpired(now: Date): Promise<void>
}

export function createRegistrationStore(db: Db | Tx): RegistrationStore {
  const live = (id: string, now: Date) =>
    and(eq(registrations.id, id), gt(registrations.expiresAt, now))
  const ours = (id: string, browserHash: string, now: Date) =>
    and(live(id, now), eq(registrations.browserHash, browserHash))

  return {
    async save(registration) {
      const row = toRow(registration)
      await db
        .insert(registrations)
        .values(row)
        .onConflictDoUpdate({
          target: [registrations.email, registrations.browserHash],
          set: row,
        })
    },
    async find(id, now) {
      const [row] = await db.select().from(registrations).where(live(id, now))
      return fromRow(row)
    },
    async takeTry(id, browserHash, now) {
      const [row] = await db
        .update(registrations)
        .set({ tries: sql`${registrations.tries} + 1` })
        .where(
          and(
            ours(id, browserHash, now),
            lt(registrations.tries, CODE_TRIES),
            gt(registrations.codeExpiresAt, now),
          ),
        )
        .returning()
      return fromRow(row)
    },
    async askAgain(id, browserHash, now) {
      const due = lte(registrations.lastAskedAt, addSeconds(now, -RESEND_AFTER_SECONDS))
      const [row] = await db
        .update(registrations)
        .set({ lastAskedAt: now })
        .where(and(ours(id, browserHash, now), due))
        .returning()
      return fromRow(row)
    },
    async setCode(id, { codeMac, codeExpiresAt }) {
      await db
        .update(registrations)
        .set({ codeMac: codeMac ?? null, codeExpiresAt, tries: 0 })
        .where(eq(registrations.id, id))
    },
    async use(id, now, codeMac) {
      const same = codeMac === undefined ? undefined : eq(registrations.codeMac, codeMac)
      const [row] = await db
        .delete(registrations)
        .where(and(live(id, now), same))
        .returning()
      return fromRow(row)
    },
    async deleteExpired(now) {
      await db.delete(registrations).where(lte(registrations.expiresAt, now))
    },
  }
}

type Row = typeof registrations.$inferSelect

// What a registration began with, request and invitation, shares a column: sealed text has no spaces.
function toRow({ password, tx, invitation, codeMac, ...rest }: Registration): Row {
  const { hash, peppered } = password
  const origin = invitation === undefined ? (tx ?? null) : `${tx ?? ''} ${invitation}`
  return { ...rest, passwordHash: hash, peppered, tx: origin, codeMac: codeMac ?? null }
}

function fromRow(row: Row | undefined): Registration | undefined {
  if (row === undefined) return undefined
  const { email, passwordHash, peppered, tx: origin, codeMac, ...rest } = row
  const [tx = '', invitation] = origin?.split(' ') ?? []
  return {
    ...rest,
    // Only canonical addresses are ever saved.
    email: email as EmailAddress,
    password: { hash: passwordHash, peppered },
    tx: tx === '' ? undefined : tx,
    invitation,
    codeMac: codeMac ?? undefined,
  }
}
