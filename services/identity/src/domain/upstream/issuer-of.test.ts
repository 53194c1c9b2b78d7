import t from 'tap'
import { issuerOf } from './issuer-of.ts'
import type { ProviderKind } from './provider.ts'

const tid = '3aa4a235-b6e2-48d5-9195-7fcf05b459b0'
const personal = '9188040d-6c67-4c5b-b112-36a304b66dad'
const microsoft = 'https://login.microsoftonline.com'
const google = 'https://accounts.google.com'

type Case = readonly [kind: ProviderKind, issuer: string, claims: object, wanted: unknown]
const cases: Readonly<Record<string, Case>> = {
  'Google, with its scheme': ['google', google, { iss: google }, google],
  'Google, without': ['google', google, { iss: 'accounts.google.com' }, 'accounts.google.com'],
  'a stand-in for Google': [
    'google',
    'http://localhost:9000',
    { iss: 'localhost:9000' },
    'localhost:9000',
  ],
  'a stand-in below a path': [
    'google',
    'http://localhost:9000/google',
    { iss: 'localhost:9000/google' },
    'localhost:9000/google',
  ],
  'Google, by another scheme': ['google', google, { iss: 'http://accounts.google.com' }, google],
  'Google, another host': ['google', google, { iss: 'accounts.google.com.evil.test' }, google],
  'Google, a slash more': ['google', google, { iss: 'accounts.google.com/' }, google],
  'Google, the stand-in’s rest': ['google', google, { iss: 'localhost:9000' }, google],
  'Google, in capitals': ['google', google, { iss: 'ACCOUNTS.GOOGLE.COM' }, google],
  'Google, as a list': ['google', google, { iss: ['accounts.google.com'] }, google],
  'Google, nothing said': ['google', google, {}, google],
  'another provider has one spelling': [
    'oidc',
    'https://a.test',
    { iss: 'a.test' },
    'https://a.test',
  ],
  'Google as any provider has one': ['oidc', google, { iss: 'accounts.google.com' }, google],
  'one tenant is an issuer': [
    'oidc',
    `${microsoft}/${tid}/v2.0`,
    { tid: personal },
    `${microsoft}/${tid}/v2.0`,
  ],
  'common: the tenant’s': ['oidc', `${microsoft}/common/v2.0`, { tid }, `${microsoft}/${tid}/v2.0`],
  'common: a personal account': [
    'oidc',
    `${microsoft}/common/v2.0`,
    { tid: personal },
    `${microsoft}/${personal}/v2.0`,
  ],
  'organizations: no personal account': [
    'oidc',
    `${microsoft}/organizations/v2.0`,
    { tid: personal },
    undefined,
  ],
  'consumers: no organisation': ['oidc', `${microsoft}/consumers/v2.0`, { tid }, undefined],
  'consumers: a personal account': [
    'oidc',
    `${microsoft}/consumers/v2.0`,
    { tid: personal },
    `${microsoft}/${personal}/v2.0`,
  ],
  'the cloud of the US government': [
    'oidc',
    'https://login.microsoftonline.us/common/v2.0',
    { tid },
    `https://login.microsoftonline.us/${tid}/v2.0`,
  ],
  'the cloud of China': [
    'oidc',
    'https://login.partner.microsoftonline.cn/organizations/v2.0',
    { tid },
    `https://login.partner.microsoftonline.cn/${tid}/v2.0`,
  ],
  'a stand-in for Microsoft': [
    'oidc',
    'http://127.0.0.1:9/common/v2.0',
    { tid },
    `http://127.0.0.1:9/${tid}/v2.0`,
  ],
  'no other host has tenants': [
    'oidc',
    'https://login.evil.test/common/v2.0',
    { tid },
    'https://login.evil.test/common/v2.0',
  ],
  'nor Microsoft’s at another port': [
    'oidc',
    `${microsoft}:8443/common/v2.0`,
    { tid },
    `${microsoft}:8443/common/v2.0`,
  ],
  'nor another type': ['google', `${microsoft}/common/v2.0`, { tid }, `${microsoft}/common/v2.0`],
}
for (const no of [
  undefined,
  null,
  7,
  '',
  'common',
  '{tenantid}',
  'contoso.test',
  tid.toUpperCase(),
  `${tid}/v2.0/../..`,
  `${tid}\n`,
  [tid],
])
  void t.test(`a tenant that is none: ${JSON.stringify(no)}`, async (t) => {
    const issuer = `${microsoft}/common/v2.0`
    t.equal(issuerOf({ kind: 'oidc', issuer }, { tid: no, iss: issuer }), undefined)
  })

for (const [name, [kind, issuer, claims, wanted]] of Object.entries(cases))
  void t.test(name, async (t) => {
    t.equal(issuerOf({ kind, issuer }, { ...claims }), wanted)
  })
