import t from 'tap'
import { sha256 } from '../../platform/crypto/hash.ts'
import { ClientMetadata } from '../clients/client.ts'
import { Settings } from '../settings/settings.ts'
import type { User } from '../users/store.ts'
import { describeFault, parseConfigurationFile } from './file.ts'
import { type Present, planConfiguration } from './plan.ts'

const faultsOf = (text: string) => {
  const parsed = parseConfigurationFile(text)
  return parsed.kind === 'faulty' ? parsed.faults.map(describeFault) : []
}
const read = (text: string) => {
  const parsed = parseConfigurationFile(text)
  if (parsed.kind === 'faulty') throw new Error(parsed.faults.map(describeFault).join('\n'))
  return parsed
}

const secret = 'judge-secret-judge-secret'
const good = `
settings:
  access_token_ttl_seconds: 300
resources:
  - identifier: https://notes.test
    name: Notes
    scopes: { "notes:read": Read your notes }
roles:
  - { name: admin, description: Operators }
clients:
  - client_id: judge
    client_secret: ${secret}
    redirect_uris: [https://judge.test/cb]
    scope: openid notes:read
users:
  - email: Ada@Example.test
    password: correct horse battery staple
    roles: [admin]
    claims: { given_name: Ada, birthdate: "1815-12-10" }
`

void t.test(
  'a good file is read, with its defaults, and its settings as it says them',
  async (t) => {
    const { file, settings } = read(good)
    t.same(settings, { access_token_ttl_seconds: 300 }, 'no default is written down')
    t.match(file.clients[0], { consent: 'explicit', require_pkce: true, response_types: ['code'] })
    t.match(file.users[0], { email_verified: undefined, roles: ['admin'] })
    for (const nothing of ['', '# only a comment', '{}', '---'])
      t.same(read(nothing).file, {
        ...file,
        settings: {},
        resources: [],
        roles: [],
        clients: [],
        users: [],
      })
  },
)

void t.test('JSON is read as YAML is, with lines', async (t) => {
  t.same(read(JSON.stringify(read(good).file)).file, read(good).file)
  const text = JSON.stringify(
    { settings: {}, users: [{ email: 'ada' }, { email: 'x@y' }] },
    null,
    2,
  )
  t.same(faultsOf(text), [
    'line 5: users[0].email is not an e-mail address',
    'line 8: users[1].email is not an e-mail address',
  ])
  t.match(faultsOf('{"users": [}'), [/^line 1: /])
})

void t.test('each fault has its path and its line', async (t) => {
  const rows: [string, string, RegExp][] = [
    ['access_token_ttl_seconds: 300', 'access_token_ttl_seconds: 0', /^line 3: settings\.access_/],
    ['access_token_ttl_seconds: 300', 'access_token_ttl_seconds: 1.5', /^line 3: settings\.acc/],
    ['access_token_ttl_seconds: 300', 'access_token_ttl_seconds: "9"', /^line 3: settings\.acc/],
    [
      'access_token_ttl_seconds: 300',
      'access_token_ttl: 9',
      /^line 3: settings\.access_token_ttl is not/,
    ],
    ['access_token_ttl_seconds: 300', 'sign_up: maybe', /^line 3: settings\.sign_up /],
    [
      'access_token_ttl_seconds: 300',
      'audit_retention_seconds: 3600',
      /^line 3: settings\.audit_retention_seconds must be 0 or at least 604800/,
    ],
    ['settings:', 'setings:', /^line [23]: setings is not a known setting/],
    [
      'name: Notes',
      'title: Notes',
      /^line 6: resources\[0\]\.title is not|^line 5: resources\[0\]\.name/,
    ],
    [
      'https://notes.test',
      'https://notes.test/#x',
      /^line 5: resources\[0\]\.identifier .*fragment/,
    ],
    ['https://notes.test', 'notes', /^line 5: resources\[0\]\.identifier /],
    ['"notes:read"', '"notes read"', /^line 7: resources\[0\]\.scopes/],
    ['Read your notes', '""', /^line 7: resources\[0\]\.scopes\.notes:read /],
    ['client_id: judge', 'client_id: "jüdge"', /^line 11: clients\[0\]\.client_id .*printable/],
    ['client_id: judge', 'client_id: ""', /^line 11: clients\[0\]\.client_id /],
    ['client_id: judge', 'id: judge', /clients\[0\]\.id is not a known|clients\[0\]\.client_id/],
    [secret, 'short', /^line 12: clients\[0\]\.client_secret must have 16/],
    [`client_secret: ${secret}`, 'require_pkce: true', /clients\[0\]\.client_secret is missing/],
    [
      `client_secret: ${secret}`,
      'token_endpoint_auth_method: none\n    require_pkce: false',
      /^line 13: clients\[0\]\.require_pkce a public client/,
    ],
    [
      'https://judge.test/cb',
      'http://judge.test/cb',
      /^line 13: clients\[0\]\.redirect_uris\[0\] .*loop/,
    ],
    ['[https://judge.test/cb]', '[]', /^line 13: clients\[0\]\.redirect_uris .*at least one/],
    ['openid notes:read', 'openid "notes"', /^line 14: clients\[0\]\.scope .*characters/],
    ['Ada@Example.test', 'ada', /^line 16: users\[0\]\.email is not an e-mail/],
    ['correct horse battery staple', 'short', /^line 17: users\[0\]\.password must have 8/],
    ['correct horse battery staple', '12345678', /^line 17: users\[0\]\.password /],
    ['given_name', 'email', /^line 19: users\[0\]\.claims\.email is not a known setting/],
    ['given_name', 'sub', /^line 19: users\[0\]\.claims\.sub is not a known setting/],
    ['given_name: Ada', 'picture: "javascript:"', /users\[0\]\.claims\.picture/],
    ['"1815-12-10"', '10.12.1815', /^line 19: users\[0\]\.claims\.birthdate /],
  ]
  for (const [from, to, fault] of rows) {
    const faults = faultsOf(good.replace(from, to))
    t.ok(
      faults.some((line) => fault.test(line)),
      `${to}: ${faults.join(' | ')}`,
    )
    t.notMatch(faults.join(), /judge-secret|correct horse/)
  }
})

void t.test('what is no configuration at all is a fault, never an exception', async (t) => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${Array.from(
    { length: 8 },
    (_, i) =>
      `b${i}: &b${i} [${Array.from({ length: 10 }, () => `*${i === 0 ? 'a' : `b${i - 1}`}`).join()}]`,
  ).join('\n')}`
  for (const text of [
    'just text',
    '7',
    '[]',
    '- a\n- b',
    'settings: 7',
    'settings:',
    'clients: {}',
    'clients:',
    'clients: [null]',
    'clients: [judge]',
    'users: [[]]',
    'a: b: c',
    '\tsettings: {}',
    'users: [',
    '"',
    'users: *nowhere',
    '---\nusers: []\n---\nusers: []',
    'users: []\nusers: []',
    'settings: { mfa: optional, mfa: optional }',
    '__proto__: { x: 1 }',
    'providers: [{ id: acme }]',
    'settings: { mfa: sometimes }',
    'settings: { mfa_grace_until: tomorrow }',
    'settings: { trusted_device_ttl_seconds: -1 }',
    'clients: [{ client_id: a, client_secret: aaaaaaaaaaaaaaaaaa, redirect_uris: [https://a.test/cb], default_acr_values: [aal9] }]',
    '\0',
    bomb,
  ])
    t.ok(faultsOf(text).length > 0, JSON.stringify(text.slice(0, 60)))
})

void t.test('all faults at once: misspelt, missing, doubled, contradicting', async (t) => {
  const faults = faultsOf(`
settings: { access_token_ttl: 9 }
resources:
  - { identifier: https://a.test, name: A }
  - { identifier: https://a.test, name: B }
roles: [{ name: admin }, { name: admin }]
clients:
  - { client_id: a, redirect_uris: [https://a.test/cb] }
  - { client_id: a, token_endpoint_auth_method: none, redirect_uris: [http://a.test/cb] }
users:
  - { email: ada@example.test, roles: [admin] }
  - { email: ADA@example.test, age: 7 }
`)
  for (const fault of [
    /^line 2: settings\.access_token_ttl is not a known setting/,
    /^line 5: resources\[1\] https:\/\/a\.test is there twice/,
    /^line 6: roles\[1\] admin is there twice/,
    /^line 8: clients\[0\]\.client_secret is missing/,
    /^line 9: clients\[1\] a is there twice/,
    /^line 9: clients\[1\]\.redirect_uris\[0\] may use http/,
    /^line 12: users\[1\]\.age is not a known setting/,
    /^line 12: users\[1\] ada@example\.test is there twice/,
  ])
    t.ok(
      faults.some((line) => fault.test(line)),
      `${String(fault)}: ${faults.join(' | ')}`,
    )
})

void t.test('settings have the limits of their documentation', async (t) => {
  t.match(Settings.parse({}), {
    access_token_ttl_seconds: 600,
    id_token_ttl_seconds: 3600,
    code_ttl_seconds: 60,
    refresh_idle_seconds: 1_209_600,
    refresh_max_seconds: 2_592_000,
    refresh_grace_seconds: 10,
    session_idle_seconds: 1_209_600,
    session_max_seconds: 2_592_000,
    mfa: 'optional',
  })
  for (const wrong of [
    { code_ttl_seconds: 601 },
    { code_ttl_seconds: -1 },
    { refresh_grace_seconds: 61 },
    { refresh_grace_seconds: -1 },
    { access_token_ttl_seconds: null },
    { rate_limit_per_minute: 0 },
    { sign_in_failures_per_hour: 101 },
    { unheard_of: 1 },
  ])
    t.notOk(Settings.safeParse(wrong).success, JSON.stringify(wrong))
})

const empty: Present = { settings: {}, resources: [], roles: [], clients: [], users: [] }
const planOf = (text: string, present: Present) => {
  const { file, settings } = read(text)
  return planConfiguration(file, settings, present)
}

/** The database after the good file was applied. */
const { file: applied } = read(good)
const user: User = {
  id: 'u1',
  email: 'ada@example.test',
  emailVerified: false,
  claims: applied.users[0]?.claims ?? {},
  roles: ['admin'],
  disabledAt: null,
  leavesAt: null,
  createdAt: new Date(0),
  updatedAt: new Date(0),
}
const { client_id: _id, client_secret: _secret, ...metadata } = applied.clients[0] ?? {}
const present: Present = {
  settings: { access_token_ttl_seconds: 300 },
  resources: applied.resources,
  roles: applied.roles,
  clients: [
    { id: 'judge', secretHash: sha256(secret), metadata: ClientMetadata.parse(metadata) },
    { id: 'by-hand', secretHash: undefined, metadata: ClientMetadata.parse({}) },
  ],
  users: [user],
}

void t.test('a first plan makes everything, in an order that can be carried out', async (t) => {
  const changes = planOf(good, empty)
  t.same(
    changes.map(({ noun, action, id }) => `${action} ${noun} ${id}`),
    [
      'update settings settings',
      'create resource https://notes.test',
      'create role admin',
      'create client judge',
      'create user ada@example.test',
    ],
  )
  const shown = JSON.stringify(changes.map(({ members }) => members))
  t.notMatch(shown, /judge-secret|correct horse/, 'no secret shows')
  t.notOk(shown.includes(sha256(secret)), 'nor its hash')
})

void t.test('a second plan of the same file changes nothing', async (t) => {
  t.same(planOf(good, present), [])
  t.same(planOf('', present), [], 'what a file does not name is left alone')
  t.same(planOf('settings: {}', present), [])
  // As the database returns it: members in another order.
  const shuffled = present.clients.map((client) => ({
    ...client,
    metadata: ClientMetadata.parse(
      Object.fromEntries(Object.entries(client.metadata).toReversed()),
    ),
  }))
  t.same(planOf(good, { ...present, clients: shuffled }), [])
})

void t.test('a plan names what differs, from and to', async (t) => {
  const rows: [string, string, object][] = [
    [
      'ttl_seconds: 300',
      'ttl_seconds: 301',
      { noun: 'settings', members: [{ member: 'access_token_ttl_seconds', from: 300, to: 301 }] },
    ],
    [
      'name: Notes',
      'name: Memos',
      {
        noun: 'resource',
        action: 'update',
        members: [{ member: 'name', from: 'Notes', to: 'Memos' }],
      },
    ],
    ['Read your notes', 'Read all', { noun: 'resource', members: [{ member: 'scopes' }] }],
    [
      'Operators',
      'Bosses',
      { noun: 'role', id: 'admin', members: [{ from: 'Operators', to: 'Bosses' }] },
    ],
    [
      'openid notes:read',
      'openid',
      {
        noun: 'client',
        action: 'update',
        members: [{ member: 'scope', from: 'openid notes:read' }],
      },
    ],
    [
      secret,
      'another-secret-of-judge',
      {
        noun: 'client',
        members: [{ member: 'client_secret', from: '(kept secret)', to: '(kept secret)' }],
      },
    ],
    ['given_name: Ada', 'given_name: A', { noun: 'user', action: 'update', user: { id: 'u1' } }],
    [
      'roles: [admin]',
      'roles: []',
      { noun: 'user', members: [{ member: 'roles', from: ['admin'], to: [] }] },
    ],
    ['client_id: judge', 'client_id: Judge', { noun: 'client', action: 'create', id: 'Judge' }],
    ['name: admin', 'name: Admin', { noun: 'role', action: 'create', id: 'Admin' }],
  ]
  for (const [from, to, change] of rows) {
    // A role that is renamed is still had by its user: only the plan of the role is looked at.
    const changes = planOf(good.replace(from, to), present)
    t.equal(changes.length, 1, to)
    t.match(changes[0], change, to)
  }
  const gone = planOf(good.replace('    scope: openid notes:read\n', ''), present)
  t.match(gone, [{ members: [{ member: 'scope', to: 'openid' }] }], 'a removed line is its default')
})

void t.test('a password is set once: a later file does not take it back', async (t) => {
  const other = good.replace('correct horse battery staple', 'an entirely new password')
  t.same(planOf(other, present), [])
  t.match(planOf(other, { ...present, users: [] }), [
    { user: { password: 'an entirely new password' } },
  ])
  const changed = planOf(good.replace('given_name: Ada', 'given_name: A'), present)
  t.match(changed, [{ user: { password: undefined } }])
})

void t.test('the APIs of the service itself are not for the file to define', async (t) => {
  const issuer = 'https://id.test'
  const file = (identifier: string, scope: string) =>
    `resources:\n  - identifier: ${identifier}\n    name: Mine\n    scopes: { "${scope}": Do it }\n`
  const faults = (text: string) => {
    const parsed = parseConfigurationFile(text, issuer)
    return parsed.kind === 'faulty' ? parsed.faults.map(describeFault) : []
  }
  t.same(faults(file(`${issuer}/account/api`, 'mine')), [
    'line 2: resources[0].identifier is an API of this service itself, which is built in',
  ])
  for (const scope of ['account', 'account:read'])
    t.match(
      faults(file('https://mine.test', scope))[0],
      /is a scope of an API of this service itself/,
    )
  for (const identifier of ['https://other.test/account/api', `${issuer}/account/api/v1`])
    t.same(faults(file(identifier, 'accounts')), [])
  t.same(
    faults(
      'clients: [{ client_id: x, client_secret: 0123456789abcdef, redirect_uris: [https://x.test/cb], scope: openid account }]',
    ),
    [],
  )
})

void t.test('passkeys are for the host of the issuer, or a domain above it', async (t) => {
  const parsed = (id: string, issuer = 'https://id.example.test') =>
    parseConfigurationFile(`settings: { passkey_rp_id: ${id} }`, issuer).kind
  for (const id of ['id.example.test', 'example.test']) t.equal(parsed(id), 'valid', id)
  for (const id of ['evil.test', 'ample.test', 'a.id.example.test', 'Example.test', '.test', '""'])
    t.equal(parsed(id), 'faulty', id)
})
