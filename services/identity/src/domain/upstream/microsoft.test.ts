import t from 'tap'
import {
  isAnnouncedBy,
  isDomainOwnersAddress,
  isMicrosoft,
  keysFor,
  tenantsOf,
} from './microsoft.ts'

const host = 'https://login.microsoftonline.com'
const tid = '3aa4a235-b6e2-48d5-9195-7fcf05b459b0'
const personal = '9188040d-6c67-4c5b-b112-36a304b66dad'

void t.test('what a document may name as the issuer of many tenants', async (t) => {
  const says = (of: string, announced: unknown) => {
    const tenants = tenantsOf(`${host}/${of}/v2.0`)
    return tenants !== undefined && isAnnouncedBy(tenants, announced)
  }
  const template = `${host}/{tenantid}/v2.0`
  for (const of of ['common', 'organizations', 'consumers']) t.equal(says(of, template), true, of)
  t.equal(says('consumers', `${host}/${personal}/v2.0`), true)
  for (const no of [
    `${host}/${personal}/v2.0`,
    `${host}/common/v2.0`,
    `${host}/${tid}/v2.0`,
    'https://login.evil.test/{tenantid}/v2.0',
    `${host}/{tenantid}/v2.0/`,
    [template],
    undefined,
  ])
    t.equal(says('common', no), false, String(no))
  t.equal(says('consumers', `${host}/${tid}/v2.0`), false)
  t.equal(says(tid, template), false, 'one tenant is not many')
})

void t.test('a key signs for the tenants that it is for', async (t) => {
  const issuer = `${host}/${tid}/v2.0`
  const kids = (...keys: unknown[]) =>
    keysFor(keys, issuer).map((key) => ('kid' in key ? key.kid : undefined))
  t.same(kids({ kid: 'any' }, { kid: 'all', issuer: `${host}/{tenantid}/v2.0` }), ['any', 'all'])
  t.same(kids({ kid: 'own', issuer }), ['own'])
  t.same(kids({ kid: 'personal', issuer: `${host}/${personal}/v2.0` }), [])
  t.same(kids({ kid: 'elsewhere', issuer: 'https://login.evil.test/{tenantid}/v2.0' }), [])
  t.same(kids({ kid: 'odd', issuer: 7 }, null, 'text', { kid: 'none', issuer: '' }), [])
  t.same(keysFor('no list', issuer), [])
})

void t.test('whose issuers they are', async (t) => {
  for (const yes of [
    `${host}/${tid}/v2.0`,
    `${host}/common/v2.0`,
    'https://login.microsoftonline.us/x/v2.0',
    'http://localhost:9/common/v2.0',
  ])
    t.equal(isMicrosoft(yes), true, yes)
  for (const no of [
    'https://a.test/common/v2.0',
    `${host}.evil.test/common/v2.0`,
    'http://localhost:9',
  ])
    t.equal(isMicrosoft(no), false, no)
})

void t.test('which addresses count', async (t) => {
  for (const yes of [true, 'true', 1, '1']) t.equal(isDomainOwnersAddress({ xms_edov: yes }), true)
  for (const no of [undefined, null, false, 'false', 0, '0', 'yes', 'True', [true], {}])
    t.equal(isDomainOwnersAddress({ xms_edov: no, email_verified: true }), false, String(no))
})
