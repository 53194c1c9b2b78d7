// Who may come by Google, and what is taken of them: the claim hd, and name and picture at the first sign-in or at each.
import t, { type Test } from 'tap'
import { Browser, fieldOf } from '../helpers/browser.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { registering } from '../helpers/registering.ts'
import { type Claims, clientId, clientSecret, startUpstream, visit } from '../helpers/upstream.ts'
import { world } from '../helpers/world.ts'

const upstream = await startUpstream(t)

async function house(settings: Record<string, unknown>, hostedDomain?: string) {
  const identity = await startIdentity(t, {
    config: {
      ...world({ sign_up: 'open', ...settings }),
      providers: [
        upstream.entry('acme', { trust_email: true }),
        upstream.entry('hosted', { trust_email: true, hosted_domain: 'acme.test' }),
      ],
    },
    env: {
      GOOGLE_CLIENT_ID: clientId,
      GOOGLE_CLIENT_SECRET: clientSecret,
      GOOGLE_ISSUER: upstream.issuerOf('google'),
      ...(hostedDomain !== undefined && { GOOGLE_HOSTED_DOMAIN: hostedDomain }),
    },
  })
  const { issuer } = identity
  const by = async (provider: string, claims: Claims, browser = new Browser(issuer)) => {
    upstream.person(provider, { email_verified: true, ...claims })
    return { browser, page: await visit(browser, `${issuer}/auth/${provider}`) }
  }
  const { isSignedIn, mailsTo } = registering(identity)
  return { issuer, by, isSignedIn, mailsTo }
}

const hosted = await house({}, 'Acme.test')

const foreign: Readonly<Record<string, unknown>> = {
  'no claim': undefined,
  'another domain': 'evil.test',
  'a domain below it': 'x.acme.test',
  'one that ends like it': 'notacme.test',
  'a list that holds it': ['acme.test'],
  'an object': { acme: 'acme.test' },
  nothing: '',
  true: true,
  'a wildcard': '*',
  'a line more': 'acme.test\n',
}
for (const provider of ['google', 'hosted'])
  for (const [name, hd] of Object.entries(foreign))
    void t.test(`${provider}: ${name} lets nobody in`, async (t) => {
      const email = `mallory-${provider}@acme.test`
      const { browser, page } = await hosted.by(provider, { sub: 'mallory', email, hd })
      t.equal(page.status, 403)
      t.match(textOf(page.body), /organi[sz]ation/)
      t.notOk(await hosted.isSignedIn(browser))
      t.same(await hosted.mailsTo(email), [])
    })

for (const provider of ['google', 'hosted'])
  void t.test(
    `${provider}: the claim lets in, the parameter only says what is wanted`,
    async (t) => {
      const claims = { sub: 'grace', email: `grace-${provider}@acme.test`, hd: 'ACME.test' }
      const { browser } = await hosted.by(provider, claims)
      t.ok(await hosted.isSignedIn(browser))
      const wanted = provider === 'google' ? 'Acme.test' : 'acme.test'
      t.equal(upstream.authorizations.at(-1)?.get('hd'), wanted)
      // Who has left the organisation is known by subject, and not let in for that.
      const left = await hosted.by(provider, { ...claims, hd: undefined })
      t.equal(left.page.status, 403)
      t.notOk(await hosted.isSignedIn(left.browser))
    },
  )

void t.test('without a domain nothing is asked and nothing demanded', async (t) => {
  const { browser } = await hosted.by('acme', { sub: 'a', email: 'a@other.test', hd: 'evil.test' })
  t.ok(await hosted.isSignedIn(browser))
  t.equal(upstream.authorizations.at(-1)?.has('hd'), false)
})

const grace = {
  sub: 'profile',
  email: 'grace@gmail.com',
  name: 'Grace Hopper',
  given_name: 'Grace',
  family_name: 'Hopper',
  picture: 'https://pictures.example.test/1.png',
}

/** Signs in, edits the name here, and comes back with another name and picture at the provider. */
async function comesBack(t: Test, settings: Record<string, unknown>, later: Claims) {
  const { issuer, by } = await house(settings)
  const { browser } = await by('google', grace)
  const room = await browser.open(`${issuer}/account/profile`)
  t.equal(fieldOf(room, 'name'), 'Grace Hopper')
  const saved = await browser.submit(room, { name: 'Amazing Grace', nickname: 'Gracie' })
  t.equal(fieldOf(saved, 'name'), 'Amazing Grace', 'edited by hand')
  await by('google', later, browser)
  const page = await browser.open(`${issuer}/account/profile`)
  return (field: string) => fieldOf(page, field)
}

const married = {
  ...grace,
  name: 'Grace Murray',
  family_name: 'Murray',
  picture: 'https://x.test/2',
}

void t.test('first_sign_in: what the person has edited stays', async (t) => {
  for (const settings of [{}, { provider_profile: 'first_sign_in' }]) {
    const field = await comesBack(t, settings, married)
    t.equal(field('name'), 'Amazing Grace')
    t.equal(field('nickname'), 'Gracie')
  }
})

void t.test(
  'each_sign_in: the provider’s name comes back, what it does not tell stays',
  async (t) => {
    const settings = { provider_profile: 'each_sign_in' }
    const field = await comesBack(t, settings, married)
    t.equal(field('name'), 'Grace Murray')
    t.equal(field('nickname'), 'Gracie')
    const { sub, email } = grace
    const silent = await comesBack(t, settings, { sub, email })
    t.equal(silent('name'), 'Amazing Grace', 'nothing told, nothing taken')
    const odd = { sub, email, name: { a: 1 }, picture: 'javascript:alert(1)', nickname: 'Mallory' }
    const nonsense = await comesBack(t, settings, odd)
    t.equal(nonsense('name'), 'Amazing Grace', 'nonsense neither')
    t.equal(nonsense('nickname'), 'Gracie', 'nor more than is taken')
  },
)

void t.test('the address and its proof are never renewed', async (t) => {
  const { issuer, by } = await house({ provider_profile: 'each_sign_in' })
  const { browser } = await by('google', grace)
  await by('google', { ...grace, email: 'moved@gmail.com', email_verified: false }, browser)
  const { body } = await browser.open(`${issuer}/account`)
  t.match(body.replaceAll('<wbr/>', ''), grace.email)
})
