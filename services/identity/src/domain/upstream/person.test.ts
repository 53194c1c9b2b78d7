import t from 'tap'
import { personOf } from './person.ts'
import { ProviderEntry, providerOf } from './provider-entry.ts'
import { type Provider, googleProvider, issuerFault } from './provider.ts'

const google = googleProvider({
  clientId: 'id',
  clientSecret: 'secret',
  issuer: 'https://accounts.google.com',
  hostedDomain: undefined,
  link: 'proof',
  countsAsSecondFactor: false,
})
const acme = providerOf(
  ProviderEntry.parse({
    id: 'acme',
    name: 'Acme',
    issuer: 'https://login.acme.test/',
    client_id: 'id',
    client_secret: 'secret',
  }),
)
const trusted: Provider = { ...acme, trustEmail: true }
const github: Provider = { ...acme, kind: 'github', trustEmail: true }

function read(provider: Provider, claims: Record<string, unknown>) {
  const outcome = personOf(provider, provider.issuer, 's', claims)
  if (outcome.kind === 'other_domain') return outcome.kind
  const { email, authoritative } = outcome.person
  return [email, authoritative]
}

const tenants = (more: object) =>
  providerOf(
    ProviderEntry.parse({
      id: 'work',
      name: 'Work',
      issuer: 'https://login.microsoftonline.com/common/v2.0',
      client_id: 'id',
      client_secret: 'secret',
      ...more,
    }),
  )
const microsoft = tenants({})
const oneTenant = {
  issuer: 'https://login.microsoftonline.com/3aa4a235-b6e2-48d5-9195-7fcf05b459b0/v2.0',
}

const cases: readonly (readonly [string, Provider, Record<string, unknown>, unknown])[] = [
  ['Gmail', google, { email: 'A@gmail.com', email_verified: true }, ['a@gmail.com', true]],
  [
    'Gmail, unverified',
    google,
    { email: 'a@gmail.com', email_verified: false },
    ['a@gmail.com', false],
  ],
  ['Gmail, not said', google, { email: 'a@gmail.com' }, ['a@gmail.com', false]],
  [
    'hosted',
    google,
    { email: 'a@acme.test', email_verified: true, hd: 'acme.test' },
    ['a@acme.test', true],
  ],
  ['third party', google, { email: 'a@acme.test', email_verified: true }, ['a@acme.test', false]],
  ['no hd', google, { email: 'a@acme.test', email_verified: true, hd: '' }, ['a@acme.test', false]],
  [
    'like Gmail',
    google,
    { email: 'a@evilgmail.com', email_verified: true },
    ['a@evilgmail.com', false],
  ],
  [
    'below Gmail',
    google,
    { email: 'a@x.gmail.com', email_verified: true },
    ['a@x.gmail.com', false],
  ],
  ['no address', google, { email_verified: true }, [undefined, false]],
  ['no text', google, { email: ['a@gmail.com'], email_verified: true }, [undefined, false]],
  [
    'two addresses',
    google,
    { email: 'a@gmail.com,b@gmail.com', email_verified: true },
    [undefined, false],
  ],
  [
    'a line break',
    google,
    { email: 'a@gmail.com\r\nBcc: b@c.test', email_verified: true },
    [undefined, false],
  ],
  ['full width', google, { email: 'ａ@gmail.com', email_verified: true }, ['a@gmail.com', false]],
  ['Cyrillic а', google, { email: 'а@gmail.com', email_verified: true }, ['а@gmail.com', false]],
  [
    'others are not trusted unasked',
    acme,
    { email: 'a@acme.test', email_verified: true },
    ['a@acme.test', false],
  ],
  [
    'others, trusted',
    trusted,
    { email: 'a@acme.test', email_verified: true },
    ['a@acme.test', true],
  ],
  [
    'booleans as text',
    trusted,
    { email: 'a@acme.test', email_verified: 'true' },
    ['a@acme.test', true],
  ],
  [
    'false as text',
    trusted,
    { email: 'a@acme.test', email_verified: 'false' },
    ['a@acme.test', false],
  ],
  ['a number', trusted, { email: 'a@acme.test', email_verified: 1 }, ['a@acme.test', false]],
  ['GitHub', github, { email: 'a@acme.test', email_verified: true }, ['a@acme.test', true]],
  [
    'Microsoft, verified by whoever typed it',
    microsoft,
    { email: 'a@acme.test', email_verified: true },
    ['a@acme.test', false],
  ],
  [
    'Microsoft, the domain’s owner known',
    microsoft,
    { email: 'a@acme.test', xms_edov: '1' },
    ['a@acme.test', true],
  ],
  [
    'Microsoft, known, and the operator says no',
    tenants({ trust_email: false }),
    { email: 'a@acme.test', xms_edov: true },
    ['a@acme.test', false],
  ],
  [
    'one tenant, trusted, and nobody knows the owner',
    tenants({ ...oneTenant, trust_email: true }),
    { email: 'a@acme.test', email_verified: true },
    ['a@acme.test', false],
  ],
  [
    'elsewhere the claim of Microsoft means nothing',
    trusted,
    { email: 'a@acme.test', xms_edov: true },
    ['a@acme.test', false],
  ],
  [
    'hd demanded',
    { ...google, hostedDomain: 'acme.test' },
    { email: 'a@acme.test', email_verified: true, hd: 'Acme.test' },
    ['a@acme.test', true],
  ],
  [
    'another hd',
    { ...google, hostedDomain: 'acme.test' },
    { email: 'a@acme.test', email_verified: true, hd: 'evil.test' },
    'other_domain',
  ],
  [
    'hd only in the address',
    { ...google, hostedDomain: 'acme.test' },
    { email: 'a@acme.test', email_verified: true },
    'other_domain',
  ],
  [
    'several hd',
    { ...google, hostedDomain: 'acme.test' },
    { email: 'a@acme.test', hd: ['acme.test'] },
    'other_domain',
  ],
]
for (const [name, provider, claims, expected] of cases)
  void t.test(name, async (t) => {
    t.same(read(provider, claims), expected)
  })

void t.test('of the profile only what can be shown', async (t) => {
  const profileOf = (claims: Record<string, unknown>) => {
    const outcome = personOf(google, 'i', 's', claims)
    return outcome.kind === 'person' ? outcome.person.profile : undefined
  }
  t.same(
    profileOf({
      name: 'Zoë\u0000 \u202eK. ',
      given_name: 'Zoë',
      family_name: '',
      picture: 'https://lh3.example.test/a.png',
      sub: 'x',
      roles: ['admin'],
    }),
    { name: 'Zoë K.', given_name: 'Zoë', picture: 'https://lh3.example.test/a.png' },
  )
  t.same(profileOf({ name: 7, picture: 'javascript:alert(1)' }), {})
  t.same(profileOf({ name: '\ud800', picture: 'http://a.test/a.png' }), {})
  t.equal(profileOf({ name: 'n'.repeat(300) })?.name?.length, 100)
})

void t.test('a name that is cut stays text', async (t) => {
  const outcome = personOf(acme, acme.issuer, 's', { name: `${'x'.repeat(99)}\u{1f600}!` })
  t.equal(outcome.kind === 'person' && outcome.person.profile.name, 'x'.repeat(99))
})

void t.test('what the configuration file may say', async (t) => {
  const entry = {
    id: 'acme',
    name: 'Acme',
    issuer: 'https://a.test',
    client_id: 'i',
    client_secret: 's',
  }
  const faults = (part: object) => {
    const parsed = ProviderEntry.safeParse({ ...entry, ...part })
    return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'))
  }
  t.same(faults({}), [])
  t.same(faults({ type: 'github', issuer: undefined }), [])
  t.same(faults({ issuer: 'http://localhost:9' }), [])
  t.same(faults({ issuer: 'http://a.test' }), ['issuer'])
  t.same(faults({ issuer: undefined }), ['issuer'])
  t.same(faults({ issuer: 'https://u:p@a.test' }), ['issuer'])
  t.same(faults({ id: 'google' }), ['id'])
  for (const id of ['', 'A', '-a', 'a-', 'a/b', '..', 'a'.repeat(33)])
    t.same(faults({ id }), ['id'])
  t.same(faults({ type: 'facebook', trust_email: true }), ['trust_email'])
  t.same(faults({ type: 'github', hosted_domain: 'a.test' }), ['hosted_domain'])
  t.same(faults({ link: 'always' }), ['link'])
  t.same(faults({ client_secret: undefined }), ['client_secret'])
  t.same(faults({ counts_as_second_factor: 'yes' }), ['counts_as_second_factor'])
  for (const of of ['common', 'organizations', 'consumers'])
    for (const host of [
      'https://login.microsoftonline.com',
      'https://login.microsoftonline.us',
      'https://login.partner.microsoftonline.cn',
      'http://localhost:9',
    ]) {
      const issuer = `${host}/${of}/v2.0`
      t.same(faults({ issuer, trust_email: true }), ['trust_email'], issuer)
      t.same(faults({ issuer }), [])
      t.same(faults({ issuer, trust_email: false }), [])
    }
  t.same(faults({ type: 'apple' }), ['apple', 'client_secret'])
  t.same(faults({ apple: {} }).length > 0, true)
  t.match(issuerFault('https://a.test/?x'), /query/)
})
