// Setting up and taking away second factors, where the transaction decides.
import { sql } from 'drizzle-orm'
import t from 'tap'
import { type Activation, activate } from '../../src/domain/factors/activate.ts'
import { removeAuthenticator } from '../../src/domain/factors/remove.ts'
import {
  SETUP_TTL_SECONDS,
  type Setup,
  beginRecoveryCodes,
  beginSetup,
  openSetup,
  proveSetup,
  sealSetup,
} from '../../src/domain/factors/setup.ts'
import { createFactorStore } from '../../src/domain/factors/store.ts'
import { DEFAULT_SETTINGS } from '../../src/domain/settings/settings.ts'
import { createSpentStore } from '../../src/domain/spent/store.ts'
import { addSeconds } from '../../src/platform/clock.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { kinds, testDatabase, withoutPostgres } from '../helpers/database.ts'
import { AuthenticatorApp } from '../helpers/second-factor.ts'
import { after, makeUser, now } from './rows.ts'

t.setTimeout(120_000)

const ring = createKeyRing(new Map([['test', Buffer.alloc(32, 7)]]))
const letter = () => ({ to: { name: '', address: 'a@b.test' }, subject: 's', text: 't', html: 'h' })
const withoutServer = await withoutPostgres()

function proven(userId: string, replaces?: string): Setup {
  const setup = beginSetup(userId, 'session', now, replaces)
  const code = new AuthenticatorApp(setup.authenticator?.secret).code(now.getTime())
  const proved = proveSetup(setup, { code, name: 'Phone', withRecoveryCodes: true }, now)
  if (proved === undefined) throw new Error('the code was wrong')
  return proved
}

/** Somebody who has shown a second factor, in a session that goes on. */
const strong = { onlyAsFirst: false, holds: async () => true }

void t.test('a sealed set-up opens for its person and place, until it ends', async (t) => {
  const setup = proven('ada', 'old')
  const sealed = sealSetup(ring, setup)
  t.same(openSetup(ring, sealed, 'ada', 'session', after(599)), setup)
  t.equal(openSetup(ring, sealed, 'ada', 'session', after(600)), undefined)
  t.equal(openSetup(ring, sealed, 'bob', 'session', now), undefined)
  t.equal(openSetup(ring, sealed, 'ada', 'another', now), undefined)
  t.equal(openSetup(ring, `${sealed}A`, 'ada', 'session', now), undefined)
  t.notMatch(sealed, setup.authenticator?.secret)
})

for (const kind of kinds)
  void t.test(kind, { skip: kind === 'postgres' && withoutServer }, async (t) => {
    const database = await testDatabase(t, kind)
    const settings = () => DEFAULT_SETTINGS
    const deps = { database, ring, settings, clock: () => now }
    const store = createFactorStore(database.db)
    const make = async (activation: Pick<Activation, 'setup'> & Partial<Activation>) =>
      activate(deps, { ip: '::1', basis: strong, ...activation }, letter)
    const lettersQueued = async () =>
      rowsOf(await database.db.execute(sql`select id from outbox`)).length

    await t.test('of many at once one counts, and it counts once for ever', async (t) => {
      const userId = await makeUser(database, 'many@example.test')
      const before = await lettersQueued()
      const setup = proven(userId)
      const all = await Promise.all(Array.from({ length: 10 }, () => make({ setup })))
      t.equal(all.filter((outcome) => outcome === 'activated').length, 1)
      t.equal(all.filter((outcome) => outcome === 'done_before').length, 9)
      t.same(await store.factorsOf(userId), { authenticators: 1, passkeys: 0, recoveryCodes: 10 })
      t.equal(await lettersQueued(), before + 1)
      const removal = { userId, id: setup.authenticator?.id ?? '', sessionId: userId, ip: '::1' }
      t.same(await removeAuthenticator(deps, removal, letter), { kind: 'removed', wasLast: true })
      t.same(await removeAuthenticator(deps, removal, letter), { kind: 'not_found' })
      t.equal(await make({ setup }), 'done_before', 'what was removed does not come back')
      t.same(await store.factorsOf(userId), { authenticators: 0, passkeys: 0, recoveryCodes: 0 })

      // The same code proved the same set-up once more, at the very end of its time.
      const later = { ...setup, expiresAt: addSeconds(setup.expiresAt, SETUP_TTL_SECONDS - 1) }
      await createSpentStore(database.db).deleteExpired(addSeconds(later.expiresAt, -1))
      t.equal(await make({ setup: later }), 'done_before', 'nor by a copy that ends later')
    })

    await t.test('of several first ones at once, one is the first', async (t) => {
      const userId = await makeUser(database, 'first@example.test')
      const basis = { ...strong, onlyAsFirst: true }
      const setups = Array.from({ length: 6 }, () => proven(userId))
      const all = await Promise.all(setups.map((setup) => make({ setup, basis })))
      t.equal(all.filter((outcome) => outcome === 'activated').length, 1)
      t.equal(all.filter((outcome) => outcome === 'refused').length, 5)
      const other = await makeUser(database, 'stale@example.test')
      const stale = { setup: proven(other), basis: { ...basis, holds: async () => false } }
      t.equal(await make(stale), 'refused')
      t.equal((await store.factorsOf(other)).authenticators, 0)
    })

    await t.test('codes alone are no second step', async (t) => {
      const userId = await makeUser(database, 'codes@example.test')
      t.equal(await make({ setup: beginRecoveryCodes(userId, 'session', now) }), 'refused')
      t.equal((await store.factorsOf(userId)).recoveryCodes, 0)
    })

    await t.test('a fault on the way leaves nothing behind', async (t) => {
      const userId = await makeUser(database, 'fault@example.test')
      const setup = proven(userId)
      const failing = activate(deps, { setup, ip: '::1', basis: strong }, () => {
        throw new Error('planted')
      })
      await t.rejects(failing, /planted/)
      t.same(await store.factorsOf(userId), { authenticators: 0, passkeys: 0, recoveryCodes: 0 })
      t.equal(await make({ setup }), 'activated', 'and it can be tried again')
    })

    await t.test('the last one stays where one is asked for, also of two at once', async (t) => {
      const userId = await makeUser(database, 'last@example.test')
      const strict = {
        ...deps,
        settings: () => ({ ...DEFAULT_SETTINGS, mfa: 'required' as const }),
      }
      const ids = ['a', 'b'].map(() => proven(userId))
      for (const setup of ids) await make({ setup })
      const remove = async ({ authenticator }: Setup) =>
        removeAuthenticator(
          strict,
          { userId, id: authenticator?.id ?? '', sessionId: userId, ip: '::1' },
          letter,
        )
      const outcomes = await Promise.all(ids.map(remove))
      t.same(outcomes.map(({ kind }) => kind).toSorted(), ['removed', 'required'])
      t.equal((await store.factorsOf(userId)).authenticators, 1)
    })
  })
