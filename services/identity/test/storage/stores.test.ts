// What the nouns keep, on both kinds of database.
import { sql } from 'drizzle-orm'
import t from 'tap'
import { createAuditStore } from '../../src/domain/audit/store.ts'
import { createConsentStore } from '../../src/domain/consents/store.ts'
import { createGrantRevocation } from '../../src/domain/grants/revocation.ts'
import { createGrantStore } from '../../src/domain/grants/store.ts'
import { createSessionStore } from '../../src/domain/sessions/store.ts'
import { createAdministrator } from '../../src/domain/setup/administrator.ts'
import { createSetupStore } from '../../src/domain/setup/store.ts'
import { createThrottleStore } from '../../src/domain/throttles/store.ts'
import { createUserStore } from '../../src/domain/users/store.ts'
import { sqlState } from '../../src/platform/db/sqlstate.ts'
import { serializeError } from '../../src/platform/log.ts'
import { kinds, testDatabase, withoutPostgres } from '../helpers/database.ts'
import { configurationOn, passwordsOn } from './account-stories.ts'
import { keysOn } from './key-story.ts'
import {
  after,
  auditOf,
  codeFor,
  contentOf,
  email,
  makeClient,
  makeGrant,
  makeSession,
  makeUser,
  now,
  redemption,
  rotation,
} from './rows.ts'
import { failure } from './things.ts'

const skipOf = { pglite: false, postgres: await withoutPostgres() } as const

for (const kind of kinds) {
  void t.test(kind, { skip: skipOf[kind] }, async (t) => {
    const database = await testDatabase(t, kind)
    const { db } = database
    const [ada, bob] = [
      await makeUser(database, 'ada@example.test'),
      await makeUser(database, 'bob@example.test'),
    ]
    for (const id of ['app', 'rival']) await makeClient(database, id)
    const grants = createGrantStore(db)
    const sessions = createSessionStore(db)
    const users = createUserStore(db)

    await t.test('records are kept for their time, and for ever where the time is 0', async (t) => {
      const older = createAuditStore(db, () => after(-3600))
      await older.record({ event: 'user_registered', userId: ada })
      const store = createAuditStore(db, () => now)
      await store.record({ event: 'user_registered', userId: bob })
      await store.deleteOld(0)
      await store.deleteOld(3600)
      t.equal(await auditOf(database, 'user_registered'), 2)
      await store.deleteOld(3599)
      t.equal(await store.happened(ada, 'user_registered'), false)
      t.equal(await store.happened(bob, 'user_registered'), true)
    })

    await t.test('a code is redeemed once, and leaves its grant and one audit row', async (t) => {
      const { id: sessionId } = await makeSession(database, ada)
      const code = codeFor(ada, sessionId)
      const before = await auditOf(database, 'grant_created')
      const grant = await grants.redeem(redemption(code))
      t.match(grant, {
        id: code.grantId,
        clientId: 'app',
        sessionId,
        scopes: code.scopes,
        resources: code.resources,
        claimsRequest: code.claims,
        authTime: now,
        generation: 1,
        rotatedAt: now,
        issuedScopes: code.scopes,
        endedAt: null,
        user: { id: ada, email: 'ada@example.test', roles: ['admin'] },
      })
      t.equal(await auditOf(database, 'grant_created'), before + 1)
      t.equal(await grants.redeem(redemption(code)), undefined, 'a second time')
      t.equal(await grants.redeem(redemption({ ...code, clientId: 'rival' })), undefined)
      t.equal(await grants.redeem(redemption(code, { now: after(30) })), undefined)
      t.equal(await auditOf(database, 'grant_created'), before + 1)
      t.match(await grants.find(code.grantId), { generation: 1, rotatedAt: now, clientId: 'app' })
    })

    await t.test('a code whose session, user or client is gone makes nothing', async (t) => {
      const before = await contentOf(database)
      const live = await makeSession(database, ada)
      const ended = await makeSession(database, ada)
      await sessions.end(ended.id, now)
      const eve = await makeUser(database, 'eve@example.test')
      const hers = await makeSession(database, eve)
      await users.update(eve, { disabledAt: now }, now)
      const nowhere = '01890000-0000-7000-8000-000000000000'
      for (const [name, code, given] of [
        ['session ended', codeFor(ada, ended.id), {}],
        ['session past its end', codeFor(ada, live.id), { now: after(86_400) }],
        ['session of another', codeFor(bob, live.id), {}],
        ['no such session', codeFor(ada, nowhere), {}],
        ['no such user', codeFor(nowhere, live.id), {}],
        ['user disabled', codeFor(eve, hers.id), {}],
        ['no such client', codeFor(ada, live.id, { clientId: 'nobody' }), {}],
      ] as const)
        t.equal(await grants.redeem(redemption(code, given)), undefined, name)
      const left = await contentOf(database)
      t.same(left['grants'], before['grants'])
      t.same(left['audit'], before['audit'])
      await users.update(eve, { disabledAt: null }, now)
      t.ok(await grants.redeem(redemption(codeFor(eve, hers.id))), 'enabled again')
    })

    await t.test('a rotation moves one generation and never the absolute end', async (t) => {
      const { grant } = await makeGrant(database, ada)
      const second = await grants.rotate(rotation(grant.id))
      t.match(second, {
        generation: 2,
        rotatedAt: after(1),
        idleExpiresAt: after(1100),
        expiresAt: after(2000),
        issuedScopes: ['openid', 'read', 'write'],
        issuedAudience: 'https://a.test',
        user: { id: ada, claims: { given_name: 'Ada' } },
      })
      t.equal(await grants.rotate(rotation(grant.id)), undefined, 'the old generation')
      t.equal(await grants.rotate(rotation(grant.id, { generation: 3 })), undefined, 'a future one')
      const late = { generation: 2, now: after(1099), idleExpiresAt: after(9999) }
      const third = await grants.rotate(rotation(grant.id, late))
      t.match(third, { generation: 3, idleExpiresAt: after(2000), expiresAt: after(2000) })
    })

    await t.test('a rotation narrows scopes and picks a resource, and never widens', async (t) => {
      const { grant } = await makeGrant(database, ada)
      for (const [name, given] of [
        ['a scope it does not have', { scopes: ['openid', 'admin'] }],
        ['the same scope in capitals', { scopes: ['READ'] }],
        ['a resource it does not have', { resource: 'https://c.test' }],
        ['its default audience by name', { resource: 'https://id.test' }],
        ['another client', { clientId: 'rival' }],
        ['another salt', { salt: 'other' }],
        ['idle too long', { now: after(1000) }],
        ['past its end', { now: after(2000) }],
      ] as const)
        t.equal(await grants.rotate(rotation(grant.id, given)), undefined, name)
      const narrow = { scopes: ['read'], resource: 'https://b.test' }
      t.match(await grants.rotate(rotation(grant.id, narrow)), {
        issuedScopes: ['read'],
        issuedAudience: 'https://b.test',
        scopes: ['openid', 'read', 'write'],
      })
      t.match(await grants.rotate(rotation(grant.id, { generation: 2, scopes: [] })), {
        issuedScopes: [],
      })
      const whole = await grants.rotate(rotation(grant.id, { generation: 3 }))
      t.same(whole?.issuedScopes, ['openid', 'read', 'write'], 'narrowing does not last')
      const { grant: plain } = await makeGrant(database, ada, { refreshable: false })
      t.equal(await grants.rotate(rotation(plain.id)), undefined, 'not refreshable')
      const bare = await makeSession(database, ada)
      const code = codeFor(ada, bare.id, { resources: [] })
      await grants.redeem(redemption(code))
      t.match(await grants.rotate(rotation(code.grantId)), { issuedAudience: 'https://id.test' })
    })

    await t.test('nothing rotates once grant, session or user has ended', async (t) => {
      const one = await makeGrant(database, ada)
      t.equal(await grants.end(one.grant.id, 'revoked_by_client', after(5)), true)
      t.equal(await grants.end(one.grant.id, 'code_replayed', after(9)), false, 'ends once')
      t.match(await grants.find(one.grant.id), {
        endedAt: after(5),
        endedBecause: 'revoked_by_client',
      })
      t.equal(await grants.rotate(rotation(one.grant.id)), undefined)
      const two = await makeGrant(database, ada)
      await sessions.end(two.session.id, after(5))
      t.equal(await grants.rotate(rotation(two.grant.id)), undefined)
      t.match(await grants.find(two.grant.id), { endedAt: null, sessionEndedAt: after(5) })
      const mallory = await makeUser(database, 'mallory@example.test')
      const three = await makeGrant(database, mallory)
      await users.update(mallory, { disabledAt: after(5) }, now)
      t.equal(await grants.rotate(rotation(three.grant.id)), undefined)
      t.match(await grants.find(three.grant.id), { userDisabledAt: after(5) })
      t.equal(await grants.end('01890000-0000-7000-8000-000000000000', 'code_replayed', now), false)
    })

    await t.test('ending a grant and its audit row are one', async (t) => {
      const { grant } = await makeGrant(database, ada)
      const revocation = createGrantRevocation(database, () => now)
      const before = await auditOf(database, 'code_replayed')
      t.equal(await revocation.end(grant.id, 'code_replayed', 'code_replayed'), true)
      t.equal(await revocation.end(grant.id, 'code_replayed', 'code_replayed'), false)
      t.equal(await auditOf(database, 'code_replayed'), before + 1)
    })

    await t.test(
      'access tokens are revoked one by one, and forgotten when they expire',
      async (t) => {
        const { grant } = await makeGrant(database, ada)
        const jti = `${grant.id}.1`
        t.match(await grants.behindToken(grant.id, jti), { tokenRevoked: false })
        await grants.revokeAccessToken(jti, after(600))
        await grants.revokeAccessToken(jti, after(600))
        t.match(await grants.behindToken(grant.id, jti), { tokenRevoked: true })
        t.match(await grants.behindToken(grant.id, `${grant.id}.2`), { tokenRevoked: false })
        t.ok(await grants.isAccessTokenRevoked(jti))
        t.notOk(await grants.isAccessTokenRevoked('other'))
        await grants.deleteExpired(after(600))
        t.ok(await grants.isAccessTokenRevoked(jti), 'to its last moment')
        t.equal(await grants.deleteExpired(after(601)), 0)
        t.notOk(await grants.isAccessTokenRevoked(jti))
        await grants.deleteExpired(after(2000))
        t.ok(await grants.find(grant.id), 'a grant stays to its end')
        // Some time after it, since clocks differ.
        t.ok((await grants.deleteExpired(after(3600))) > 0)
        t.equal(await grants.find(grant.id), undefined)
      },
    )

    await t.test('a session is found while it lives, by its cookie only', async (t) => {
      const session = await makeSession(database, ada)
      t.match(await sessions.find(session.hash, now), {
        session: { id: session.id, userId: ada, authTime: now, amr: ['pwd'] },
        account: { id: ada, email: 'ada@example.test', roles: ['admin'] },
      })
      t.equal(await sessions.find(session.token, now), undefined, 'the table holds no cookie')
      t.equal(await sessions.find(session.id, now), undefined)
      t.ok(await sessions.find(session.hash, after(3599)))
      t.equal(await sessions.find(session.hash, after(3600)), undefined, 'idle')
      await sessions.touch(session.id, after(3000), after(999_999))
      t.ok(await sessions.find(session.hash, after(86_399)))
      t.equal(await sessions.find(session.hash, after(86_400)), undefined, 'its absolute end')
      await users.update(ada, { disabledAt: now }, now)
      t.equal(await sessions.find(session.hash, now), undefined, 'disabled')
      t.equal(await sessions.standing(session.hash, 'app', now), undefined)
      await users.update(ada, { disabledAt: null }, now)
      t.equal(await sessions.end(session.id, now), true)
      t.equal(await sessions.end(session.id, after(1)), false, 'once')
      t.equal(await sessions.find(session.hash, now), undefined)
    })

    await t.test('a renewed session has a new cookie, and the old one opens nothing', async (t) => {
      const session = await makeSession(database, ada)
      const fresh = {
        id: session.id,
        tokenHash: `fresh ${session.hash}`,
        userId: ada,
        authTime: after(100),
        amr: ['pwd', 'otp'],
        acr: 'aal1',
        idleExpiresAt: after(4000),
        expiresAt: after(90_000),
      }
      t.equal(await sessions.renew({ ...fresh, userId: bob }), false, 'of the same person only')
      t.ok(await sessions.find(session.hash, now))
      t.equal(await sessions.renew(fresh), true)
      t.equal(await sessions.find(session.hash, now), undefined)
      t.match(await sessions.find(fresh.tokenHash, now), {
        session: { id: session.id, authTime: after(100), amr: ['pwd', 'otp'] },
      })
      await sessions.end(session.id, now)
      t.equal(
        await sessions.renew({ ...fresh, tokenHash: 'again' }),
        false,
        'what ended stays ended',
      )
      const other = await makeSession(database, ada)
      const error = await failure(sessions.create({ ...fresh, id: bob, tokenHash: other.hash }))
      t.equal(sqlState(error), '23505', 'two sessions never share a cookie')
    })

    await t.test('old sessions go, and their grants with them', async (t) => {
      const { grant, session } = await makeGrant(database, bob)
      await sessions.deleteExpired(after(86_400))
      t.ok(await grants.find(grant.id))
      await sessions.deleteExpired(after(86_401))
      t.equal(await grants.find(grant.id), undefined)
      t.equal(await sessions.find(session.hash, now), undefined)
    })

    await t.test('consents add up per client, with the time of the last yes', async (t) => {
      const consents = createConsentStore(db)
      const { hash } = await makeSession(database, ada)
      const of = async (client: string) => {
        const standing = await sessions.standing(hash, client, now)
        return { ...standing, permissions: standing?.permissions.toSorted() }
      }
      t.match(await of('app'), { permissions: [], consentedAt: undefined })
      await consents.grant(ada, 'app', ['openid', 'https://a.test read'], now)
      await consents.grant(ada, 'app', ['openid', 'email'], after(50))
      t.match(await of('app'), {
        permissions: ['email', 'https://a.test read', 'openid'],
        consentedAt: after(50),
      })
      t.match(await of('rival'), { permissions: [], consentedAt: undefined }, 'no other client')
      const { hash: bobs } = await makeSession(database, bob)
      t.match(await sessions.standing(bobs, 'app', now), { permissions: [] }, 'no other person')
      await consents.grant(ada, 'rival', [], after(60))
      t.match(await of('rival'), { permissions: [], consentedAt: after(60) })
      t.equal(sqlState(await failure(consents.grant(ada, 'nobody', [], now))), '23503')
    })

    await t.test('a budget of tries holds for its window and its key', async (t) => {
      const throttles = createThrottleStore(db)
      const budget = { tries: 3, windowSeconds: 60 }
      const take = (who: string, at: Date, what = 'sign-in') =>
        throttles.take(what, who, budget, at)
      const exhausted = (retryAfterSeconds: number, windowEndsAt: Date) => ({
        kind: 'exhausted',
        retryAfterSeconds,
        windowEndsAt,
      })
      for (let tries = 0; tries < 3; tries += 1) t.match(await take('ada', now), { kind: 'taken' })
      t.same(await take('ada', now), exhausted(60, after(60)))
      t.same(await take('ada', after(59.5)), exhausted(1, after(60)))
      t.match(await take('bob', now), { kind: 'taken' }, 'another account')
      t.match(await take('ada', now, 'mail'), { kind: 'taken' }, 'another matter')
      for (let tries = 0; tries < 3; tries += 1)
        t.match(await take('ada', after(60)), { kind: 'taken' }, 'a new window')
      t.same(await take('ada', after(61)), exhausted(59, after(120)))
      await throttles.reset('sign-in', 'ada')
      t.match(await take('ada', after(61)), { kind: 'taken' })
      await throttles.deleteExpired(after(9999))
      const rows = await contentOf(database)
      t.same(rows['throttles'], [])

      const used = (at: Date) => throttles.used('sign-in', 'carol', at)
      const giveBack = (takenAt: Date) => throttles.giveBack('sign-in', 'carol', budget, takenAt)
      await giveBack(now)
      t.equal(await used(now), 0, 'nothing comes of nothing')
      for (let tries = 0; tries < 3; tries += 1) await take('carol', now)
      await giveBack(now)
      t.equal(await used(after(59)), 2)
      t.match(await take('carol', now), { kind: 'taken' })
      t.match(await take('carol', now), { kind: 'exhausted' }, 'no more than was given back')
      for (let tries = 0; tries < 9; tries += 1) await giveBack(now)
      t.equal(await used(now), 0, 'never below none')
      await take('carol', after(1))
      t.equal(await used(after(60)), 0, 'a window that is over')
      await take('carol', after(61))
      await giveBack(after(1))
      t.equal(await used(after(61)), 1, 'a new window owes an old try nothing')
      await giveBack(after(61))
      t.equal(await used(after(61)), 0)
      await throttles.deleteExpired(after(9999))
      await take('ada@example.test', now)
      t.notMatch(
        JSON.stringify((await contentOf(database))['throttles']),
        /ada/,
        'no address is kept',
      )
    })

    await t.test('a set-up link is good once and for an hour', async (t) => {
      const setup = createSetupStore(db)
      t.equal(await setup.wasEverCreated(), false)
      const token = await setup.create(now)
      t.equal(await setup.wasEverCreated(), true)
      t.notMatch(JSON.stringify((await contentOf(database))['setup_links']), new RegExp(token))
      for (const wrong of ['', token.slice(1), `${token} `, token.toLowerCase()])
        t.equal(await setup.use(wrong, now), false, wrong)
      t.equal(await setup.isUsable(token, after(3599)), true)
      t.equal(await setup.isUsable(token, after(3600)), false)
      t.equal(await setup.use(token, after(3600)), false)

      const person = (address: string) => ({
        name: 'Root',
        email: email(address),
        password: { hash: 'x', peppered: true },
      })
      const deps = { database, clock: () => now }
      const before = await contentOf(database)
      t.equal(await createAdministrator(deps, token, person('ada@example.test')), 'email_taken')
      t.same(await contentOf(database), before, 'the link survives a taken address')
      t.equal(await createAdministrator(deps, token, person('root@example.test')), 'created')
      t.equal(await createAdministrator(deps, token, person('eve2@example.test')), 'link_used')
      t.match(await users.findByEmail(email('root@example.test')), { roles: ['admin'] })
      t.equal(await users.findByEmail(email('eve2@example.test')), undefined)
    })

    await t.test('signing keys: made, turned over, revoked', async (t) => keysOn(t, database))
    await t.test('passwords: upgraded at sign-in', async (t) => passwordsOn(t, database))
    await t.test('configuration: all or nothing, and once', async (t) =>
      configurationOn(t, database),
    )

    await t.test('a failed query is logged without what was asked', async (t) => {
      const value = 'ada@example.test hunter2'
      const error = await failure(db.execute(sql`select ${value}::uuid`))
      const logged = JSON.stringify(serializeError(error))
      t.match(logged, /failed query/)
      t.match(logged, /22P02/)
      t.notMatch(logged, /hunter2|ada@/)
    })
  })
}
