import t from 'tap'
import { createKeyRing } from '../../platform/crypto/key-ring.ts'
import { parseAssertion, parseRegistration } from './answer.ts'
import { type ChallengeScope, passkeyChallenges } from './challenge.ts'
import { makerOf } from './maker.ts'
import { parsePasskeyName } from './name.ts'
import { creationOptions, secondFactorOptions, signInOptions, userHandle } from './options.ts'

const ring = createKeyRing(new Map([['k', Buffer.alloc(32, 3)]]))
const challenges = passkeyChallenges(ring)
const now = new Date('2026-11-21T14:03:22Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const scope: ChallengeScope = { use: 'second-factor', userId: 'ada', browser: 'here' }

void t.test('a challenge opens for what it was made for, and for nothing else', async (t) => {
  const value = challenges.make(scope, now)
  t.equal(challenges.read(value, scope, now)?.value, value)
  const others: readonly Partial<ChallengeScope>[] = [
    { use: 'register' },
    { use: 'sign-in' },
    { userId: 'bob' },
    { userId: undefined },
    { browser: 'there' },
  ]
  for (const other of others)
    t.equal(challenges.read(value, { ...scope, ...other }, now), undefined, JSON.stringify(other))
  for (const made of ['', 'x', Buffer.from('k.x').toString('base64url'), `${value}A`])
    t.equal(challenges.read(made, scope, now), undefined, made)
  t.not(challenges.make(scope, now), value, 'none twice (WebAuthn Level 3 §13.4.3)')
})

void t.test('challenges end: ten minutes, an hour for a sign-in page', async (t) => {
  const signIn = { ...scope, use: 'sign-in' } as const
  for (const [made, seconds] of [
    [scope, 600],
    [signIn, 3600],
  ] as const) {
    const value = challenges.make(made, now)
    t.ok(challenges.read(value, made, later(seconds - 1)))
    t.equal(challenges.read(value, made, later(seconds)), undefined)
  }
})

const clientData = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url')
const assertion = (clientDataJSON: string, more: object = {}) =>
  JSON.stringify({
    id: 'aa',
    rawId: 'aa',
    type: 'public-key',
    response: { clientDataJSON, authenticatorData: 'aa', signature: 'aa', ...more },
  })

void t.test('an answer is read as far as it is looked at', async (t) => {
  const good = clientData({ type: 'webauthn.get', challenge: 'abc', origin: 'https://a.test' })
  t.equal(parseAssertion(assertion(good))?.challenge, 'abc')
  t.ok(parseAssertion(assertion(good, { userHandle: null })), 'browsers may say null')
  const framed = clientData({ challenge: 'abc', crossOrigin: true })
  const bad: Readonly<Record<string, string>> = {
    'in a frame': assertion(framed),
    'no client data': assertion('!'),
    'client data that is no JSON': assertion(Buffer.from('x').toString('base64url')),
    'a member twice': `{"id":"bb",${assertion(good).slice(1)}`,
    'a handle too long': assertion(good, { userHandle: 'a'.repeat(200) }),
    'an id too long': assertion(good).replaceAll('"aa"', `"${'a'.repeat(1365)}"`),
    'no signature': assertion(good, { signature: '' }),
    padding: assertion(good, { signature: 'aa==' }),
    'a registration': JSON.stringify({ id: 'aa', rawId: 'aa', type: 'public-key', response: {} }),
  }
  for (const [name, text] of Object.entries(bad)) t.equal(parseAssertion(text), undefined, name)
  t.equal(parseRegistration(assertion(good)), undefined, 'nor is an assertion a registration')
})

const party = { id: 'id.test', origin: 'https://id.test', name: 'Signet' }
const passkey = { credentialId: 'aa', transports: ['internal'] }

void t.test('options ask for what the checks demand', async (t) => {
  t.match(signInOptions(party, 'c'), { userVerification: 'required', rpId: 'id.test' })
  t.notOk('allowCredentials' in signInOptions(party, 'c'), 'whoever comes')
  const second = secondFactorOptions(party, 'c', [passkey])
  t.same(second.allowCredentials, [{ type: 'public-key', id: 'aa', transports: ['internal'] }])
  const owner = { id: '0199d3f0-0000-7000-8000-000000000001', email: 'a@b.test', name: undefined }
  const made = creationOptions(party, owner, 'c', [{ credentialId: 'bb', transports: [] }])
  t.same(made.excludeCredentials, [{ type: 'public-key', id: 'bb' }])
  t.equal(Buffer.from(made.user.id, 'base64url').length, 16, 'an opaque handle')
  t.equal(made.user.id, userHandle(owner.id))
  t.equal(made.attestation, 'none')
})

void t.test('names', async (t) => {
  t.equal(parsePasskeyName('  My\n\tphone\u0007 '), 'My phone')
  t.equal(parsePasskeyName('😀'.repeat(60)), '😀'.repeat(60))
  for (const bad of ['', ' \n', '😀'.repeat(61), '\ud800', 'x'.repeat(10_000)])
    t.equal(parsePasskeyName(bad), undefined)
  t.equal(makerOf('bada5566-a7aa-401f-bd96-45619a55120d'), '1Password')
  t.equal(makerOf('00000000-0000-0000-0000-000000000000'), undefined)
})
