// An operator takes lost second factors away: all of them go, everybody is signed out, the person is told.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import t from 'tap'
import { resetFactors } from '../../src/domain/factors/reset.ts'
import { createFactorStore } from '../../src/domain/factors/store.ts'
import { passkeys } from '../../src/domain/passkeys/schema.ts'
import { createThrottleStore } from '../../src/domain/throttles/store.ts'
import { takeFactorTry } from '../../src/domain/factors/budget.ts'
import { trustedDevices } from '../../src/domain/trusted-devices/schema.ts'
import { createTrustedDeviceStore } from '../../src/domain/trusted-devices/store.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { sha256 } from '../../src/platform/crypto/hash.ts'
import { uuidv7 } from '../../src/platform/crypto/uuid.ts'
import { type Database, openDatabase } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { kinds, testDatabase, withoutPostgres } from '../helpers/database.ts'
import { startIdentity } from '../helpers/identity.ts'
import { lettersTo } from '../helpers/mailbox.ts'
import { crowd, ownAccount } from '../helpers/own-account.ts'
import { world } from '../helpers/world.ts'
import { after, makeSession, makeUser, now } from '../storage/rows.ts'

t.setTimeout(150_000)

const ring = createKeyRing(new Map([['test', Buffer.alloc(32, 7)]]))
const noPostgres = await withoutPostgres()
const notice = (address: string, at: Date) => ({
  to: { name: '', address },
  subject: `reset at ${at.toISOString()}`,
  text: 'text',
  html: 'html',
})

/** One authenticator, two recovery codes, one passkey, one trusted browser. */
async function giveFactors({ db }: Database, userId: string, at = now): Promise<void> {
  const factors = createFactorStore(db)
  const created = { name: 'Phone', sealed: 'sealed', lastStep: 1, createdAt: at }
  await factors.addAuthenticator(userId, { id: uuidv7(at), ...created })
  await factors.replaceRecoveryCodes(userId, ['one', 'two'], at)
  await db.insert(passkeys).values({
    id: uuidv7(at),
    userId,
    credentialId: `credential of ${userId}`,
    publicKey: 'key',
    counter: 0,
    transports: [],
    backupEligible: true,
    backedUp: true,
    aaguid: '00000000-0000-0000-0000-000000000000',
    name: 'Key',
    createdAt: at,
  })
  await db.insert(trustedDevices).values({
    id: uuidv7(at),
    userId,
    tokenHash: sha256(userId),
    createdAt: at,
    lastUsedAt: at,
    expiresAt: new Date(at.getTime() + 86_400_000),
  })
}

const none = { authenticators: 0, passkeys: 0, recoveryCodes: 0 }
const all = { authenticators: 1, passkeys: 1, recoveryCodes: 2 }

for (const kind of kinds) {
  const skip = kind === 'postgres' ? noPostgres : false
  void t.test(`on ${kind}`, { skip }, async (t) => {
    const database = await testDatabase(t, kind)
    const { db } = database
    const deps = { database, ring, clock: () => after(60) }
    const factors = createFactorStore(db)
    const trusted = async (userId: string) =>
      (await createTrustedDeviceStore(db).devicesOf(userId, now)).length
    const rows = async (what: ReturnType<typeof sql>) => rowsOf(await db.execute(what))
    const reset = async (userId: string, keepPasskeys = false) =>
      resetFactors(deps, { userId, keepPasskeys, by: 'test' }, notice)
    const [ada, bob, carol] = [
      await makeUser(database, 'ada@example.test'),
      await makeUser(database, 'bob@example.test'),
      await makeUser(database, 'carol@example.test'),
    ]
    for (const userId of [ada, bob]) await giveFactors(database, userId)
    await makeSession(database, ada)
    await makeSession(database, ada)
    await makeSession(database, bob)
    const throttles = createThrottleStore(db)
    for (let tries = 0; tries < 10; tries += 1) await takeFactorTry(throttles, ada, after(60))

    t.same(await reset(ada), { kind: 'reset', removed: all, sessionsEnded: 2 })
    t.same(await factors.factorsOf(ada), none)
    t.equal(await trusted(ada), 0)
    t.equal(await takeFactorTry(throttles, ada, after(60)), undefined, 'tries are given back')
    t.same(await factors.factorsOf(bob), all, 'nobody else loses anything')
    t.equal(await trusted(bob), 1)
    const live = sql`select user_id from sessions where ended_at is null`
    t.same(await rows(live), [{ user_id: bob }])
    const told = sql`select event, user_id, detail from audit where event = 'factors_reset'`
    t.match(await rows(told), [{ user_id: ada, detail: { by: 'test', ...all } }])
    const letters = sql`select id from outbox`
    t.equal((await rows(letters)).length, 1)

    t.same(await reset(ada), { kind: 'nothing' }, 'a second time')
    t.same(await reset(carol), { kind: 'nothing' }, 'somebody without factors')
    t.same(await reset(uuidv7(now)), { kind: 'unknown' }, 'nobody')
    t.equal((await rows(letters)).length, 1, 'no letter about nothing')
    t.equal((await rows(told)).length, 1)

    const kept = { ...all, passkeys: 0 }
    t.same(await reset(bob, true), { kind: 'reset', removed: kept, sessionsEnded: 1 })
    t.same(await factors.factorsOf(bob), { ...none, passkeys: 1 })
    t.equal(await trusted(bob), 0)
    t.same(await reset(bob, true), { kind: 'nothing' }, 'only what is kept is left')

    const failing = resetFactors(deps, { userId: bob, keepPasskeys: false, by: 'test' }, () => {
      throw new Error('no letter')
    })
    await t.rejects(failing, { message: 'no letter' })
    t.same(await factors.factorsOf(bob), { ...none, passkeys: 1 }, 'all of it or nothing')
    const outcomes = await Promise.all(Array.from({ length: 20 }, async () => reset(bob)))
    t.equal(outcomes.filter((outcome) => outcome.kind === 'reset').length, 1, 'one of twenty')
    t.equal((await rows(letters)).length, 3)
  })
}

void t.test('the command, beside a running service', { skip: noPostgres }, async (t) => {
  const { people, somebody } = crowd(2, 'lost')
  const { users, ...rest } = world() as { users: object[] }
  const config = {
    ...rest,
    users: [...users, ...people.map((person) => ({ ...person, claims: { locale: 'de-AT' } }))],
  }
  const identity = await startIdentity(t, { config, database: 'postgres' })
  const { issuer, databaseUrl = '' } = identity
  const at = ownAccount(issuer)
  const [ada, bob] = [somebody(), somebody()]
  const [hers, his] = [await at.signIn(ada), await at.signIn(bob)]
  const database = await openDatabase(databaseUrl)
  t.teardown(() => database.close())
  const found = rowsOf<{ id: string }>(
    await database.db.execute(sql`select id, email from users where email like 'lost-%'`),
  )
  for (const { id } of found) await giveFactors(database, id, new Date())

  const command = async (...words: string[]) => {
    const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url))
    const env = {
      PATH: process.env['PATH'],
      ISSUER: issuer,
      DATABASE_URL: databaseUrl,
      SECRET_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    }
    const child = spawn(process.execPath, [main, 'user', 'reset-mfa', ...words], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const said = { out: '', err: '' }
    child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
    await once(child, 'close')
    return { code: child.exitCode, ...said }
  }
  for (const words of [[], ['nobody@example.test'], ['no address'], [ada.email, bob.email]])
    t.match(await command(...words), { code: 64, out: '' }, words.join(' '))
  t.match(await command(ada.email, '--all'), { code: 64, out: '' })
  t.equal(await at.isSignedIn(hers), true, 'so far nothing happened')

  const { code, out } = await command(ada.email.toUpperCase(), '--json')
  t.equal(code, 0)
  t.same(JSON.parse(out), {
    email: ada.email,
    reset: true,
    removed: { authenticators: 1, passkeys: 1, recovery_codes: 2 },
    sessions_ended: 1,
  })
  t.equal(await at.isSignedIn(hers), false)
  t.equal(await at.isSignedIn(his), true)
  const subject = 'Ihre Anmeldung in zwei Schritten wurde zurückgesetzt'
  const [letter] = await lettersTo(issuer, ada.email, { count: 1, subject })
  t.equal(letter?.link, `${issuer}/account/two-step`)
  t.notMatch(letter?.text, 'Passkeys gelten weiterhin')
  t.match(await command(ada.email), { code: 0, out: /Nothing was changed/ })

  t.match(await command(bob.email, '--keep-passkeys'), {
    code: 0,
    out: /removed 1 authenticators, 0 passkeys and 2 recovery codes/,
  })
  const [other] = await lettersTo(issuer, bob.email, { count: 1, subject })
  t.match(other?.text, 'Passkeys gelten weiterhin')
})
