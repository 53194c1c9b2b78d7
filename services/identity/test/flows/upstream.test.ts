import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { Browser, callbackOf, fieldOf, stepOf } from '../helpers/browser.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { decodeJwt } from '../helpers/jwt.ts'
import { Provider } from '../helpers/provider.ts'
import { pathOf, registering } from '../helpers/registering.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { answerOf, clientId, clientSecret, startUpstream, visit } from '../helpers/upstream.ts'
import { type Answer, isRecord } from '../helpers/wire.ts'
import { ada, asker, bob, judge, world } from '../helpers/world.ts'

// Signing in with another provider: every row of the table of docs/decisions/0024.
const upstream = await startUpstream(t)
const early = { email: 'early@gmail.com', password: 'somebody was here before' }
const prepared = { email: 'prepared@example.test', password: early.password }
const config = {
  ...world(),
  providers: [
    upstream.entry('acme'),
    upstream.entry('eager', { trust_email: true, link: 'auto' }),
    upstream.entry('apple', { trust_email: true, response_mode: 'form_post' }),
  ],
}
const { users } = world() as { users: object[] }
const identity = await startIdentity(t, {
  config: {
    ...config,
    users: [...users, { ...early, email_verified: false, claims: { name: 'Planted' } }, prepared],
  },
  env: {
    GOOGLE_CLIENT_ID: clientId,
    GOOGLE_CLIENT_SECRET: clientSecret,
    GOOGLE_ISSUER: upstream.issuerOf('google'),
  },
})
const { issuer } = identity
const { mailsTo, mailTo, isSignedIn, signsIn } = registering(identity)
const google = `${issuer}/auth/google`
const newBrowser = () => new Browser(issuer)
const gmail = (name: string, more: object = {}) =>
  upstream.person('google', {
    sub: `sub-${name}`,
    email: `${name}@gmail.com`,
    email_verified: true,
    name: `${name} Somebody`,
    ...more,
  })
const enter = async (page: Answer, browser: Browser, code: string) => browser.submit(page, { code })

void t.test('visits begun for the longest requests never lock the browser out', async (t) => {
  const rp = new RelyingParty(new Provider(issuer), judge)
  const browser = newBrowser()
  // As many tabs as a person opens, each for a request as long as one may be.
  for (let tab = 1; tab <= 5; tab += 1) {
    const request = await rp.request({ scope: 'openid email', state: 's'.repeat(4096) })
    const login = await browser.open(`${request.url}&ui_locales=${'x'.repeat(2500)}`)
    t.equal(stepOf(login), 'login', `tab ${tab}`)
    const href = /href="(\/auth\/google\?[^"]+)"/.exec(login.body)?.[1] ?? ''
    const there = await browser.get(`${issuer}${href.replaceAll('&amp;', '&')}`)
    t.equal(there.status, 303, `tab ${tab} is sent to the provider`)
  }
})

void t.test('a new person, from an application to its code', async (t) => {
  gmail('grace', { picture: 'https://pictures.example.test/g.png' })
  const rp = new RelyingParty(new Provider(issuer), judge)
  const request = await rp.request({ scope: 'openid email profile' })
  const browser = newBrowser()
  const login = await browser.open(request.url)
  t.match(login.body, /Sign in with Google/)
  const href = /href="(\/auth\/google\?[^"]+)"/.exec(login.body)?.[1] ?? ''
  const landed = await visit(browser, `${issuer}${href.replaceAll('&amp;', '&')}`)
  const callback = callbackOf(landed, issuer)
  if (callback === undefined) throw new Error(textOf(landed.body))
  const redeemed: unknown = JSON.parse((await rp.redeem(request, callback)).body)
  const tokens = isRecord(redeemed) ? redeemed : {}
  const { claims } = decodeJwt(String(tokens['id_token']))
  t.match(claims, { amr: ['fed'], acr: 'aal1' })
  const userinfo = await fetch(`${issuer}/userinfo`, {
    headers: { authorization: `Bearer ${String(tokens['access_token'])}` },
  })
  t.match(await userinfo.json(), {
    email: 'grace@gmail.com',
    email_verified: true,
    name: 'grace Somebody',
    picture: 'https://pictures.example.test/g.png',
  })
  const again = newBrowser()
  t.equal(pathOf(await visit(again, google)), '/', 'the same person')
  t.equal(await isSignedIn(again), true)
  t.match((await again.open(`${issuer}/login?switch=1`)).body, /Last used/)
  const asked = upstream.authorizations[0]
  t.equal(asked?.get('code_challenge_method'), 'S256')
  t.equal(asked?.get('redirect_uri'), `${issuer}/auth/google/callback`)
  t.match(asked?.get('nonce'), /^[\w-]{43}$/)
})

void t.test(
  'an address that the provider does not answer for is proved by our own code',
  async (t) => {
    upstream.person('acme', { sub: 's1', email: 'new@acme.test', email_verified: true })
    const browser = newBrowser()
    const page = await visit(browser, `${issuer}/auth/acme`)
    t.equal(pathOf(page), '/sign-in/code')
    t.notMatch(page.body, 'new@acme.test', 'the address is masked')
    t.equal(await isSignedIn(browser), false)
    const wrong = await enter(page, browser, '000000')
    t.equal(wrong.status, 422)
    const { code } = await mailTo('new@acme.test')
    const stranger = newBrowser()
    t.equal((await stranger.open(page.url)).status, 410, 'not in another browser')
    t.equal(pathOf(await enter(page, browser, code)), '/')
    t.equal(await isSignedIn(browser), true)
    t.equal(pathOf(await enter(page, browser, code)), '/', 'a double click goes on')
    const second = newBrowser()
    t.equal(pathOf(await visit(second, `${issuer}/auth/acme`)), '/', 'from then on without a code')
  },
)

void t.test('without an address it is asked for, and proved', async (t) => {
  upstream.person('acme', { sub: 's2', email_verified: true })
  const browser = newBrowser()
  const page = await visit(browser, `${issuer}/auth/acme`)
  t.equal(pathOf(page), '/sign-in/address')
  t.equal((await browser.submit(page, { email: 'nobody' })).status, 422)
  const waits = await browser.submit(page, { email: 'typed@acme.test' })
  t.equal(pathOf(waits), '/sign-in/code')
  await enter(waits, browser, (await mailTo('typed@acme.test')).code)
  t.equal(await isSignedIn(browser), true)
})

void t.test('a verified account is proved once the old way, then connected', async (t) => {
  upstream.person('google', {
    sub: 'ada',
    email: ada.email,
    email_verified: true,
    hd: 'example.test',
  })
  const browser = newBrowser()
  const login = await visit(browser, `${google}?next=%2Faccount%2Fprofile`)
  t.equal(stepOf(login), 'login')
  t.match(textOf(login.body), /This email already has an account. Sign in to connect Google./)
  t.equal(fieldOf(login, 'email'), ada.email)
  const wrong = await browser.submit(login, { email: ada.email, password: 'not the password 1' })
  t.equal(wrong.status, 401)
  t.equal(await isSignedIn(browser), false)
  const asks = await browser.signIn(wrong, ada)
  t.equal(pathOf(asks), '/account/connections/confirm')
  const done = await browser.submit(asks, {}, { name: 'decision', value: 'connect' })
  t.equal(pathOf(done), '/account/profile', 'and on to where it was to go')
  t.ok((await mailsTo(ada.email)).some(({ subject }) => /Google is connected/.test(subject)))
  const later = newBrowser()
  t.equal(pathOf(await visit(later, google)), '/')
  t.equal(await isSignedIn(later), true)
})

void t.test('the wrong person at the browser is not connected', async (t) => {
  gmail('x', { sub: 'bob-at-google', email: bob.email, hd: 'example.test' })
  const browser = newBrowser()
  await browser.signIn(await browser.open(`${issuer}/login?next=%2Faccount`), ada)
  const login = await visit(browser, google)
  t.equal(stepOf(login), 'login')
  const asks = await browser.signIn(login, ada)
  t.equal(stepOf(asks), 'login', 'not with an account of another address')
  const right = await browser.signIn(asks, bob)
  t.equal(pathOf(right), '/account/connections/confirm')
  await browser.submit(right, {}, { name: 'decision', value: 'later' })
  t.equal(stepOf(await visit(newBrowser(), google)), 'login', 'not now means no')
})

void t.test(
  'an account prepared for its victim is taken out of the hands that made it',
  async (t) => {
    const attacker = newBrowser()
    await attacker.signIn(await attacker.open(`${issuer}/login?next=%2Faccount`), early)
    t.equal(await isSignedIn(attacker), true)
    const app = new RelyingParty(new Provider(issuer), asker)
    await app.signIn(attacker, {}, { person: early, consent: 'allow' })
    gmail('early')
    const victim = newBrowser()
    t.equal(pathOf(await visit(victim, google)), '/')
    t.equal(await isSignedIn(victim), true)
    t.equal(await isSignedIn(attacker), false, 'the session has ended')
    t.equal(await signsIn(early.email, early.password), false, 'the password is gone')
    t.ok((await mailsTo(early.email)).some(({ subject }) => /Google is connected/.test(subject)))
    const profile = await victim.open(`${issuer}/account/profile`)
    t.match(profile.body, 'early Somebody', 'named as the provider names them')
    t.notMatch(profile.body, 'Planted')
    const { steps } = await victim.authorize((await app.request()).url, { stop: true })
    t.same(steps, ['consent'], 'no application goes on by what somebody else allowed')
  },
)

void t.test('so is one that its victim takes back by a reset', async (t) => {
  const attacker = newBrowser()
  await attacker.signIn(await attacker.open(`${issuer}/login?next=%2Faccount`), prepared)
  const room = await attacker.open(`${issuer}/account/connections`)
  upstream.person('acme', { sub: 'trojan', email: 'trojan@acme.test' })
  const going = await attacker.post(room.url, { csrf: fieldOf(room, 'csrf'), provider: 'acme' })
  const back = await fetch(going.headers.get('location') ?? '', { redirect: 'manual' })
  const connected = await attacker.open(back.headers.get('location') ?? '')
  t.match(connected.body, 'trojan@acme.test')

  const victim = newBrowser()
  const { email } = prepared
  await victim.submit(await victim.open(`${issuer}/forgot-password`), { email })
  const resetLink = async () =>
    (await mailsTo(email)).map(({ link }) => link).find((link) => link.includes('/reset-password'))
  let link: string | undefined
  for (let tries = 0; link === undefined && tries < 100; tries += 1) {
    await wait(50)
    link = await resetLink()
  }
  const password = 'only the victim knows this one'
  await victim.submit(await victim.open(link ?? ''), { password })
  t.equal(await signsIn(email, password), true, 'the control')
  const later = newBrowser()
  const asks = await visit(later, `${issuer}/auth/acme`)
  t.equal(pathOf(asks), '/sign-in/code', 'nobody is connected with the trojan')
  t.equal(await isSignedIn(later), false)
})

void t.test('where the operator says so, a verified account is connected at once', async (t) => {
  upstream.person('eager', { sub: 'bob', email: bob.email, email_verified: 'true' })
  const browser = newBrowser()
  t.equal(pathOf(await visit(browser, `${issuer}/auth/eager`)), '/')
  t.equal(await isSignedIn(browser), true)
  t.ok((await mailsTo(bob.email)).some(({ subject }) => /The eager is connected/.test(subject)))
})

void t.test('the identity stays with its account when the address changes', async (t) => {
  gmail('moving')
  await visit(newBrowser(), google)
  gmail('moving', { email: ada.email, hd: 'example.test' })
  const browser = newBrowser()
  await visit(browser, google)
  const room = await browser.open(`${issuer}/account/connections`)
  t.match(textOf(room.body), 'ada@example.test', 'what the provider tells now')
  const home = await browser.open(`${issuer}/account`)
  t.match(home.body.replaceAll('<wbr/>', ''), 'moving@gmail.com', 'the account keeps its own')
  gmail('moving', { sub: 'another-sub' })
  const login = await visit(newBrowser(), google)
  t.equal(stepOf(login), 'login', 'the same address of another subject proves itself')
})

void t.test('connect and disconnect, but never the last way in', async (t) => {
  gmail('owner')
  const browser = newBrowser()
  await visit(browser, google)
  const room = await browser.open(`${issuer}/account/connections`)
  t.match(textOf(room.body), /This is your only way to sign in/)
  t.notMatch(room.body, 'name="identity"')
  upstream.person('acme', { sub: 'owner-acme', email: 'other@acme.test' })
  const csrf = fieldOf(room, 'csrf')
  const going = await browser.post(room.url, { csrf, provider: 'acme' })
  const back = await fetch(going.headers.get('location') ?? '', { redirect: 'manual' })
  const connected = await browser.open(back.headers.get('location') ?? '')
  t.match(textOf(connected.body), /Connected\. You can sign in with it/)
  t.match(connected.body, 'other@acme.test')
  const [own = '', id = ''] = [...connected.body.matchAll(/name="identity" value="([^"]+)"/g)].map(
    ([, value]) => value ?? '',
  )

  const thief = newBrowser()
  gmail('thief')
  await visit(thief, google)
  const theirs = await thief.open(`${issuer}/account/connections`)
  const foreign = { csrf: fieldOf(theirs, 'csrf'), identity: id }
  t.equal((await thief.post(`${theirs.url}/disconnect`, foreign)).status, 404, 'not another’s')
  const start = await thief.post(theirs.url, { csrf: fieldOf(theirs, 'csrf'), provider: 'acme' })
  const taken = await fetch(start.headers.get('location') ?? '', { redirect: 'manual' })
  t.match(textOf((await thief.open(taken.headers.get('location') ?? '')).body), /another person/)

  const less = await browser.post(`${room.url}/disconnect`, { csrf, identity: id })
  t.match(textOf((await browser.follow(less)).body), /Disconnected/)
  const left = await browser.open(room.url)
  const last = await browser.post(`${room.url}/disconnect`, {
    csrf: fieldOf(left, 'csrf'),
    identity: own,
  })
  t.equal(last.status, 409, 'the last one stays')
  t.equal(pathOf(await visit(newBrowser(), google)), '/')
})

const SIGNS_IN = /href="\/(?:auth\/google|login)["?]/

/** Begins to connect Google, and comes back with its answer, not yet opened. */
async function connecting(browser: Browser): Promise<string> {
  const page = await browser.open(`${issuer}/account/connections`)
  const csrf = fieldOf(page, 'csrf')
  const start = await browser.post(page.url, { csrf, provider: 'google' })
  const back = await fetch(start.headers.get('location') ?? '', { redirect: 'manual' })
  return back.headers.get('location') ?? ''
}

void t.test('who does not get through connecting is never led into another account', async (t) => {
  const browser = newBrowser()
  await browser.signIn(await browser.open(`${issuer}/login`), ada)
  gmail('second-self')
  const answers = (change: object) =>
    upstream.behave('google', {
      callback: (parameters) => {
        parameters.delete('code')
        for (const [name, value] of Object.entries(change)) parameters.set(name, String(value))
      },
    })

  answers({ error: 'access_denied' })
  const cancelled = await browser.open(await connecting(browser))
  t.equal(pathOf(cancelled), '/account/connections', 'back where they were')
  answers({ error: 'server_error' })
  const refused = await browser.open(await connecting(browser))
  t.match(textOf(refused.body), /Google did not sign you in/)
  t.match(refused.body, 'href="/account/connections"')
  t.notMatch(refused.body, SIGNS_IN, 'another try is one to connect')
  upstream.behave('google', {})

  const callback = await connecting(browser)
  await browser.signIn(await browser.open(`${issuer}/login?switch=1`), bob)
  const other = await browser.open(callback)
  t.equal(other.status, 410, 'somebody else is active by now')
  t.match(other.body, 'href="/account/connections"')
  t.notMatch(other.body, SIGNS_IN)
  const again = await browser.open(callback)
  t.equal(again.status, 410, 'and once more')
  t.notMatch(again.body, 'href="/auth/google"', 'nor from a visit that nobody knows any more')
  t.equal(pathOf(await visit(newBrowser(), google)), '/', 'the identity was free all the time')
})

void t.test(
  'the page that says why it failed keeps the way, in another language, too',
  async (t) => {
    const rp = new RelyingParty(new Provider(issuer), judge)
    const browser = newBrowser()
    const login = await browser.open((await rp.request()).url)
    const href = /href="(\/auth\/google\?[^"]+)"/.exec(login.body)?.[1] ?? ''
    upstream.behave('google', {
      callback: (parameters) => {
        parameters.delete('code')
        parameters.set('error', 'access_denied')
      },
    })
    const callback = await answerOf(browser, `${issuer}${href.replaceAll('&amp;', '&')}`)
    upstream.behave('google', {})
    t.match((await browser.open(callback)).body, /href="\/auth\/google\?tx=/)
    const german = await browser.open(`${callback}&lang=de`)
    t.match(german.body, /href="\/auth\/google\?tx=/)
    t.match(german.body, /href="\/login\?tx=/)
    t.match(textOf(german.body), /judge/, 'and names the application')
  },
)

void t.test('the same provider again, where the account is to be proved first', async (t) => {
  const known = { email: bob.email, hd: 'example.test', email_verified: true }
  upstream.person('google', { sub: 'bob-again', ...known })
  const rp = new RelyingParty(new Provider(issuer), judge)
  const browser = newBrowser()
  let page = await browser.open((await rp.request()).url)
  const lengths = new Set<number>()
  for (let tries = 0; tries < 12; tries += 1) {
    const href = /href="(\/auth\/google\?[^"]+)"/.exec(page.body)?.[1] ?? ''
    page = await visit(browser, `${issuer}${href.replaceAll('&amp;', '&')}`)
    t.match(textOf(page.body), /Sign in to connect Google/)
    lengths.add(page.url.length)
  }
  t.equal(lengths.size, 1, 'no address holds the one before')
  t.match(
    upstream.authorizations.at(-1)?.get('prompt'),
    'select_account',
    'Google asks which account, instead of naming the same one without a word',
  )
  const confirm = await browser.signIn(page, bob)
  t.match(textOf(confirm.body), /Connect Google/)
  const landed = await browser.decide(confirm, 'connect')
  t.ok(callbackOf(landed, issuer), 'and the application is not forgotten')
})

void t.test('a stale session connects nothing before a new proof', async (t) => {
  gmail('stale')
  const browser = newBrowser()
  await visit(browser, google)
  const room = await browser.open(`${issuer}/account/connections`)
  const csrf = fieldOf(room, 'csrf')
  identity.clock.advance(601)
  const answer = await browser.follow(await browser.post(room.url, { csrf, provider: 'acme' }))
  t.equal(stepOf(answer), 'login')
  const foreign = await browser.post(room.url, { csrf: 'foreign', provider: 'acme' })
  t.equal(foreign.status, 403)
})

void t.test('20 parallel callbacks of one visit sign in once', async (t) => {
  gmail('parallel')
  const browser = newBrowser()
  const callback = await answerOf(browser, google)
  const cookies = new Map(browser.cookies)
  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const same = newBrowser()
      for (const [name, value] of cookies) same.cookies.set(name, value)
      return same.get(callback)
    }),
  )
  t.equal(answers.filter(({ status }) => status === 303).length, 1)
  t.equal(answers.filter(({ status }) => status === 410).length, 19)
})

void t.test(
  'a callback counts in its own browser, once, in time and at its own provider',
  async (t) => {
    gmail('bound')
    const browser = newBrowser()
    const callback = await answerOf(browser, google)
    const stranger = newBrowser()
    await stranger.open(`${issuer}/login`)
    t.equal((await stranger.open(callback)).status, 410, 'another browser')
    const url = new URL(callback)
    const other = callback.replace('/auth/google/', '/auth/acme/')
    t.equal((await browser.get(other)).status, 410, 'another provider')
    for (const state of ['', 'made-up', `${url.searchParams.get('state') ?? ''}x`]) {
      url.searchParams.set('state', state)
      t.equal((await browser.get(url.href)).status, 410, `state ${state}`)
    }
    t.equal((await browser.get(`${callback}&state=again`)).status, 400, 'state twice')
    const slow = newBrowser()
    const late = await answerOf(slow, google)
    identity.clock.advance(601)
    t.equal((await slow.get(late)).status, 410, 'after ten minutes')
    t.equal(await isSignedIn(slow), false)
  },
)

void t.test('an answer by form from another site', async (t) => {
  upstream.person('apple', { sub: 'apple-1', email: 'relay@apple.test', email_verified: 'true' })
  const browser = newBrowser()
  const url = new URL(await answerOf(browser, `${issuer}/auth/apple`))
  t.equal(upstream.authorizations.at(-1)?.get('response_mode'), 'form_post')
  const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://apple.test' }
  const bare = newBrowser()
  const bounced = await bare.post(`${issuer}/auth/apple/callback`, url.searchParams, headers)
  t.equal(bounced.status, 303)
  const landed = await browser.open(new URL(bounced.headers.get('location') ?? '', issuer).href)
  t.equal(pathOf(landed), '/')
  t.equal(await isSignedIn(browser), true)
})

void t.test(
  'on the way to an application, each page names it and speaks its language',
  async (t) => {
    const rp = new RelyingParty(new Provider(issuer), judge)
    const onTheWay = async (provider: string) => {
      const request = await rp.request({ scope: 'openid', ui_locales: 'de' })
      const browser = newBrowser()
      const login = await browser.open(request.url)
      const href = new RegExp(`href="(/auth/${provider}\\?[^"]+)"`).exec(login.body)?.[1] ?? ''
      return visit(browser, `${issuer}${href.replaceAll('&amp;', '&')}`)
    }
    const expects = (page: Answer, path: string) => {
      t.equal(pathOf(page), path)
      t.match(page.body, '<html lang="de"', path)
      t.match(textOf(page.body), 'The judge app', path)
    }
    upstream.person('acme', { sub: 'named-1', email: 'named@acme.test' })
    expects(await onTheWay('acme'), '/sign-in/code')
    t.match((await mailTo('named@acme.test')).subject, /Code/)
    upstream.person('acme', { sub: 'named-2' })
    expects(await onTheWay('acme'), '/sign-in/address')
    upstream.person('acme', { sub: 'named-3', email: bob.email, email_verified: true })
    upstream.person('google', {
      sub: 'named-4',
      email: bob.email,
      email_verified: true,
      hd: 'x.test',
    })
    expects(await onTheWay('google'), '/login')
    upstream.behave('google', {
      callback(parameters) {
        parameters.delete('code')
        parameters.set('error', 'access_denied')
      },
    })
    expects(await onTheWay('google'), '/auth/google/callback')
    upstream.behave('google', {})
  },
)

void t.test('what there is not', async (t) => {
  const browser = newBrowser()
  t.equal((await browser.open(`${issuer}/auth/nobody`)).status, 404)
  t.equal((await browser.open(`${issuer}/auth/nobody/callback?state=x`)).status, 404)
  t.equal((await browser.open(`${google}?tx=made-up`)).status, 400)
  const tampered = await browser.open(`${issuer}/sign-in/code?arrival=k1.made-up`)
  t.equal(tampered.status, 410)
})
