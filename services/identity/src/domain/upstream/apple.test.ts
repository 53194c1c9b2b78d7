import { generateKeyPairSync } from 'node:crypto'
import { jwtVerify } from 'jose'
import t from 'tap'
import { AppleEntry, appleName, appleSecret, nameOnly, withAppleName } from './apple.ts'

const pair = (namedCurve: string) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve })
  return { privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), publicKey }
}
const p256 = pair('prime256v1')
const entry = { team_id: 'TEAM123456', key_id: 'KEY1234567', private_key: p256.privateKey }

void t.test('the secret is for one client at Apple, for five minutes', async (t) => {
  const now = new Date('2026-05-04T12:00:00Z')
  const key = AppleEntry.parse(entry)
  const of = { clientId: 'test.acme.web', issuer: 'https://appleid.apple.com' }
  const secret = await appleSecret(key, of, () => now)
  const { payload, protectedHeader } = await jwtVerify(secret, p256.publicKey, { currentDate: now })
  t.same(protectedHeader, { alg: 'ES256', kid: 'KEY1234567' })
  const iat = now.getTime() / 1000
  t.same(payload, {
    iss: 'TEAM123456',
    sub: 'test.acme.web',
    aud: 'https://appleid.apple.com',
    iat,
    exp: iat + 300,
  })
})

void t.test('what is no key of Apple’s, said without the key', async (t) => {
  const faults = (part: object) => {
    const { error } = AppleEntry.safeParse({ ...entry, ...part })
    t.notMatch(String(error?.message), 'PRIVATE KEY', 'the key is not in the message')
    return error?.issues.map(({ path }) => path.join('.')) ?? []
  }
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  t.same(faults({}), [])
  for (const private_key of [
    '',
    'no key',
    pair('secp384r1').privateKey,
    rsa.export({ type: 'pkcs8', format: 'pem' }).toString(),
    p256.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    `${p256.privateKey}${' '.repeat(4096)}`,
  ])
    t.same(faults({ private_key }), ['private_key'])
  for (const id of ['', 'team123456', 'TEAM12345', 'TEAM1234567']) {
    t.same(faults({ team_id: id }), ['team_id'])
    t.same(faults({ key_id: id }), ['key_id'])
  }
})

const user = (part: unknown) => JSON.stringify(part)
const grace = { firstName: 'Grace', lastName: 'Hopper' }

void t.test('of the field `user` the name, and nothing else', async (t) => {
  const full = user({ name: grace, email: 'victim@acme.test', sub: 'x', roles: ['admin'] })
  t.same(appleName(full), { given_name: 'Grace', family_name: 'Hopper' })
  t.equal(nameOnly(full), user({ name: grace }))
  for (const no of [
    undefined,
    null,
    '',
    'Grace',
    '{',
    'null',
    '[]',
    user({ email: 'victim@acme.test' }),
    user({ name: 'Grace' }),
    user({ name: { firstName: ['Grace'] } }),
    user({ name: { firstName: 'G'.repeat(101) } }),
    user({ name: grace, padding: 'x'.repeat(4096) }),
  ]) {
    t.equal(appleName(no), undefined, String(no).slice(0, 60))
    t.equal(nameOnly(no ?? ''), undefined)
  }
})

void t.test('a name that the ID token tells is the name', async (t) => {
  const name = { given_name: 'Mallory', family_name: undefined }
  t.same(withAppleName({ sub: 's', email: 'a@b.test' }, name), {
    sub: 's',
    email: 'a@b.test',
    name: 'Mallory',
    ...name,
  })
  for (const claim of ['name', 'given_name', 'family_name'])
    t.same(withAppleName({ [claim]: 'Grace' }, name), { [claim]: 'Grace' })
  t.same(withAppleName({ sub: 's' }, undefined), { sub: 's' })
})
