// The last way into an account stays: what signs nobody in is not counted as one.
import t from 'tap'
import { createFactorStore } from '../../src/domain/factors/store.ts'
import { createIdentityStore } from '../../src/domain/identities/store.ts'
import { createPasskeyStore } from '../../src/domain/passkeys/store.ts'
import { DEFAULT_SETTINGS } from '../../src/domain/settings/settings.ts'
import { disconnect } from '../../src/domain/ways-in/disconnect.ts'
import { removePasskey } from '../../src/domain/ways-in/remove-passkey.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { uuidv7 } from '../../src/platform/crypto/uuid.ts'
import { kinds, testDatabase, withoutPostgres } from '../helpers/database.ts'
import { makeUser, now } from './rows.ts'

const skipOf = { pglite: false, postgres: await withoutPostgres() } as const
const ring = createKeyRing(new Map([['test', Buffer.alloc(32, 7)]]))
const ip = '203.0.113.7'
const letter = { to: { name: '', address: 'a@b.test' }, subject: 's', text: 't', html: 'h' }

for (const kind of kinds)
  void t.test(kind, { skip: skipOf[kind] }, async (t) => {
    const database = await testDatabase(t, kind)
    const { db } = database
    const settings = () => DEFAULT_SETTINGS
    const deps = { database, ring, settings, clock: () => now, providers: [{ id: 'offered' }] }

    async function passkeyOf(userId: string): Promise<string> {
      const id = uuidv7(now)
      await createPasskeyStore(db).add({
        id,
        userId,
        credentialId: id,
        publicKey: 'key',
        counter: 0,
        transports: [],
        backupEligible: true,
        backedUp: true,
        aaguid: '00000000-0000-0000-0000-000000000000',
        name: 'Phone',
        createdAt: now,
      })
      return id
    }

    async function connectionOf(userId: string, provider: string): Promise<string> {
      const id = uuidv7(now)
      const issuer = `https://${provider}.test`
      const identity = { id, userId, provider, issuer, subject: id, email: null, createdAt: now }
      await createIdentityStore(db).add(identity)
      return id
    }

    const removal = (userId: string, id: string) =>
      removePasskey(deps, userId, id, ip, () => letter)
    const cut = (userId: string, id: string) => disconnect(deps, { userId, id, ip }, () => letter)

    void t.test('a passkey and a connection are a way in each, until one is left', async (t) => {
      const userId = await makeUser(database, 'both@example.test')
      const passkey = await passkeyOf(userId)
      const connection = await connectionOf(userId, 'offered')
      t.equal(await cut(userId, connection), 'disconnected')
      t.equal(await removal(userId, passkey), 'last_way_in')
    })

    void t.test('a connection with a provider that is not offered any more is none', async (t) => {
      const userId = await makeUser(database, 'former@example.test')
      const passkey = await passkeyOf(userId)
      const connection = await connectionOf(userId, 'former')
      t.equal(await removal(userId, passkey), 'last_way_in')
      t.equal(await cut(userId, connection), 'disconnected', 'it lets nobody in, so it may go')
    })

    void t.test('a suspended passkey is none', async (t) => {
      const userId = await makeUser(database, 'suspended@example.test')
      const passkey = await passkeyOf(userId)
      const connection = await connectionOf(userId, 'offered')
      await createFactorStore(db).suspendPasskeysSince(userId, now, now)
      t.equal(await cut(userId, connection), 'last_way_in')
      t.equal(await removal(userId, passkey), 'removed', 'it lets nobody in, so it may go')
    })

    void t.test('what is another person’s stays, and is not told of', async (t) => {
      const userId = await makeUser(database, 'owner@example.test')
      const stranger = await makeUser(database, 'stranger@example.test')
      await passkeyOf(stranger)
      t.equal(await removal(stranger, await passkeyOf(userId)), 'not_found')
      t.equal(await cut(stranger, await connectionOf(userId, 'offered')), 'not_found')
      t.equal(await cut(stranger, 'no id'), 'not_found')
    })
  })
