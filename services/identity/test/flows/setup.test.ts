import t from 'tap'
import { Browser, fieldOf, mustReturn, stepOf } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { bent, decodeJwt } from '../helpers/jwt.ts'
import { Provider } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { judge, world } from '../helpers/world.ts'

// The one-time link of the first start. Nobody of the configuration is an operator here.
const everybody = world() as { users: Record<string, unknown>[] }
const config = {
  ...everybody,
  users: everybody.users.map(({ roles: _none, ...person }) => person),
}
const identity = await startIdentity(t, { config })
const link = new URL(identity.setupLink ?? `${identity.issuer}/setup?token=none-was-printed`)
const newBrowser = () => new Browser(identity.issuer)
const root = {
  name: 'Root',
  email: 'root@example.test',
  password: 'a long enough pass phrase 42',
}

async function signsIn(person = root): Promise<boolean> {
  const rp = new RelyingParty(new Provider(identity.issuer), judge)
  const browser = newBrowser()
  const landing = await browser.authorize((await rp.request()).url, { person })
  return landing.callback?.params.has('code') ?? false
}

void t.test('the link is at the issuer, and its token cannot be guessed', async (t) => {
  t.equal(link.origin, new URL(identity.issuer).origin)
  t.equal(link.pathname, '/setup')
  t.ok((link.searchParams.get('token') ?? '').length >= 22, '128 bits')
})

for (const [name, change] of [
  ['missing', () => undefined],
  ['empty', () => ''],
  ['made up', () => 'x'.repeat(43)],
  ['bent', bent],
  ['cut off', (token: string) => token.slice(0, -1)],
  ['in other case', (token: string) => token.toUpperCase()],
  ['with NUL', (token: string) => `${token}\0`],
  ['like SQL', () => "' OR '1'='1"],
] as const)
  void t.test(`a token ${name} opens nothing`, async (t) => {
    const url = new URL(link)
    const token = change(url.searchParams.get('token') ?? '')
    if (token === undefined) url.searchParams.delete('token')
    else url.searchParams.set('token', token)
    const browser = newBrowser()
    const answer = await browser.open(url.href)
    t.ok(answer.status >= 400 && answer.status < 500, `${answer.status}`)
    t.notMatch(answer.body, /type="password"/)
    const own = await browser.open(link.href)
    const posted = await browser.post(url.href, { ...root, csrf: fieldOf(own, 'csrf') })
    t.ok(posted.status >= 400 && posted.status < 500, `${posted.status}`)
    t.equal(await signsIn(), false)
  })

void t.test('looking at the page uses nothing up: mail scanners do that', async (t) => {
  for (let i = 0; i < 3; i += 1) t.equal((await newBrowser().open(link.href)).status, 200)
})

for (const [name, fields, headers] of [
  ['no name of an account', { email: '' }, {}],
  ['an address that is none', { email: 'root' }, {}],
  ['a short password', { password: 'short' }, {}],
  ['no password', { password: '' }, {}],
  ['the address as password', { password: root.email }, {}],
  ['no CSRF token', { csrf: '' }, {}],
  ['another site', {}, { 'sec-fetch-site': 'cross-site' }],
] as const)
  void t.test(`refused, and the link stays good: ${name}`, async (t) => {
    const browser = newBrowser()
    const page = await browser.open(link.href)
    const form = { csrf: fieldOf(page, 'csrf'), ...root, ...fields }
    const answer = await browser.post(page.url, form, headers)
    t.ok(answer.status >= 400 && answer.status < 500, `${answer.status}`)
    t.equal((await newBrowser().open(link.href)).status, 200)
    t.equal(await signsIn(), false)
  })

void t.test('ten at once make one administrator (invariant 2)', async (t) => {
  const tries = await Promise.all(
    Array.from({ length: 10 }, async (_, i) => {
      const browser = newBrowser()
      return { browser, i, page: await browser.open(link.href) }
    }),
  )
  const people = tries.map(({ i }) => ({ ...root, email: `root-${i}@example.test` }))
  const answers = await Promise.all(
    tries.map(({ browser, page }, i) => browser.submit(page, { ...root, ...people[i] })),
  )
  t.equal(answers.filter(({ status }) => status === 200).length, 1)
  t.ok(answers.every(({ status }) => status < 500 || status === 503))
  const able: boolean[] = []
  for (const person of people) able.push(await signsIn(person))
  t.equal(able.filter(Boolean).length, 1, 'one can sign in')
  const winner = people[able.indexOf(true)]
  if (winner === undefined) return
  const rp = new RelyingParty(new Provider(identity.issuer), judge)
  const { tokens } = await rp.signIn(newBrowser(), {}, { person: winner })
  t.same(decodeJwt(tokens.accessToken).claims['roles'], ['admin'])
})

void t.test('used, it is closed', async (t) => {
  const answer = await newBrowser().open(link.href)
  t.ok(answer.status >= 400 && answer.status < 500, `${answer.status}`)
  t.not(stepOf(answer), 'setup')
})

void t.test('an hour later an unused link is closed, too', async (t) => {
  const other = await startIdentity(t, { config })
  const late = other.setupLink ?? ''
  t.equal((await new Browser(other.issuer).open(late)).status, 200)
  other.clock.advance(3601)
  const answer = await new Browser(other.issuer).open(late)
  t.ok(answer.status >= 400 && answer.status < 500, `${answer.status}`)
})

void t.test('the service with the link signs people in as ever', async (t) => {
  const rp = new RelyingParty(new Provider(identity.issuer), judge)
  const person = { email: 'ada@example.test', password: 'correct horse battery staple' }
  t.ok(mustReturn((await rp.code(newBrowser(), {}, { person })).landing).params.has('code'))
})
