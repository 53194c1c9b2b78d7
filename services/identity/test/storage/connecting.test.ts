// What a person who is being taken out of an account can still leave in it (docs/decisions/0024).
import t from 'tap'
import { connect } from '../../src/domain/identities/link.ts'
import { createIdentityStore } from '../../src/domain/identities/store.ts'
import { wipe } from '../../src/domain/identities/wipe.ts'
import { createUserStore } from '../../src/domain/users/store.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { kinds, testDatabase } from '../helpers/database.ts'
import { makeSession, makeUser, now } from './rows.ts'

const issuer = 'https://accounts.google.com'
const ring = createKeyRing(new Map([['test', Buffer.alloc(32, 7)]]))
const letter = ({ email: address }: { readonly email: string }) => ({
  to: { name: '', address },
  subject: 's',
  text: 't',
  html: 'h',
})

for (const kind of kinds)
  void t.test(`on ${kind}`, async (t) => {
    const database = await testDatabase(t, kind)
    const deps = { database, ring, clock: () => now }
    const userId = await makeUser(database, 'ada@example.test')
    const { id: sessionId } = await makeSession(database, userId)
    const bob = await makeUser(database, 'bob@example.test')
    const { id: stranger } = await makeSession(database, bob)
    const identities = createIdentityStore(database.db)
    const person = (subject: string) => ({
      provider: 'google',
      issuer,
      subject,
      email: undefined,
      authoritative: false,
      profile: {},
    })
    const link = async (subject: string, session = sessionId) =>
      connect(deps, { userId, sessionId: session, person: person(subject), ip: '::1' }, letter)

    t.equal(await link('one'), 'connected', 'the control')
    t.equal(await link('two', stranger), 'gone', 'in a session of somebody else')
    const reclaim = database.db.transaction(async (tx) => {
      await createUserStore(tx).lock(userId)
      await wipe(deps, tx, userId, '::1')
    })
    const late = Array.from({ length: kind === 'postgres' ? 5 : 1 }, (_, n) => link(`late-${n}`))
    await Promise.all([reclaim, ...late])
    t.same(await identities.of(userId), [], 'before the account is taken back, or not at all')
    t.equal(await link('after'), 'gone')
    t.same(await identities.of(userId), [])
  })
