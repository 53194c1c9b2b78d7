// What a provider's news of a person ends: OpenID RISC 1.0 §2, RFC 8417.
import t from 'tap'
import { createIdentityStore } from '../../src/domain/identities/store.ts'
import { providerTold } from '../../src/domain/identities/provider-told.ts'
import { createSessionStore } from '../../src/domain/sessions/store.ts'
import { createTrustedDeviceStore } from '../../src/domain/trusted-devices/store.ts'
import { uuidv7 } from '../../src/platform/crypto/uuid.ts'
import { kinds, testDatabase } from '../helpers/database.ts'
import { after, auditOf, makeSession, makeUser, now } from './rows.ts'

const issuer = 'https://accounts.google.com'
const ends = ['https://schemas.openid.net/secevent/risc/event-type/sessions-revoked']

for (const kind of kinds)
  void t.test(`on ${kind}`, async (t) => {
    const database = await testDatabase(t, kind)
    const { db } = database
    const deps = { database, clock: () => now }
    const devices = createTrustedDeviceStore(db)
    let made = 0

    async function trust(userId: string) {
      const tokenHash = `token-${(made += 1)}`
      const device = { id: uuidv7(now), userId, tokenHash, userAgent: 'X', ip: '::1' }
      await devices.add({ ...device, createdAt: now, expiresAt: after(3600) }, [])
    }
    async function person(subject: string) {
      const userId = await makeUser(database, `${subject}@example.test`)
      const id = uuidv7(now)
      const identity = { id, userId, provider: 'google', issuer, subject, email: null }
      await createIdentityStore(db).add({ ...identity, createdAt: now })
      await makeSession(database, userId)
      await trust(userId)
      return userId
    }
    const has = async (userId: string) => [
      (await createSessionStore(db).devicesOf(userId, now)).length,
      (await devices.devicesOf(userId, now)).length,
    ]
    const tell = async (
      subject: string,
      jti: string,
      kinds = ends,
      from = issuer,
      issuedAt = now,
    ) => providerTold(deps, from, { jti, subject, issuedAt, ends: kinds }, '::1')
    const connectionOf = async (userId: string) => (await createIdentityStore(db).of(userId))[0]?.id

    const [ada, bob] = [await person('ada'), await person('bob')]

    t.equal(await tell('ada', 'j-0', []), 'done')
    t.equal(await tell('nobody', 'j-1'), 'nobody')
    t.equal(await tell('ada', 'j-2', ends, 'https://elsewhere.test'), 'nobody')
    t.same(await has(ada), [1, 1], 'news that end nothing, of nobody, of another issuer')

    for (const days of [-31, 31])
      t.equal(await tell('ada', `j-${days}`, ends, issuer, after(days * 86_400)), 'stale')
    t.same(await has(ada), [1, 1], 'what may have been done and forgotten is not done again')

    const connection = await connectionOf(ada)
    t.equal(await tell('ada', 'j-3'), 'done')
    t.not(await connectionOf(ada), connection, 'no sign-in under way still names the connection')
    t.same(await has(ada), [0, 0], 'a thief’s browser is trusted no more')
    t.same(await has(bob), [1, 1], 'and nobody else’s')
    for (const [event, count] of [
      ['provider_told', 2],
      ['session_ended', 1],
      ['device_trust_ended', 1],
    ] as const)
      t.equal(await auditOf(database, event), count, event)

    await makeSession(database, ada)
    await trust(ada)
    t.equal(await tell('ada', 'j-3'), 'known')
    t.same(await has(ada), [1, 1], 'delivered again it is not done again')

    const answers = await Promise.all(Array.from({ length: 20 }, async () => tell('ada', 'j-4')))
    t.equal(answers.filter((answer) => answer === 'done').length, 1, '20 at once')
    t.same(await has(ada), [0, 0])
  })
