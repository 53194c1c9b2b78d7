import { createHmac, randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Test } from 'tap'
import { resetFactorTries } from '../../src/domain/factors/budget.ts'
import { makeRecoveryCodes } from '../../src/domain/factors/recovery-code.ts'
import { recoveryCodeMac, sealSecret } from '../../src/domain/factors/secrets.ts'
import { createFactorStore } from '../../src/domain/factors/store.ts'
import { createSessionStore } from '../../src/domain/sessions/store.ts'
import { createThrottleStore } from '../../src/domain/throttles/store.ts'
import { createUserStore } from '../../src/domain/users/store.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { uuidv7 } from '../../src/platform/crypto/uuid.ts'
import { openDatabase } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { type Browser, type Landing, type Person, formWith, stepOf } from './browser.ts'
import { type Answer, describe } from './wire.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** An authenticator app: RFC 6238 with SHA-1, six digits, thirty seconds, by the text of RFC 4226 §5.3. */
export class AuthenticatorApp {
  readonly #key: Buffer

  /** With a secret that was read from a page, in base32, or one of its own. */
  constructor(secret?: string) {
    const bits = Array.from(secret ?? '')
      .map((char) => ALPHABET.indexOf(char).toString(2).padStart(5, '0'))
      .join('')
    const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))
    this.#key = secret === undefined ? randomBytes(20) : Buffer.from(bytes)
  }

  get secret(): string {
    const bits = [...this.#key].map((byte) => byte.toString(2).padStart(8, '0')).join('')
    return (bits.match(/.{5}/g) ?? [])
      .map((five) => ALPHABET.charAt(Number.parseInt(five, 2)))
      .join('')
  }

  /** The code of a moment, or of some steps from it. */
  code(nowMs: number, steps = 0): string {
    const counter = Buffer.alloc(8)
    counter.writeBigUInt64BE(BigInt(Math.floor(nowMs / 30_000) + steps))
    const mac = createHmac('sha1', this.#key).update(counter).digest()
    const offset = (mac[19] ?? 0) & 0xf
    const value = mac.readUInt32BE(offset) & 0x7f_ff_ff_ff
    return String(value % 1_000_000).padStart(6, '0')
  }
}

/** What a person has set up. */
export interface Enrolled {
  readonly userId: string
  readonly app: AuthenticatorApp
  readonly recoveryCodes: readonly string[]
}

const ring = createKeyRing(new Map([['test', Buffer.alloc(32, 7)]]))

/** Looks into the database of a service, and gives its people second factors without the pages that do so. */
export async function factorRoom(t: Test, databaseUrl: string) {
  const database = await openDatabase(databaseUrl)
  t.teardown(() => database.close())
  const { db } = database
  const store = createFactorStore(db)

  async function userId({ email }: Pick<Person, 'email'>): Promise<string> {
    const query = sql`select id from users where email = ${email}`
    const [row] = rowsOf<{ id: string }>(await db.execute(query))
    if (row === undefined) throw new Error(`no ${email}`)
    return row.id
  }

  return {
    database,
    userId,
    async enrol(person: Pick<Person, 'email'>): Promise<Enrolled> {
      const id = await userId(person)
      const app = new AuthenticatorApp()
      const factorId = uuidv7(new Date())
      const createdAt = new Date()
      const sealed = sealSecret(ring, id, factorId, app.secret)
      await store.addAuthenticator(id, {
        id: factorId,
        name: 'Phone',
        sealed,
        lastStep: 0,
        createdAt,
      })
      const recoveryCodes = makeRecoveryCodes()
      const macs = recoveryCodes.map((code) => recoveryCodeMac(ring, id, code))
      await store.replaceRecoveryCodes(id, macs, createdAt)
      return { userId: id, app, recoveryCodes }
    },
    factors: async (id: string) => store.factorsOf(id),
    /** Takes every factor away, as an operator would. */
    strip: async (id: string) => store.removeAllOf(id),
    /** As if no code had been used yet, and none been guessed. */
    async rewind(id: string): Promise<void> {
      await resetFactorTries(createThrottleStore(db), id)
      await db.execute(sql`update authenticators set last_step = 0 where user_id = ${id}`)
    },
    disable: async (id: string, disabledAt: Date | null) =>
      createUserStore(db).update(id, { disabledAt }, new Date()),
    async count(table: 'sessions' | 'trusted_devices' | 'grants', id: string): Promise<number> {
      const own =
        table === 'grants'
          ? sql`select count(*)::int as n from grants where user_id = ${id}`
          : sql`select count(*)::int as n from ${sql.identifier(table)} where user_id = ${id}`
      return rowsOf<{ n: number }>(await db.execute(own))[0]?.n ?? 0
    },
    endSessions: async (id: string) => createSessionStore(db).endAllOf(id, new Date()),
    async liveSessions(
      id: string,
    ): Promise<readonly { acr: string; amr: string[]; auth_time: string }[]> {
      const query = sql`select acr, amr, auth_time::text from sessions where user_id = ${id} and ended_at is null order by id`
      return rowsOf(await db.execute(query))
    },
    async audited(event: string, id: string): Promise<number> {
      const query = sql`select count(*)::int as n from audit where event = ${event} and user_id = ${id}`
      return rowsOf<{ n: number }>(await db.execute(query))[0]?.n ?? 0
    },
  }
}

/** Sends a code from the page that asks for one. */
export async function showCode(
  browser: Browser,
  page: Answer,
  code: string,
  more: Record<string, string> = {},
): Promise<Answer> {
  const form = formWith(page, ['code'])
  const filled = new URLSearchParams()
  for (const { name, value } of form.fields) filled.set(name, value)
  for (const [name, value] of Object.entries({ code, ...more })) filled.set(name, value)
  return browser.follow(await browser.post(new URL(form.action, page.url).href, filled))
}

/** Opens an address, shows the password, and stops at the page of the second step; throws when there is none. */
export async function upToCode(browser: Browser, url: string, person: Person): Promise<Answer> {
  const landing: Landing = await browser.authorize(url, { person })
  if (stepOf(landing.answer) !== 'mfa')
    throw new Error(`no second step (${landing.steps.join()}): ${describe(landing.answer)}`)
  return landing.answer
}
