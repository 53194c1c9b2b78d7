// Providers that put the address and the name where OIDC Core 1.0 §5.4 has them: at the userinfo endpoint, not in the token.
import type { ServerResponse } from 'node:http'
import t from 'tap'
import { Browser, fieldOf } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { pathOf, registering } from '../helpers/registering.ts'
import { callbackFrom, startRealProvider } from '../helpers/real-provider.ts'
import {
  type Behaviour,
  clientId,
  clientSecret,
  startUpstream,
  visit,
} from '../helpers/upstream.ts'
import { world } from '../helpers/world.ts'

const upstream = await startUpstream(t)
const real = await startRealProvider(t, { algorithm: 'ES384', claimsIn: 'userinfo' })
const cases = new Map<string, (response: ServerResponse, sub: string) => void>()
const json =
  (body: unknown, status = 200) =>
  (response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
const person = { email: 'p@acme.test', email_verified: true, name: 'P. Erson' }

cases.set('good', (response, sub) => json({ sub, ...person })(response))
cases.set('unverified', (response, sub) => json({ sub, email: 'u@acme.test' })(response))
cases.set('no address', (response, sub) => json({ sub, name: 'Nobody' })(response))
const wrong = { ...person, email: 'wrong@acme.test' }
const bad: Readonly<Record<string, (response: ServerResponse, sub: string) => void>> = {
  'another subject': json({ sub: 'somebody else', ...wrong }),
  'no subject': json(wrong),
  'a subject that is no text': json({ sub: 7, ...wrong }),
  'a refusal': json({ error: 'invalid_token' }, 401),
  'a fault': json({}, 500),
  'a list': json([wrong]),
  'a page': (response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hello</h1>')
  },
  'half an answer': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"sub":')
  },
  'ten megabytes': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('x'.repeat(10_000_000))
  },
  'an address elsewhere': (response) => {
    response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()
  },
  'the connection closed': (response) => {
    response.destroy()
  },
}
for (const [name, answer] of Object.entries(bad)) cases.set(name, answer)

const idOf = (name: string) => name.replaceAll(/[^a-z]+/g, '-')
const asked: string[] = []
for (const [name, answer] of cases) {
  const id = idOf(name)
  const behaviour: Behaviour = {
    discovery: (metadata) => ({
      ...metadata,
      userinfo_endpoint: `${upstream.issuerOf(id)}/userinfo`,
    }),
    answer: (path, response, request) => {
      if (path !== '/userinfo') return false
      asked.push(`${id} ${request.headers.authorization ?? ''}`)
      answer(response, `sub-${id}`)
      return true
    },
  }
  upstream.behave(id, behaviour)
}
const identity = await startIdentity(t, {
  config: {
    ...world({ sign_up: 'open' }),
    providers: [
      ...[...cases.keys()].map((name) => upstream.entry(idOf(name), { trust_email: true })),
      upstream.entry('scopeless', { trust_email: true, scope: 'openid' }),
      {
        id: 'real',
        name: 'Real',
        issuer: real.issuer,
        client_id: clientId,
        client_secret: clientSecret,
        trust_email: true,
        id_token_signed_response_alg: 'ES384',
      },
    ],
  },
})
const { issuer } = identity
real.serve(`${issuer}/auth/real/callback`)
const { isSignedIn, mailsTo } = registering(identity)

async function comes(id: string, more: object = {}) {
  upstream.person(id, { sub: `sub-${id}`, ...more })
  const browser = new Browser(issuer)
  const page = await visit(browser, `${issuer}/auth/${id}?next=%2Faccount%2Fprofile`)
  return { browser, page }
}

void t.test(
  'a provider that somebody else wrote, with the claims where the norm has them',
  async (t) => {
    const there = real.browserOf({
      sub: 'grace',
      email: 'grace@real.test',
      email_verified: true,
      name: 'Grace Hopper',
    })
    const here = new Browser(issuer)
    const start = `${issuer}/auth/real?next=%2Faccount%2Fprofile`
    const profile = await here.open(await callbackFrom(here, start, there))
    t.equal(pathOf(profile), '/account/profile')
    t.equal(fieldOf(profile, 'name'), 'Grace Hopper')
    t.equal(await isSignedIn(here), true)
  },
)

void t.test('address and name are taken, with the token that was given for it', async (t) => {
  const { browser, page } = await comes('good')
  t.equal(fieldOf(page, 'name'), 'P. Erson')
  t.equal(await isSignedIn(browser), true)
  t.equal(asked.at(-1), 'good Bearer opaque')
})

void t.test('what the ID token says needs no question, and goes first', async (t) => {
  const before = asked.length
  const { page } = await comes('good', {
    sub: 'signed',
    email: 'signed@acme.test',
    email_verified: true,
    name: 'Signed',
  })
  t.equal(fieldOf(page, 'name'), 'Signed')
  t.equal(asked.length, before)
  const named = await comes('good', { name: 'Signed Too' })
  t.equal(fieldOf(named.page, 'name'), 'P. Erson', 'known by now: a profile is taken once')
})

void t.test('a word about the address counts only where it stands beside it', async (t) => {
  const { browser } = await comes('unverified', { email_verified: true })
  t.equal(await isSignedIn(browser), false, 'its own code is asked for')
  t.equal((await mailsTo('u@acme.test')).length, 1)
})

void t.test('no address there either: it is asked for', async (t) => {
  const { page } = await comes('no-address')
  t.equal(pathOf(page), '/sign-in/address')
})

void t.test('a provider that was not asked for an address is not asked twice', async (t) => {
  upstream.behave('scopeless', {
    discovery: (metadata) => ({ ...metadata, userinfo_endpoint: `${upstream.origin}/never` }),
  })
  await comes('scopeless')
  t.notOk(upstream.asked.includes('/never'))
})

for (const name of Object.keys(bad))
  void t.test(`${name}: a page, and nobody signed in`, async (t) => {
    const id = idOf(name)
    const { browser, page } = await comes(id)
    t.ok([502, 503].includes(page.status), String(page.status))
    t.match(asked.at(-1), `${id} Bearer`)
    t.equal(await isSignedIn(browser), false)
    t.same(await mailsTo(wrong.email), [], 'nothing half-linked')
  })
