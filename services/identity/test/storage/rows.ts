// The few rows that the tests of stores begin with.
import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { CodeContent } from '../../src/domain/authorization/code.ts'
import { ClientMetadata } from '../../src/domain/clients/client.ts'
import { createClientStore } from '../../src/domain/clients/store.ts'
import { createGrantStore, type Redemption, type Rotation } from '../../src/domain/grants/store.ts'
import { createSessionStore } from '../../src/domain/sessions/store.ts'
import { parseEmail } from '../../src/domain/users/email.ts'
import { createUserStore } from '../../src/domain/users/store.ts'
import { addSeconds } from '../../src/platform/clock.ts'
import { sha256 } from '../../src/platform/crypto/hash.ts'
import { uuidv7 } from '../../src/platform/crypto/uuid.ts'
import type { Database } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'

export const now = new Date('2026-03-01T12:00:00.123Z')
export const after = (seconds: number) => addSeconds(now, seconds)

export const email = (text: string) => {
  const address = parseEmail(text)
  if (address === undefined) throw new Error(`${text} is no address`)
  return address
}

/** Makes a user, and returns the id. */
export async function makeUser({ db }: Database, address: string): Promise<string> {
  const id = uuidv7(now)
  await createUserStore(db).create({
    id,
    email: email(address),
    emailVerified: true,
    claims: { given_name: 'Ada' },
    roles: ['admin'],
    createdAt: now,
    updatedAt: now,
  })
  return id
}

export async function makeClient(
  { db }: Database,
  id: string,
  consent: ClientMetadata['consent'] = 'implicit',
): Promise<void> {
  const metadata = ClientMetadata.parse({ redirect_uris: [`https://${id}.test/cb`], consent })
  await createClientStore(db).save({ id, secretHash: undefined, metadata }, now)
}

/** Signs a user in for a day, and returns the session's id and cookie value. */
export async function makeSession({ db }: Database, userId: string) {
  const [id, token] = [uuidv7(now), randomBytes(9).toString('hex')]
  await createSessionStore(db).create({
    id,
    tokenHash: sha256(token),
    userId,
    authTime: now,
    amr: ['pwd'],
    acr: 'aal1',
    idleExpiresAt: after(3600),
    expiresAt: after(86_400),
  })
  return { id, token, hash: sha256(token) }
}

export function codeFor(userId: string, sessionId: string, given: Partial<CodeContent> = {}) {
  const code: CodeContent = {
    grantId: uuidv7(now),
    clientId: 'app',
    redirectUri: 'https://app.test/cb',
    codeChallenge: undefined,
    userId,
    sessionId,
    scopes: ['openid', 'read', 'write'],
    resources: ['https://a.test', 'https://b.test'],
    claims: { id_token: { email: null } },
    nonce: undefined,
    authTime: now,
    amr: ['pwd'],
    acr: 'aal1',
    expiresAt: after(60),
    ...given,
  }
  return code
}

export const redemption = (code: CodeContent, given: Partial<Redemption> = {}): Redemption => ({
  code,
  refreshable: true,
  salt: 'salt',
  issuedAudience: 'https://a.test',
  idleExpiresAt: after(1000),
  expiresAt: after(2000),
  now,
  ...given,
})

export const rotation = (grantId: string, given: Partial<Rotation> = {}): Rotation => ({
  grantId,
  clientId: 'app',
  generation: 1,
  salt: 'salt',
  scopes: undefined,
  resource: undefined,
  defaultAudience: 'https://id.test',
  idleExpiresAt: after(1100),
  now: after(1),
  ...given,
})

/** A grant of a new session; throws when it is not made. */
export async function makeGrant(
  database: Database,
  userId: string,
  given: Partial<Redemption> = {},
) {
  const session = await makeSession(database, userId)
  const code = codeFor(userId, session.id)
  const grant = await createGrantStore(database.db).redeem(redemption(code, given))
  if (grant === undefined) throw new Error('not redeemed')
  return { grant, session, code }
}

/** The rows of every table, as text: what has not changed is equal. */
export async function contentOf({ db }: Database): Promise<Record<string, string[]>> {
  const tables = rowsOf<{ name: string }>(
    await db.execute(sql`select tablename as name from pg_tables where schemaname = 'public'`),
  )
  const content: Record<string, string[]> = {}
  for (const { name } of tables) {
    const query = sql`select row_to_json(t)::text as row from ${sql.identifier(name)} t order by 1`
    content[name] = rowsOf<{ row: string }>(await db.execute(query)).map(({ row }) => row)
  }
  return content
}

export async function auditOf({ db }: Database, event: string): Promise<number> {
  const query = sql`select count(*)::int as n from audit where event = ${event}`
  return rowsOf<{ n: number }>(await db.execute(query))[0]?.n ?? 0
}
