// Providers that do not name themselves as they are configured: Google in two spellings, Microsoft by tenant, others with
// a slash at the end. OIDC Core 1.0 §3.1.3.7 (2).
import t, { type Test } from 'tap'
import { Browser } from '../helpers/browser.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { pathOf, registering } from '../helpers/registering.ts'
import {
  type Behaviour,
  type Claims,
  clientId,
  clientSecret,
  signed,
  startUpstream,
  visit,
} from '../helpers/upstream.ts'
import { world } from '../helpers/world.ts'

const upstream = await startUpstream(t)
const { origin } = upstream
const tid = '3aa4a235-b6e2-48d5-9195-7fcf05b459b0'
const other = '11111111-2222-3333-4444-555555555555'
const personal = '9188040d-6c67-4c5b-b112-36a304b66dad'
const template = `${origin}/{tenantid}/v2.0`

const microsoft = (of: string, announced = template) => ({
  discovery: (metadata: Claims) => ({ ...metadata, issuer: announced }),
  claims: (claims: Claims) => ({ ...claims, iss: `${origin}/${String(claims['tid'])}/v2.0` }),
  name: `${of}/v2.0`,
})
for (const { name, ...behaviour } of [
  microsoft('common'),
  microsoft('organizations'),
  microsoft('consumers', `${origin}/${personal}/v2.0`),
])
  upstream.behave(name, behaviour)
const many = (id: string, more: object = {}) =>
  upstream.entry(id, { issuer: `${origin}/${id}/v2.0`, ...more })

// Auth0 and others: the slash at the end is part of the issuer.
upstream.behave('slash', {
  discovery: (metadata) => ({ ...metadata, issuer: `${String(metadata['issuer'])}/` }),
  claims: (claims) => ({ ...claims, iss: `${String(claims['iss'])}/` }),
  callback: (parameters) => parameters.set('iss', `${parameters.get('iss') ?? ''}/`),
})

const identity = await startIdentity(t, {
  config: {
    ...world(),
    providers: [
      upstream.entry('acme', { trust_email: true }),
      upstream.entry('slash', { trust_email: true, issuer: `${upstream.issuerOf('slash')}/` }),
      many('common'),
      many('organizations'),
      many('consumers'),
    ],
  },
  env: {
    GOOGLE_CLIENT_ID: clientId,
    GOOGLE_CLIENT_SECRET: clientSecret,
    GOOGLE_ISSUER: upstream.issuerOf('google'),
  },
})
const { issuer } = identity
const { isSignedIn, mailTo } = registering(identity)

async function refused(t: Test, id: string, behaviour: Behaviour, before: Behaviour = {}) {
  upstream.behave(id, behaviour)
  const browser = new Browser(issuer)
  const page = await visit(browser, `${issuer}/auth/${id.split('/', 1)[0] ?? ''}`)
  upstream.behave(id, before)
  t.equal(page.status, 502)
  t.match(textOf(page.body), /did not work/)
  t.equal(await isSignedIn(browser), false)
}

async function enter(id: string): Promise<Browser> {
  const browser = new Browser(issuer)
  await visit(browser, `${issuer}/auth/${id}`)
  return browser
}

async function accountOf(browser: Browser): Promise<string> {
  const { body } = await browser.open(`${issuer}/account`)
  return body.replaceAll('<wbr/>', '')
}

const bare = (claims: Claims) => ({
  ...claims,
  iss: String(claims['iss']).replace(/^http:\/\//, ''),
})

void t.test('Google, by either of its names: one person, one account', async (t) => {
  upstream.person('google', { sub: 'g1', email: 'grace@gmail.com', email_verified: true })
  upstream.behave('google', { claims: bare })
  t.match(await accountOf(await enter('google')), 'grace@gmail.com')
  upstream.behave('google', {})
  // The address has moved on: only the identity leads to the account.
  upstream.person('google', { sub: 'g1', email: 'hopper@gmail.com', email_verified: true })
  t.match(await accountOf(await enter('google')), 'grace@gmail.com')
  upstream.behave('google', { claims: bare })
  t.match(await accountOf(await enter('google')), 'grace@gmail.com')
  upstream.behave('google', {})
})

for (const iss of ['accounts.google.com', 'https://accounts.google.com', '127.0.0.1', ''])
  void t.test(`nobody else’s name: ${iss}`, async (t) => {
    await refused(t, 'google', { claims: (claims) => ({ ...claims, iss }) })
  })

for (const [name, change] of Object.entries({
  'another path': (iss: string) => `${iss}x`,
  'a slash more': (iss: string) => `${iss}/`,
  'a slash more and no scheme': (iss: string) => `${iss.replace('http://', '')}/`,
  'another scheme': (iss: string) => iss.replace('http:', 'https:'),
}))
  void t.test(`nor, of Google’s own, ${name}`, async (t) => {
    const claims = (said: Claims) => ({ ...said, iss: change(String(said['iss'])) })
    await refused(t, 'google', { claims })
  })

void t.test('any other provider has one name', async (t) => {
  upstream.person('acme', { sub: 'a1', email: 'acme@acme.test', email_verified: true })
  await refused(t, 'acme', { claims: bare })
  t.equal(await isSignedIn(await enter('acme')), true, 'the control')
})

void t.test('a slash at the end belongs to the name', async (t) => {
  upstream.person('slash', { sub: 's1', email: 'slash@acme.test', email_verified: true })
  t.equal(await isSignedIn(await enter('slash')), true)
})

void t.test(
  'Microsoft: each tenant is an issuer, and the same subject another person',
  async (t) => {
    const as = (of: string, email: string) =>
      upstream.person('common/v2.0', { sub: 'same', tid: of, email, xms_edov: true })
    as(tid, 'first@contoso.test')
    t.match(await accountOf(await enter('common')), 'first@contoso.test')
    as(other, 'second@fabrikam.test')
    t.match(await accountOf(await enter('common')), 'second@fabrikam.test')
    as(tid, 'moved@contoso.test')
    t.match(await accountOf(await enter('common')), 'first@contoso.test')
    as(personal, 'own@outlook.test')
    t.equal(await isSignedIn(await enter('common')), true, 'personal accounts are a tenant as well')
  },
)

const ofTenant = microsoft('common')
const odd: Readonly<Record<string, (claims: Claims) => Claims>> = {
  'no tenant': ({ tid: _tid, ...claims }) => claims,
  'the issuer of another tenant': (claims) => ({ ...claims, iss: `${origin}/${other}/v2.0` }),
  'the configured issuer': (claims) => ({ ...claims, iss: `${origin}/common/v2.0` }),
  'the template itself': (claims) => ({ ...claims, iss: template, tid: '{tenantid}' }),
  'a tenant that is a path': (claims) => ({
    ...claims,
    tid: `${tid}/v2.0/../x`,
    iss: `${origin}/${tid}/v2.0/../x/v2.0`,
  }),
  'a tenant in capitals': (claims) => ({
    ...claims,
    tid: tid.toUpperCase(),
    iss: `${origin}/${tid.toUpperCase()}/v2.0`,
  }),
  'another host': (claims) => ({ ...claims, iss: `https://evil.test/${tid}/v2.0` }),
}
for (const [name, change] of Object.entries(odd))
  void t.test(`Microsoft, refused: ${name}`, async (t) => {
    upstream.person('common/v2.0', { sub: 'odd', tid, email: 'odd@contoso.test', xms_edov: true })
    const claims = (said: Claims) => change(ofTenant.claims(said))
    await refused(t, 'common/v2.0', { ...ofTenant, claims }, ofTenant)
  })

void t.test('Microsoft, refused: a key that is for other tenants', async (t) => {
  upstream.person('common/v2.0', { sub: 'key', tid, email: 'key@contoso.test', xms_edov: true })
  const asked = await fetch(`${origin}/common/v2.0/keys`)
  const { keys } = (await asked.json()) as { keys: object[] }
  const ofKey = (of: string): Behaviour => ({
    ...ofTenant,
    // Another key id each time: keys are kept.
    sign: async (claims, { current }) => signed(claims, current, of),
    answer(path, response) {
      if (path !== '/keys') return false
      const named = keys.map((key) => ({ ...key, kid: of, issuer: `${origin}/${of}/v2.0` }))
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ keys: named }))
      return true
    },
  })
  await refused(t, 'common/v2.0', ofKey(personal), ofTenant)
  for (const of of [tid, '{tenantid}']) {
    upstream.behave('common/v2.0', ofKey(of))
    t.equal(await isSignedIn(await enter('common')), true, of)
  }
  upstream.behave('common/v2.0', ofTenant)
})

void t.test('Microsoft: who may come by which of its issuers', async (t) => {
  const as = (of: string, tenant: string) =>
    upstream.person(`${of}/v2.0`, { sub: of, tid: tenant, email: `${of}@x.test`, xms_edov: '1' })
  as('organizations', personal)
  await refused(t, 'organizations/v2.0', microsoft('organizations'), microsoft('organizations'))
  as('organizations', tid)
  t.equal(await isSignedIn(await enter('organizations')), true)
  const consumers = microsoft('consumers', `${origin}/${personal}/v2.0`)
  as('consumers', tid)
  await refused(t, 'consumers/v2.0', consumers, consumers)
  as('consumers', personal)
  t.equal(await isSignedIn(await enter('consumers')), true)
})

void t.test(
  'Microsoft: an address is proved by us, unless its domain’s owner is known',
  async (t) => {
    const email = 'ceo@victim.test'
    for (const said of [undefined, false, 'false', '0', 0]) {
      const person = { sub: 'mallory', tid: other, email, email_verified: true, xms_edov: said }
      upstream.person('common/v2.0', person)
      const browser = new Browser(issuer)
      t.equal(pathOf(await visit(browser, `${issuer}/auth/common`)), '/sign-in/code', String(said))
      t.equal(await isSignedIn(browser), false)
    }
    t.match((await mailTo(email)).code, /^\d{6}$/, 'the code goes to the mailbox')
    upstream.person('common/v2.0', { sub: 'ceo', tid, email, xms_edov: '1' })
    t.match(await accountOf(await enter('common')), email)
  },
)

for (const announced of [
  `${origin}/common/v2.0/`,
  'https://evil.test/{tenantid}/v2.0',
  `${origin}/{tenantid}/v1.0`,
  `${origin}/${tid}/v2.0`,
])
  void t.test(`Microsoft, not begun: a document of ${announced.replace(origin, '')}`, async (t) => {
    const fresh = await startIdentity(t, { config: { ...world(), providers: [many('common')] } })
    upstream.behave('common/v2.0', microsoft('common', announced))
    const page = await new Browser(fresh.issuer).open(`${fresh.issuer}/auth/common`)
    upstream.behave('common/v2.0', ofTenant)
    t.equal(page.status, 503)
  })
