// Passwords at sign-in, and configuration files applied.
import argon2 from 'argon2'
import type { Test } from 'tap'
import { apply, plan, UnknownRoleError } from '../../src/domain/configuration/apply.ts'
import { parseConfigurationFile } from '../../src/domain/configuration/file.ts'
import { checkPassword } from '../../src/domain/credentials/check-password.ts'
import { createPasswordHasher } from '../../src/domain/credentials/password-hasher.ts'
import { loadPepper } from '../../src/domain/credentials/pepper.ts'
import { forgiveFailures } from '../../src/domain/credentials/sign-in-budgets.ts'
import { createCredentialStore } from '../../src/domain/credentials/store.ts'
import { createSettingsStore } from '../../src/domain/settings/store.ts'
import { createThrottleStore } from '../../src/domain/throttles/store.ts'
import { createUserStore } from '../../src/domain/users/store.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import type { Database } from '../../src/platform/db/database.ts'
import { after, auditOf, contentOf, email, makeUser, now } from './rows.ts'

const ring = createKeyRing(new Map([['k1', Buffer.alloc(32, 1)]]))
const pepper = Buffer.alloc(32, 5)
const attempt = { network: '192.0.2.1', limits: { perAccount: 100, perNetwork: 100 } }
const hasher = await createPasswordHasher({ pepper, lanes: 2, maxWaiting: 50 })

export async function passwordsOn(t: Test, database: Database) {
  const credentials = createCredentialStore(database.db)
  const throttles = createThrottleStore(database.db)
  const deps = { credentials, throttles, hasher }
  const password = 'correct horse battery staple'
  const sign = (address: string, given = password, knownDevice?: string) =>
    checkPassword(deps, { ...attempt, email: address, password: given, knownDevice }, now)
  const hashOf = async (address: string) =>
    (await credentials.findByEmail(email(address)))?.password

  const weaker = { type: argon2.argon2id, memoryCost: 8192, timeCost: 2, parallelism: 1 } as const
  const current = { ...weaker, memoryCost: 19_456 }
  const rows = [
    ['unpeppered', await argon2.hash(password, current), false],
    ['weak', await argon2.hash(password, { ...weaker, secret: pepper }), true],
    ['argon2i', await argon2.hash(password, { ...weaker, type: argon2.argon2i }), false],
  ] as const
  for (const [name, hash, peppered] of rows) {
    const address = `${name}@example.test`
    const userId = await makeUser(database, address)
    await credentials.setPassword(userId, { hash, peppered }, now)
    t.match(await sign(address, 'wrong'), { kind: 'wrong', userId }, name)
    t.same(await hashOf(address), { hash, peppered }, 'a wrong password changes nothing')
    t.match(await sign(address.toUpperCase()), { kind: 'right', userId, rehashed: true }, name)
    const upgraded = await hashOf(address)
    t.match(upgraded, { peppered: true, hash: /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/ })
    t.notOk(await argon2.verify(upgraded?.hash ?? '', password), 'the pepper takes part')
    t.match(await sign(address), { kind: 'right', rehashed: false }, 'and once')
    t.match(await sign(address, 'wrong'), { kind: 'wrong' })
  }

  const address = 'unpeppered@example.test'
  const account = await credentials.findByEmail(email(address))
  const stale = { hash: 'an earlier hash', peppered: false }
  await credentials.upgradePassword(account?.userId ?? '', stale, { hash: 'x', peppered: true })
  t.match(await sign(address), { kind: 'right' }, 'an upgrade never undoes a change')

  t.match(await sign('nobody@example.test'), { kind: 'wrong', userId: undefined })
  t.match(await sign('not an address'), { kind: 'wrong', userId: undefined })
  t.match(await sign('bob@example.test'), { kind: 'wrong' }, 'an account without a password')
  t.match(await sign(address, ''), { kind: 'wrong' })
  t.match(await sign(address, 'x'.repeat(1025)), { kind: 'wrong' })
  const userId = account?.userId ?? ''
  await createUserStore(database.db).update(userId, { disabledAt: now }, now)
  t.match(await sign(address), { kind: 'wrong', userId }, 'disabled')
  await createUserStore(database.db).update(userId, { disabledAt: null }, now)
  await credentials.setPassword(userId, { hash: 'garbage', peppered: true }, now)
  t.match(await sign(address), { kind: 'wrong' }, 'a hash that cannot be read')
  t.equal(await credentials.hasPassword(userId), true)

  const few = (knownDevice: string | undefined, given: string) =>
    checkPassword(
      deps,
      {
        ...attempt,
        email: 'Weak@example.test',
        password: given,
        limits: { perAccount: 2, perNetwork: 100 },
        knownDevice,
      },
      now,
    )
  await forgiveFailures(throttles, email('weak@example.test'), undefined)
  for (let tries = 0; tries < 2; tries += 1)
    t.match(await few(undefined, 'wrong'), { kind: 'wrong' })
  t.match(await few(undefined, password), { kind: 'throttled', retryAfterSeconds: 3600 })
  t.match(await few('device', password), { kind: 'right' }, 'a known device is not locked out')

  const first = await loadPepper(credentials, ring, now)
  t.equal(first.length, 32)
  t.same(await loadPepper(credentials, ring, now), first, 'made once')
  const other = createKeyRing(new Map([['k2', Buffer.alloc(32, 2)]]))
  await t.rejects(loadPepper(credentials, other, now), /the key k1 that sealed it is missing/)
}

const wanted = (text: string) => {
  const parsed = parseConfigurationFile(text)
  if (parsed.kind === 'faulty') throw new Error(JSON.stringify(parsed.faults))
  return parsed
}
const file = (user = 'carol', role = 'editor') => `
settings: { access_token_ttl_seconds: 300 }
resources: [{ identifier: https://r.test, name: R, scopes: { "r:b": B, "r:a": A } }]
roles: [{ name: editor, description: Editors }]
clients:
  - client_id: configured
    client_secret: configured-secret-configured
    redirect_uris: [https://c.test/b, https://c.test/a]
    scope: openid r:a
users:
  - { email: ${user}@example.test, password: a long password, roles: [${role}], claims: { name: C } }
`

export async function configurationOn(t: Test, database: Database) {
  let at = after(10)
  const deps = { database, hasher, clock: () => at }
  const before = await contentOf(database)
  const planned = await plan(deps, wanted(file()))
  t.same(await contentOf(database), before, 'a plan writes nothing')
  t.same(
    planned.map(({ noun, action }) => `${action} ${noun}`),
    ['update settings', 'create resource', 'create role', 'create client', 'create user'],
  )
  const done = await apply(deps, wanted(file()))
  t.equal(done.length, 5)
  t.equal(await auditOf(database, 'configuration_applied'), 1)
  t.match(await createSettingsStore(database.db).load(), { access_token_ttl_seconds: 300 })
  t.match(
    await checkPassword(
      {
        credentials: createCredentialStore(database.db),
        throttles: createThrottleStore(database.db),
        hasher,
      },
      {
        email: 'carol@example.test',
        password: 'a long password',
        ...attempt,
        knownDevice: undefined,
      },
      now,
    ),
    { kind: 'right' },
  )

  at = after(999)
  const applied = await contentOf(database)
  t.same(await plan(deps, wanted(file())), [])
  t.same(await apply(deps, wanted(file())), [])
  t.same(await contentOf(database), applied, 'a second time changes nothing, not even a time')
  t.same(await apply(deps, wanted('')), [])
  t.same(await contentOf(database), applied, 'what is not named stays')

  await t.rejects(apply(deps, wanted(file('dave', 'nobody-defines-this'))), UnknownRoleError)
  t.same(await contentOf(database), applied, 'a file that does not fit changes nothing')

  // A failure in the middle: the last thing of the file cannot be written.
  const broken = wanted(file('dave').replace('Editors', 'Changed'))
  for (const user of broken.file.users) user.claims = { name: '\0' }
  await t.rejects(apply(deps, broken))
  t.same(await contentOf(database), applied, 'a failing apply leaves nothing behind')
  t.match(await apply(deps, wanted(file().replace('Editors', 'Changed'))), [{ noun: 'role' }])
  t.equal(await auditOf(database, 'configuration_applied'), 2)
  await createSettingsStore(database.db).save({ access_token_ttl_seconds: -1 }, now)
  await t.rejects(
    createSettingsStore(database.db).load(),
    'settings that do not fit are no defaults',
  )
}
