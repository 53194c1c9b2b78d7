// The statements that decide about second factors, on both databases: what may happen once happens once.
import t from 'tap'
import { activate } from '../../src/domain/factors/activate.ts'
import { checkRecoveryCode, checkTotp } from '../../src/domain/factors/check-code.ts'
import { makeRecoveryCodes } from '../../src/domain/factors/recovery-code.ts'
import { resetFactors } from '../../src/domain/factors/reset.ts'
import { recoveryCodeMac, sealSecret } from '../../src/domain/factors/secrets.ts'
import { beginSetup, proveSetup } from '../../src/domain/factors/setup.ts'
import { createFactorStore } from '../../src/domain/factors/store.ts'
import type { Session } from '../../src/domain/sessions/session.ts'
import { signIn } from '../../src/domain/sessions/sign-in.ts'
import { stepUp } from '../../src/domain/sessions/step-up.ts'
import { createSessionStore } from '../../src/domain/sessions/store.ts'
import { DEFAULT_SETTINGS } from '../../src/domain/settings/settings.ts'
import { createSpentStore } from '../../src/domain/spent/store.ts'
import { createTrustedDeviceStore } from '../../src/domain/trusted-devices/store.ts'
import { createUserStore } from '../../src/domain/users/store.ts'
import { basisOfSession } from '../../src/http/sign-in/factor-basis.ts'
import { proofStands } from '../../src/http/sign-in/proof-stands.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { uuidv7 } from '../../src/platform/crypto/uuid.ts'
import type { Database } from '../../src/platform/db/database.ts'
import { kinds, testDatabase, withoutPostgres } from '../helpers/database.ts'
import { AuthenticatorApp } from '../helpers/second-factor.ts'
import { after, auditOf, contentOf, makeSession, makeUser, now } from './rows.ts'

const skip = { pglite: false, postgres: await withoutPostgres() } as const
const ring = createKeyRing(new Map([['test', Buffer.alloc(32, 7)]]))
const clock = () => now
const from = { ip: '::1', userAgent: 'X' }
const settings = () => DEFAULT_SETTINGS

function depsOf(database: Database) {
  return { database, ring, clock, settings }
}

const letterTo = (address: string) => () => ({
  to: { name: '', address },
  subject: 'Codes',
  text: 'text',
  html: '<p>text</p>',
})

async function withFactor(database: Database, address: string) {
  const userId = await makeUser(database, address)
  const app = new AuthenticatorApp()
  const id = uuidv7(now)
  const sealed = sealSecret(ring, userId, id, app.secret)
  const store = createFactorStore(database.db)
  await store.addAuthenticator(userId, { id, name: 'A', sealed, lastStep: 0, createdAt: now })
  const codes = makeRecoveryCodes()
  const macs = codes.map((code) => recoveryCodeMac(ring, userId, code))
  await store.replaceRecoveryCodes(userId, macs, now)
  const letter = letterTo(address)
  return { userId, app, codes, letter, attempt: { userId, ip: '::1', guessed: letter } }
}

for (const kind of kinds) {
  void t.test(`a code counts once of ten at once, on ${kind}`, { skip: skip[kind] }, async (t) => {
    const database = await testDatabase(t, kind)
    const deps = depsOf(database)
    const { app, attempt } = await withFactor(database, 'ada@example.test')
    const code = app.code(now.getTime())
    const tries = await Promise.all(
      Array.from({ length: 10 }, async () => checkTotp(deps, attempt, code)),
    )
    t.equal(tries.filter((one) => one.kind === 'right').length, 1)
    t.equal(tries.filter((one) => one.kind === 'wrong').length, 9)
    t.match(await checkTotp(deps, attempt, app.code(now.getTime(), 1)), { kind: 'right' })
    t.match(await checkTotp(deps, attempt, app.code(now.getTime())), { kind: 'wrong' }, 'not back')
  })

  void t.test(
    `a recovery code as well, and the letter with it, on ${kind}`,
    { skip: skip[kind] },
    async (t) => {
      const database = await testDatabase(t, kind)
      const deps = depsOf(database)
      const ada = await withFactor(database, 'ada@example.test')
      const bob = await withFactor(database, 'bob@example.test')
      const [code = ''] = ada.codes
      const tries = await Promise.all(
        Array.from({ length: 8 }, async () =>
          checkRecoveryCode(deps, ada.attempt, code, ada.letter),
        ),
      )
      const right = tries.filter((one) => one.kind === 'right')
      t.match(right, [{ shown: { left: 9 } }])
      t.equal(right.length, 1)
      const { outbox = [] } = await contentOf(database)
      t.equal(outbox.length, 1, 'one letter')
      t.equal(await auditOf(database, 'recovery_code_used'), 1)
      const foreign = await checkRecoveryCode(deps, bob.attempt, ada.codes[1] ?? '', bob.letter)
      t.match(foreign, { kind: 'wrong' }, 'the code of another person')
      const everything = JSON.stringify(await contentOf(database))
      for (const secret of [
        ada.app.secret,
        ...ada.codes,
        ...ada.codes.map((one) => one.replace('-', '')),
      ])
        t.notOk(everything.includes(secret), 'no secret is in any table')
    },
  )

  void t.test(
    `the budget, and the letter when it is used up, on ${kind}`,
    { skip: skip[kind] },
    async (t) => {
      const database = await testDatabase(t, kind)
      const deps = depsOf(database)
      const { app, attempt, codes, letter } = await withFactor(database, 'ada@example.test')
      for (let n = 0; n < 10; n += 1)
        t.match(await checkTotp(deps, attempt, '000000'), { kind: 'wrong' })
      for (const waits of [
        await checkTotp(deps, attempt, app.code(now.getTime())),
        await checkRecoveryCode(deps, attempt, codes[0] ?? '', letter),
      ])
        t.match(waits, { kind: 'throttled', retryAfterSeconds: 900 })
      t.equal((await contentOf(database))['outbox']?.length, 1, 'one letter')
      t.equal(await auditOf(database, 'second_factor_throttled'), 2)
      const later = { ...deps, clock: () => after(901) }
      t.match(await checkTotp(later, attempt, app.code(after(901).getTime())), { kind: 'right' })
    },
  )

  void t.test(`a carried proof makes one session, on ${kind}`, { skip: skip[kind] }, async (t) => {
    const database = await testDatabase(t, kind)
    const deps = depsOf(database)
    const { userId } = await withFactor(database, 'ada@example.test')
    const once = { id: 'proof', expiresAt: after(900) }
    const kept = (token: string, replaces: string[] = []) => ({
      tokenHash: token,
      replaces,
      expiresAt: after(60),
    })
    const shown = {
      userId,
      amr: ['pwd', 'otp', 'mfa'],
      acr: 'aal2',
      authTime: after(-100),
      ...from,
    }
    const stands = proofStands(shown)
    const tries = await Promise.all(
      Array.from({ length: 6 }, async (_, n) =>
        signIn(deps, { ...shown, stands, once, trust: kept(`t${n}`) }, []),
      ),
    )
    t.equal(tries.filter((one) => one.kind === 'started').length, 1)
    const content = await contentOf(database)
    t.equal(content['sessions']?.length, 1)
    t.equal(content['trusted_devices']?.length, 1, 'trust goes with the session')
    t.match(content['sessions']?.[0], after(-100).toISOString().slice(0, 19), 'auth_time')
    t.equal(await createSpentStore(database.db).isSpent('first-proof', 'proof'), true)
    t.equal(await createSpentStore(database.db).isSpent('other', 'proof'), false)

    const held = ['t0', 't1', 't2', 't3', 't4', 't5']
    await signIn(deps, { ...shown, trust: kept('next', held) }, [])
    const devices = createTrustedDeviceStore(database.db)
    t.equal((await devices.devicesOf(userId, now)).length, 1, 'one a browser')
    t.equal(await devices.use(userId, ['next'], now), true)

    // The code was right, and in the next moment an operator has taken all factors away.
    const asked = { userId, keepPasskeys: false, by: 'test' }
    t.match(await resetFactors(deps, asked, letterTo('ada@example.test')), { kind: 'reset' })
    const late = await signIn(deps, { ...shown, stands, trust: kept('late') }, [])
    t.match(late, { kind: 'refused' }, 'what was shown is no longer there')
    t.equal((await devices.devicesOf(userId, now)).length, 0)
    const vouched = { ...shown, amr: ['fed', 'mfa'] }
    t.match(
      await signIn(deps, { ...vouched, stands: proofStands(vouched) }, []),
      { kind: 'started' },
      'a provider’s word is another thing',
    )
  })

  void t.test(
    `what a factor is added by is looked at as it is added, on ${kind}`,
    { skip: skip[kind] },
    async (t) => {
      const database = await testDatabase(t, kind)
      const deps = depsOf(database)
      const letter = letterTo('ada@example.test')
      const sessionOf = async (userId: string, amr: string[], acr: string) => {
        const { hash, id } = await makeSession(database, userId)
        const found = await createSessionStore(database.db).find(hash, now)
        if (found === undefined) throw new Error('no session')
        return { ...found.session, id, amr, acr }
      }
      const add = async (session: Session) => {
        const { userId } = session
        const setup = beginSetup(userId, session.id, now)
        const { secret } = setup.authenticator ?? {}
        const code = new AuthenticatorApp(secret).code(now.getTime())
        const first = { code, name: 'Phone', withRecoveryCodes: false }
        const proved = proveSetup(setup, first, now)
        if (proved === undefined) throw new Error('the code was wrong')
        const activation = { setup: proved, ip: '::1', basis: basisOfSession(session) }
        return activate(deps, activation, letter)
      }
      const weak = [['pwd'], 'aal1'] as const
      const ada = await makeUser(database, 'ada@example.test')
      const ended = await sessionOf(ada, [...weak[0]], weak[1])
      await createSessionStore(database.db).end(ended.id, now)
      t.equal(await add(ended), 'refused', 'the session has ended')
      const open = await sessionOf(ada, [...weak[0]], weak[1])
      const bob = await makeUser(database, 'bob@example.test')
      t.equal(await add({ ...open, userId: bob }), 'refused', 'of another person')
      t.equal(await add(open), 'activated')
      t.equal(await add(open), 'refused', 'one factor adds no second one')
      t.equal(await add(await sessionOf(ada, ['fed', 'mfa'], 'aal2')), 'refused', 'nor does a word')
      t.equal(await add(await sessionOf(ada, ['pwd', 'otp', 'mfa'], 'aal2')), 'activated')
      const rivals = await Promise.all(
        Array.from({ length: 6 }, async () => sessionOf(bob, [...weak[0]], weak[1])),
      )
      const outcomes = await Promise.all(rivals.map(add))
      t.equal(outcomes.filter((outcome) => outcome === 'activated').length, 1, 'of six at once')
    },
  )

  void t.test(
    `a session is raised once, and never from the dead, on ${kind}`,
    { skip: skip[kind] },
    async (t) => {
      const database = await testDatabase(t, kind)
      const deps = depsOf(database)
      const userId = await makeUser(database, 'ada@example.test')
      const sessions = createSessionStore(database.db)
      const find = async (hash: string) => {
        const found = await sessions.find(hash, now)
        if (found === undefined) throw new Error('no session')
        return found.session
      }
      const further = { amr: ['pwd', 'otp', 'mfa'], acr: 'aal2', ...from }
      const mine = await makeSession(database, userId)
      const session = await find(mine.hash)
      const tries = await Promise.all(
        Array.from({ length: 6 }, async () => stepUp(deps, session, further, [session])),
      )
      const [started, ...others] = tries.filter((one) => one.kind === 'started')
      t.same(others, [])
      t.match(started, { sessionId: mine.id, beside: [] })
      t.equal(await sessions.find(mine.hash, now), undefined, 'the value of before is dead')
      t.equal(await auditOf(database, 'sign_in_stepped_up'), 1)
      t.equal((await contentOf(database))['sessions']?.length, 1)

      const ended = await makeSession(database, userId)
      const gone = await find(ended.hash)
      await sessions.end(ended.id, now)
      t.match(await stepUp(deps, gone, further, []), { kind: 'refused' })
      const old = await makeSession(database, userId)
      const aged = await find(old.hash)
      const late = { ...deps, clock: () => after(86_401) }
      t.match(await stepUp(late, aged, further, []), { kind: 'refused' }, 'its time is over')
      await createUserStore(database.db).update(userId, { disabledAt: now }, now)
      t.match(await stepUp(deps, aged, further, []), { kind: 'refused' }, 'disabled')
    },
  )
}
