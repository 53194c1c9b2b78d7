import t from 'tap'
import { Browser, fieldOf, stepOf } from '../helpers/browser.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { decodeJwt } from '../helpers/jwt.ts'
import { callbackFrom, startRealProvider } from '../helpers/real-provider.ts'
import { pathOf, registering } from '../helpers/registering.ts'
import { clientId, clientSecret } from '../helpers/upstream.ts'
import { ada, world } from '../helpers/world.ts'

// Signing in at a provider that somebody else wrote: what our own stand-in and our client might
// both have misread of the specifications shows here.
const provider = await startRealProvider(t)
const elliptic = await startRealProvider(t, { algorithm: 'ES256' })
const identity = await startIdentity(t, {
  config: {
    ...world(),
    providers: [
      {
        id: 'elliptic',
        name: 'The elliptic',
        issuer: elliptic.issuer,
        client_id: clientId,
        client_secret: clientSecret,
        trust_email: true,
      },
    ],
  },
  env: {
    GOOGLE_CLIENT_ID: clientId,
    GOOGLE_CLIENT_SECRET: clientSecret,
    GOOGLE_ISSUER: provider.issuer,
  },
})
const { issuer } = identity
provider.serve(`${issuer}/auth/google/callback`)
elliptic.serve(`${issuer}/auth/elliptic/callback`)
const google = `${issuer}/auth/google`
const { isSignedIn, mailsTo } = registering(identity)
const newBrowser = () => new Browser(issuer)

const grace = {
  sub: '110169484474386276334',
  email: 'grace@gmail.com',
  email_verified: true,
  name: 'Grace Hopper',
  given_name: 'Grace',
  family_name: 'Hopper',
}

void t.test('a new person, and the same person again', async (t) => {
  const there = provider.browserOf(grace)
  const here = newBrowser()
  const callback = await callbackFrom(here, `${google}?next=%2Faccount%2Fprofile`, there)
  t.same(provider.prompts, ['login'])
  t.equal(new URL(callback).searchParams.get('iss'), provider.issuer, 'RFC 9207')
  t.equal(await isSignedIn(here), false, 'not before the callback')
  const profile = await here.open(callback)
  t.equal(pathOf(profile), '/account/profile')
  t.equal(fieldOf(profile, 'name'), 'Grace Hopper')
  t.equal(await isSignedIn(here), true)
  const { header, claims } = decodeJwt(provider.idTokens.at(-1) ?? '')
  t.equal(header['alg'], 'RS256')
  t.match(claims, { iss: provider.issuer, aud: clientId, sub: grace.sub, email: grace.email })
  t.match(claims['nonce'], /^[\w-]{43}$/)

  // The account would be renamed, or made anew, were it not recognised.
  const again = newBrowser()
  const renamed = provider.browserOf({ ...grace, email: 'g.hopper@gmail.com', name: 'Somebody' })
  await again.open(await callbackFrom(again, google, renamed))
  t.equal(await isSignedIn(again), true)
  const same = await again.open(`${issuer}/account/profile`)
  t.equal(fieldOf(same, 'name'), 'Grace Hopper')
  const overview = await again.open(`${issuer}/account`)
  t.match(overview.body.replaceAll('<wbr/>', ''), grace.email, 'the account keeps its address')
})

void t.test('who is still signed in at the provider is asked nothing there', async (t) => {
  const there = provider.browserOf(grace)
  const first = newBrowser()
  await first.open(await callbackFrom(first, google, there))
  const asked = provider.prompts.length
  const second = newBrowser()
  await second.open(await callbackFrom(second, google, there))
  t.equal(await isSignedIn(second), true)
  t.equal(provider.prompts.length, asked)
  const nonces = provider.idTokens.slice(-2).map((token) => decodeJwt(token).claims['nonce'])
  t.not(nonces[0], nonces[1], 'each visit has its own')
})

void t.test('a verified account is proved once the old way, then connected', async (t) => {
  const person = { sub: 'ada', email: ada.email, email_verified: true, hd: 'example.test' }
  const there = provider.browserOf(person)
  const here = newBrowser()
  const login = await here.open(await callbackFrom(here, google, there))
  t.equal(stepOf(login), 'login')
  t.match(textOf(login.body), /This email already has an account. Sign in to connect Google./)
  t.equal(await isSignedIn(here), false)
  const asks = await here.signIn(login, ada)
  t.equal(pathOf(asks), '/account/connections/confirm')
  await here.submit(asks, {}, { name: 'decision', value: 'connect' })
  t.ok((await mailsTo(ada.email)).some(({ subject }) => /Google is connected/.test(subject)))
  const later = newBrowser()
  t.equal(pathOf(await later.open(await callbackFrom(later, google, there))), '/')
  t.equal(await isSignedIn(later), true, 'from then on without a password')
})

void t.test('an answer that is not this provider’s, or comes twice', async (t) => {
  const there = provider.browserOf(grace)
  for (const iss of [undefined, 'https://accounts.google.com', elliptic.issuer, '']) {
    const here = newBrowser()
    const callback = new URL(await callbackFrom(here, google, there))
    const issued = provider.idTokens.length
    callback.searchParams.delete('iss')
    if (iss !== undefined) callback.searchParams.set('iss', iss)
    await here.open(callback.href)
    t.equal(await isSignedIn(here), false, `iss ${iss ?? 'missing'}`)
    t.equal(provider.idTokens.length, issued, 'the code is not even sent')
  }
  const here = newBrowser()
  const callback = await callbackFrom(here, google, there)
  t.equal((await here.get(callback)).status, 303)
  t.equal((await here.get(callback)).status, 410)
})

void t.test('a code made up, and one of another visit', async (t) => {
  const there = provider.browserOf(grace)
  const other = new URL(await callbackFrom(newBrowser(), google, there))
  for (const code of ['made-up', other.searchParams.get('code') ?? '']) {
    const here = newBrowser()
    const callback = new URL(await callbackFrom(here, google, there))
    callback.searchParams.set('code', code)
    await here.open(callback.href)
    t.equal(await isSignedIn(here), false, 'PKCE binds the code to its own visit')
  }
})

void t.test('an ID token by another algorithm than the one that is configured', async (t) => {
  const there = elliptic.browserOf({ ...grace, sub: 'elliptic', email: 'e@example.test' })
  const here = newBrowser()
  await here.open(await callbackFrom(here, `${issuer}/auth/elliptic`, there))
  t.equal(decodeJwt(elliptic.idTokens.at(-1) ?? '').header['alg'], 'ES256')
  t.equal(await isSignedIn(here), false)
  t.same(await mailsTo('e@example.test'), [])
})

void t.test('a person who is signed in and proves it once more chooses the account', async (t) => {
  const there = provider.browserOf(grace)
  const here = newBrowser()
  await here.open(await callbackFrom(here, google, there))
  identity.clock.advance(601)
  t.equal(stepOf(await here.open(`${issuer}/account/password`)), 'login')
  const again = await callbackFrom(here, `${google}?next=%2Faccount%2Fpassword`, there)
  t.equal(provider.prompts.at(-1), 'select_account')
  t.equal(pathOf(await here.open(again)), '/account/password')
})
