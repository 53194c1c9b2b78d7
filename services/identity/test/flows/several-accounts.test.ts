import t, { type Test } from 'tap'
import { Browser, fieldOf, mustReturn, stepOf } from '../helpers/browser.ts'
import { formsOf, targetsOf, textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { decodeJwt } from '../helpers/jwt.ts'
import { Provider, tokensOf, verdict } from '../helpers/provider.ts'
import { pathOf } from '../helpers/registering.ts'
import { type Changes, RelyingParty } from '../helpers/relying-party.ts'
import { type Answer, isRecord, jsonOf } from '../helpers/wire.ts'
import { ada, asker, bob, judge, loggedOut, world } from '../helpers/world.ts'

t.setTimeout(120_000)

// Several people at one browser, docs/decisions/0019.
const crowd = [1, 2, 3, 4].map((n) => ({
  email: `n${n}@example.test`,
  password: `a pass phrase of its own ${n}`,
}))
const config = world()
const identity = await startIdentity(t, {
  config: { ...config, users: [...usersOf(config), ...crowd] },
})
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, judge)
const newBrowser = () => new Browser(identity.issuer)
const home = `${identity.issuer}/`
const picker = `${identity.issuer}/select-account`
const all = { name: 'sign-out', value: 'all' }
const other = { name: 'account', value: 'other' }
const offline = { scope: 'openid email offline_access' }

function usersOf(given: object): object[] {
  return 'users' in given && Array.isArray(given.users) ? given.users.filter(isRecord) : []
}

/** Signs people in one after another; the last one is active. Their tokens, by address. */
async function signedIn(...people: readonly (typeof ada)[]) {
  const browser = newBrowser()
  const found = new Map<string, Awaited<ReturnType<typeof rp.signIn>>['tokens']>()
  for (const person of people) {
    const manners = { person }
    found.set(
      person.email,
      (await rp.signIn(browser, { prompt: 'login', ...offline }, manners)).tokens,
    )
  }
  const tokensFor = (person: typeof ada) => {
    const tokens = found.get(person.email)
    if (tokens === undefined) throw new Error(`${person.email} did not sign in`)
    return tokens
  }
  return { browser, tokensFor, sidOf: (person: typeof ada) => sidOf(tokensFor(person).idToken) }
}
const sidOf = (idToken: string) => String(decodeJwt(idToken).claims['sid'])
const subOf = (idToken: string) => String(decodeJwt(idToken).claims['sub'])

/** The address that an answer is about, asked without pages; the error when there is none. */
async function about(browser: Browser, changes: Changes = {}): Promise<string> {
  const request = await rp.request({ prompt: 'none', scope: 'openid email', ...changes })
  const callback = mustReturn(await browser.authorize(request.url))
  const error = callback.params.get('error')
  if (error !== null) return error
  const { accessToken } = tokensOf(await rp.redeem(request, callback))
  return String(jsonOf(await provider.userinfo(accessToken))['email'])
}

const accountsOn = (page: Answer) =>
  formsOf(page.body)
    .flatMap(({ buttons }) => buttons)
    .filter(({ name, value }) => name === 'account' && value !== 'other')
    .map(({ value }) => value)

async function endSessionUrl(params: Record<string, string>): Promise<string> {
  const url = new URL(String((await provider.metadata())['end_session_endpoint']))
  url.search = new URLSearchParams(params).toString()
  return url.href
}

const cookieOf = (browser: Browser) => browser.cookies.get('signet_session')?.value ?? ''
function withCookie(browser: Browser, value: string): Browser {
  const twin = browser.twin()
  twin.cookies.set('signet_session', { value, path: '/' })
  return twin
}

void t.test('another person comes beside the first, and is active', async (t) => {
  const { browser, tokensFor } = await signedIn(ada, bob)
  t.equal(await about(browser), bob.email)
  const page = await browser.open(home)
  t.match(textOf(page.body), ada.email)
  t.match(textOf(page.body), bob.email)
  for (const person of [ada, bob])
    t.equal(verdict(await rp.refresh(tokensFor(person).refreshToken)), '200', person.email)
})

void t.test('switch on the start page, there and back', async (t) => {
  const { browser, sidOf } = await signedIn(ada, bob)
  const page = await browser.open(home)
  t.same(accountsOn(page), [sidOf(ada)], 'the active one is not to be switched to')
  const switched = await browser.submit(page, {}, { name: 'account', value: sidOf(ada) })
  t.equal(pathOf(switched), '/')
  t.equal(await about(browser), ada.email)
  t.same(accountsOn(switched), [sidOf(bob)])
  await browser.submit(switched, {}, { name: 'account', value: sidOf(bob) })
  t.equal(await about(browser), bob.email)
})

void t.test('adding one from the start page asks for a sign-in, and comes back', async (t) => {
  const { browser } = await signedIn(ada)
  const login = await browser.submit(await browser.open(home), {}, other)
  t.equal(stepOf(login), 'login')
  t.equal(fieldOf(login, 'email'), '', 'not the one who is in already')
  const back = await browser.signIn(login, bob)
  t.equal(pathOf(back), '/')
  t.equal(await about(browser), bob.email)
  t.equal(accountsOn(back).length, 1)
})

void t.test('signing in again renews one session, and drops nobody', async (t) => {
  const { browser, sidOf } = await signedIn(ada, bob)
  const { tokens } = await rp.signIn(browser, { prompt: 'login' }, { person: ada })
  t.equal(sidOf(ada), decodeJwt(tokens.idToken).claims['sid'], 'the same session')
  t.equal(cookieOf(browser).split('.').length, 2)
  t.equal(await about(browser, { login_hint: bob.email }), bob.email)
})

void t.test('the sixth comes in, and who was there longest is signed out', async (t) => {
  const { browser, tokensFor } = await signedIn(ada, bob, ...crowd)
  t.equal(cookieOf(browser).split('.').length, 5)
  t.equal(
    verdict(await rp.refresh(tokensFor(ada).refreshToken)),
    '400 invalid_grant',
    'on the server',
  )
  const page = await browser.open(home)
  t.notMatch(textOf(page.body), ada.email)
  for (const person of [bob, ...crowd]) {
    t.match(textOf(page.body), person.email)
    t.equal(verdict(await rp.refresh(tokensFor(person).refreshToken)), '200', person.email)
  }
})

void t.test(
  'the picker of an application: everybody, active first, and one is taken',
  async (t) => {
    const { browser, sidOf } = await signedIn(ada, bob)
    const request = await rp.request({ prompt: 'select_account' })
    const page = await browser.open(request.url)
    t.equal(stepOf(page), 'select-account')
    t.same(accountsOn(page), [sidOf(bob), sidOf(ada)])
    t.match(textOf(page.body), 'The judge app')
    const landing = await browser.walk(
      await browser.submit(page, {}, { name: 'account', value: sidOf(ada) }),
    )
    t.equal(mustReturn(landing).params.get('state'), request.state, 'without a password')
    t.equal(await about(browser), ada.email)
  },
)

void t.test('the picker outweighs the hint that led to it', async (t) => {
  const { browser, sidOf } = await signedIn(ada, bob)
  const request = await rp.request({ prompt: 'select_account', login_hint: ada.email })
  const page = await browser.open(request.url)
  const landing = await browser.walk(
    await browser.submit(page, {}, { name: 'account', value: sidOf(bob) }),
  )
  const { idToken } = tokensOf(await rp.redeem(request, mustReturn(landing)))
  t.equal(decodeJwt(idToken).claims['sid'], sidOf(bob))
})

void t.test('another account from the picker: signs in beside them, and goes on', async (t) => {
  const { browser, sidOf } = await signedIn(ada)
  const request = await rp.request({ prompt: 'select_account' })
  const login = await browser.submit(await browser.open(request.url), {}, other)
  t.equal(stepOf(login), 'login')
  const landing = await browser.walk(await browser.signIn(login, bob))
  t.equal(mustReturn(landing).params.get('state'), request.state)
  t.equal(await about(browser), bob.email)
  t.ok(accountsOn(await browser.open(home)).includes(sidOf(ada)))
})

void t.test('signed out of one on the picker: the others stay, and so does the page', async (t) => {
  const { browser, sidOf, tokensFor } = await signedIn(ada, bob)
  const request = await rp.request({ prompt: 'select_account' })
  const page = await browser.open(request.url)
  const left = await browser.submit(page, {}, { name: 'sign-out', value: sidOf(ada) })
  t.equal(stepOf(left), 'select-account')
  t.same(accountsOn(left), [sidOf(bob)])
  t.equal(verdict(await rp.refresh(tokensFor(ada).refreshToken)), '400 invalid_grant')
  t.equal(verdict(await rp.refresh(tokensFor(bob).refreshToken)), '200')
  const none = await browser.submit(left, {}, { name: 'sign-out', value: sidOf(bob) })
  t.equal(stepOf(none), 'login', 'nobody left: the same request goes on by a sign-in')
  const landing = await browser.walk(await browser.signIn(none, ada))
  t.equal(mustReturn(landing).params.get('state'), request.state)
})

void t.test('signed out of the active one: nobody takes that place unasked', async (t) => {
  const { browser, sidOf, tokensFor } = await signedIn(ada, bob)
  const page = await browser.open(home)
  const picker = await browser.submit(page, {}, { name: 'sign-out', value: sidOf(bob) })
  t.equal(stepOf(picker), 'select-account')
  t.same(accountsOn(picker), [sidOf(ada)])
  t.equal(cookieOf(browser).split('.')[0], '', 'the first place is empty')
  t.equal(await about(browser), 'account_selection_required')
  t.equal(await about(browser, { prompt: 'none', login_hint: ada.email }), ada.email, 'when named')
  t.equal(verdict(await rp.refresh(tokensFor(bob).refreshToken)), '400 invalid_grant')
  t.equal(verdict(await rp.refresh(tokensFor(ada).refreshToken)), '200')
})

void t.test('nobody is active: an application’s request asks who', async (t) => {
  const { browser, sidOf } = await signedIn(ada, bob)
  await browser.submit(await browser.open(home), {}, { name: 'sign-out', value: sidOf(bob) })
  const request = await rp.request()
  const page = await browser.open(request.url)
  t.equal(stepOf(page), 'select-account')
  const landing = await browser.walk(
    await browser.submit(page, {}, { name: 'account', value: sidOf(ada) }),
  )
  t.equal(mustReturn(landing).params.get('state'), request.state)

  const asked = await signedIn(ada, bob)
  await asked.browser.submit(
    await asked.browser.open(home),
    {},
    {
      name: 'sign-out',
      value: asked.sidOf(bob),
    },
  )
  const login = await asked.browser.open((await rp.request({ prompt: 'login' })).url)
  t.equal(stepOf(login), 'login', 'unless a sign-in is asked for anyway')
})

void t.test('nobody is active: account pages ask who, and are reached then', async (t) => {
  const { browser, sidOf } = await signedIn(ada, bob)
  await browser.submit(await browser.open(home), {}, { name: 'sign-out', value: sidOf(bob) })
  const page = await browser.open(`${picker}?next=${encodeURIComponent('/account/sessions')}`)
  t.equal(stepOf(page), 'select-account')
  const chosen = await browser.post(page.url, {
    csrf: fieldOf(page, 'csrf'),
    account: sidOf(ada),
  })
  t.equal(chosen.headers.get('location'), '/account/sessions')
  const login = await browser.post(page.url, {
    csrf: fieldOf(await browser.open(page.url), 'csrf'),
    account: 'other',
  })
  t.equal(login.headers.get('location'), '/login?next=%2Faccount%2Fsessions&switch=1')
})

for (const next of [
  '//evil.test',
  'https://evil.test',
  '/\\evil.test',
  '/login',
  '/account@evil.test',
])
  void t.test(`next=${next} leads nowhere but home`, async (t) => {
    const { browser, sidOf } = await signedIn(ada, bob)
    const url = `${picker}?next=${encodeURIComponent(next)}`
    const page = await browser.open(url)
    const fields = { csrf: fieldOf(page, 'csrf'), account: sidOf(ada) }
    t.equal((await browser.post(url, fields)).headers.get('location'), '/')
    const fresh = fieldOf(await browser.open(url), 'csrf')
    const away = await browser.post(url, { csrf: fresh, account: 'other' })
    t.equal(away.headers.get('location'), '/login?switch=1')
  })

void t.test('signed out of all: everybody, on the server too', async (t) => {
  const { browser, tokensFor } = await signedIn(ada, bob, ...crowd.slice(0, 1))
  const stolen = browser.twin()
  const bystander = await signedIn(ada)
  const done = await browser.submit(await browser.open(home), {}, all)
  t.equal(pathOf(done), '/')
  t.notOk(browser.cookies.has('signet_session'))
  t.same(accountsOn(await stolen.open(picker)), [], 'the old cookie is worth nothing')
  for (const person of [ada, bob])
    t.equal(verdict(await rp.refresh(tokensFor(person).refreshToken)), '400 invalid_grant')
  t.equal(await about(bystander.browser), ada.email, 'another browser is left alone')
})

void t.test('the button of account pages ends the active one only', async (t) => {
  const { browser, sidOf } = await signedIn(ada, bob)
  const csrf = fieldOf(await browser.open(home), 'csrf')
  await browser.follow(await browser.post(`${identity.issuer}/sign-out`, { csrf }))
  t.same(accountsOn(await browser.open(picker)), [sidOf(ada)])
  const again = await browser.open(`${identity.issuer}/sign-out`)
  t.equal(stepOf(again), 'select-account', 'its address is no dead end')
})

for (const name of ['account', 'sign-out'])
  void t.test(`${name}: a session of another browser, or of nobody, changes nothing`, async (t) => {
    const mine = await signedIn(ada, bob)
    const foreign = await signedIn(ada)
    const before = cookieOf(mine.browser)
    const page = await mine.browser.open(home)
    for (const value of [
      foreign.sidOf(ada),
      '00000000-0000-0000-0000-000000000000',
      'x',
      ada.email,
      '%',
      '[object Object]',
      'ALL',
    ]) {
      const fields = { csrf: fieldOf(page, 'csrf'), [name]: value }
      const answer = await mine.browser.post(picker, fields)
      t.equal(answer.status, 400, value)
      t.ok(targetsOf(answer.body).includes('/select-account'), 'and a way on')
    }
    t.equal(cookieOf(mine.browser), before)
    t.equal(await about(mine.browser), bob.email)
    t.equal(await about(foreign.browser), ada.email)
  })

const badPosts: readonly (readonly [
  string,
  (csrf: string, sid: string) => [URLSearchParams, object?],
])[] = [
  ['no CSRF token', (_csrf, sid) => [new URLSearchParams({ account: sid })]],
  [
    'a CSRF token made up',
    (_csrf, sid) => [new URLSearchParams({ csrf: 'x'.repeat(43), account: sid })],
  ],
  [
    'another site',
    (csrf, sid) => [
      new URLSearchParams({ csrf, account: sid }),
      { 'sec-fetch-site': 'cross-site' },
    ],
  ],
  [
    'account repeated',
    (csrf, sid) => [
      new URLSearchParams([
        ['csrf', csrf],
        ['account', sid],
        ['account', sid],
      ]),
    ],
  ],
  [
    'sign-out repeated',
    (csrf, sid) => [
      new URLSearchParams([
        ['csrf', csrf],
        ['sign-out', sid],
        ['sign-out', 'all'],
      ]),
    ],
  ],
  ['no field at all', (csrf) => [new URLSearchParams({ csrf })]],
]
for (const [name, make] of badPosts)
  void t.test(`the picker refuses ${name}, and changes nothing`, async (t) => {
    const { browser, sidOf } = await signedIn(ada, bob)
    const csrf = fieldOf(await browser.open(home), 'csrf')
    const [form, headers] = make(csrf, sidOf(ada))
    const answer = await browser.post(picker, form, { ...headers })
    t.match(String(answer.status), /^40[03]$/)
    t.equal(await about(browser), bob.email)
    t.equal(accountsOn(await browser.open(home)).length, 1)
  })

void t.test('a CSRF token of one account is worth nothing once another is active', async (t) => {
  const { browser, sidOf } = await signedIn(ada, bob)
  const old = fieldOf(await browser.open(home), 'csrf')
  await browser.submit(await browser.open(home), {}, { name: 'account', value: sidOf(ada) })
  const answer = await browser.post(`${identity.issuer}/sign-out`, { csrf: old })
  t.equal(answer.status, 403)
  t.equal(await about(browser), ada.email)
  const foreign = fieldOf(await (await signedIn(ada)).browser.open(home), 'csrf')
  t.equal((await browser.post(picker, { csrf: foreign, 'sign-out': 'all' })).status, 403)
  t.equal(await about(browser), ada.email)
})

void t.test('hints pick the person they name, who becomes active', async (t) => {
  const { browser, tokensFor } = await signedIn(ada, bob)
  const [hers, his] = [tokensFor(ada).idToken, tokensFor(bob).idToken]
  t.equal(await about(browser, { id_token_hint: hers }), ada.email)
  t.equal(await about(browser), ada.email, 'from now on')
  const sub = (idToken: string) => ({
    claims: JSON.stringify({ id_token: { sub: { value: subOf(idToken) } } }),
  })
  t.equal(await about(browser, sub(his)), bob.email)
  t.equal(await about(browser), bob.email)
  t.equal(await about(browser, { login_hint: ' ADA@Example.test ' }), ada.email)
  t.equal(await about(browser), ada.email)
  t.equal(await about(browser, { login_hint: 'nobody@example.test' }), ada.email, 'only a hint')
  t.equal(
    await about(browser, { ...sub(his), login_hint: ada.email }),
    bob.email,
    'the subject first',
  )
  t.equal(
    await about(browser, { ...sub(hers), id_token_hint: his }),
    'login_required',
    'nobody can be two people',
  )
  t.equal(await about(browser), bob.email, 'and a refusal switches nobody')
})

void t.test('a hint of somebody who is not here is never answered by another', async (t) => {
  const { browser } = await signedIn(ada, bob)
  const [person = ada] = crowd
  const stranger = await signedIn(person)
  const hint = { id_token_hint: stranger.tokensFor(person).idToken }
  t.equal(await about(browser, hint), 'login_required')
  const request = await rp.request(hint)
  const landing = await browser.authorize(request.url)
  t.same(landing.steps, ['login'], 'neither of the two')
  t.equal(await about(browser), bob.email)
  const wrong = mustReturn(await browser.walk(await browser.signIn(landing.answer, ada)))
  t.equal(wrong.params.get('error'), 'login_required', 'not even after a sign-in')
})

void t.test('a hint with pages: signed in, so no password', async (t) => {
  const { browser, sidOf } = await signedIn(ada, bob)
  const { landing, callback, request } = await rp.code(browser, { login_hint: ada.email })
  t.same(landing.steps, [])
  const { idToken } = tokensOf(await rp.redeem(request, callback))
  t.equal(decodeJwt(idToken).claims['sid'], sidOf(ada))
})

void t.test('a hint and prompt=login: whoever signs in has answered the hint', async (t) => {
  const { browser } = await signedIn(ada, bob)
  const request = await rp.request({ prompt: 'login', login_hint: ada.email })
  const page = await browser.open(request.url)
  t.equal(stepOf(page), 'login')
  const landing = await browser.walk(await browser.signIn(page, bob))
  t.equal(mustReturn(landing).params.get('state'), request.state, 'not asked again and again')
  t.equal(await about(browser), bob.email)
})

void t.test('max_age is about the person that is picked', async (t) => {
  const { browser } = await signedIn(ada)
  identity.clock.advance(1000)
  await rp.signIn(browser, { prompt: 'login' }, { person: bob })
  t.equal(await about(browser, { max_age: '500' }), bob.email)
  t.equal(await about(browser, { max_age: '500', login_hint: ada.email }), 'login_required')
  t.equal(await about(browser), bob.email, 'and a refusal switches nobody')
})

void t.test('consent is asked in the name of the one who is active by then', async (t) => {
  const { browser, sidOf } = await signedIn(ada, bob)
  const third = new RelyingParty(provider, asker)
  const request = await third.request({ scope: 'openid email' })
  const page = await browser.open(request.url)
  t.equal(stepOf(page), 'consent')
  t.match(textOf(page.body), bob.email)
  // In a second tab:
  await browser.submit(await browser.open(home), {}, { name: 'account', value: sidOf(ada) })
  const stale = await browser.decide(page, 'allow')
  t.equal(stale.status, 403, 'what he was shown is not allowed in her name')
  const way = targetsOf(stale.body).find((target) => target.startsWith('/consent')) ?? ''
  const again = await browser.open(`${identity.issuer}${way}`)
  t.equal(stepOf(again), 'consent')
  t.match(textOf(again.body), ada.email)
  t.notMatch(textOf(again.body), bob.email)
  const callback = mustReturn(await browser.walk(await browser.decide(again, 'allow')))
  const { idToken } = tokensOf(await third.redeem(request, callback))
  t.equal(decodeJwt(idToken).claims['sid'], sidOf(ada))
  await browser.submit(await browser.open(home), {}, { name: 'account', value: sidOf(bob) })
  t.equal(stepOf(await browser.open((await third.request()).url)), 'consent', 'he allowed nothing')
})

void t.test('a request that names one does not go on as another after a switch', async (t) => {
  const { browser, sidOf, tokensFor } = await signedIn(ada, bob)
  const third = new RelyingParty(provider, asker)
  // Of asker: a hint must be the client's own.
  const own = await third.signIn(browser, { login_hint: ada.email, prompt: 'consent' })
  t.equal(sidOf(ada), decodeJwt(own.tokens.idToken).claims['sid'])
  const request = await third.request({ prompt: 'consent', id_token_hint: own.tokens.idToken })
  const page = await browser.open(request.url)
  t.equal(stepOf(page), 'consent')
  await browser.submit(await browser.open(home), {}, { name: 'account', value: sidOf(bob) })
  const seen = await browser.open(page.url)
  const decided = await browser.walk(await browser.decide(seen, 'allow'), { consent: 'allow' })
  const code = decided.callback?.params.get('code') ?? null
  if (code !== null) {
    const { idToken } = tokensOf(await third.redeem(request, mustReturn(decided)))
    t.equal(subOf(idToken), subOf(tokensFor(ada).idToken), 'hers or nothing')
  } else t.match(decided.steps.join(), /login|^$/)
})

for (const [name, bend] of [
  ['cut off', (value: string) => value.slice(0, -1)],
  ['with one more', (value: string) => `${value}.${'x'.repeat(43)}.`],
  ['with the same one twice', (value: string) => `${value}.${value.split('.')[0] ?? ''}`],
  [
    'of six',
    (value: string) => [value, 'c', 'd', 'e', 'f'].map((x) => x.padEnd(43, 'x')).join('.'),
  ],
  ['with a space', (value: string) => value.replace('.', '. ')],
  ['with another mark', (value: string) => value.replace('.', ',')],
  ['doubled', (value: string) => `${value}; signet_session=${value}`],
] as const)
  void t.test(`a session cookie ${name} is that of nobody, or of its own people`, async (t) => {
    const { browser } = await signedIn(ada, bob)
    const bent = withCookie(browser, bend(cookieOf(browser)))
    const expected = name === 'doubled' ? bob.email : 'login_required'
    t.equal(await about(bent), expected)
    t.ok((await bent.open(home)).status < 500)
    t.equal(await about(browser), bob.email, 'the right one is as good as before')
  })

void t.test('tokens that are made up count for nothing beside a right one', async (t) => {
  const { browser, sidOf } = await signedIn(ada, bob)
  const [first = '', second = ''] = cookieOf(browser).split('.')
  const fake = 'x'.repeat(43)
  t.equal(await about(withCookie(browser, `${fake}.${first}`)), 'account_selection_required')
  const mixed = withCookie(browser, `${first}.${fake}.${second}`)
  t.equal(await about(mixed), bob.email)
  t.same(accountsOn(await mixed.open(home)), [sidOf(ada)])
  t.equal(await about(withCookie(browser, `.${fake}`)), 'login_required')
})

void t.test('sessions that have ended fall out of list and cookie', async (t) => {
  const { browser, sidOf, tokensFor } = await signedIn(ada, bob, ...crowd.slice(0, 1))
  const [last = ada] = crowd
  const twin = browser.twin()
  await twin.submit(await twin.open(home), {}, { name: 'sign-out', value: sidOf(bob) })
  const page = await browser.open(home)
  t.same(accountsOn(page), [sidOf(ada)])
  t.equal(cookieOf(browser).split('.').length, 3, 'a page writes nothing')
  const gone = await browser.post(picker, { csrf: fieldOf(page, 'csrf'), account: sidOf(bob) })
  t.equal(gone.status, 400)
  await browser.submit(page, {}, { name: 'account', value: sidOf(ada) })
  t.equal(cookieOf(browser).split('.').length, 2, 'the next change does')
  t.equal(await about(browser, { login_hint: bob.email }), ada.email)
  t.equal(verdict(await rp.refresh(tokensFor(last).refreshToken)), '200')
})

void t.test('the active session has ended: the others are there to choose from', async (t) => {
  const { browser, sidOf, tokensFor } = await signedIn(ada, bob)
  const twin = browser.twin()
  await twin.open(await endSessionUrl({ id_token_hint: tokensFor(bob).idToken }))
  t.equal(await about(browser), 'account_selection_required')
  t.same(accountsOn(await browser.open(home)), [sidOf(ada)])
})

async function leave(browser: Browser, params: Record<string, string>) {
  return browser.open(await endSessionUrl(params))
}

void t.test('RP-initiated: the session of the hint ends, active or not (§2)', async (t) => {
  for (const [who, stays] of [
    [ada, bob],
    [bob, ada],
  ] as const) {
    const { browser, tokensFor, sidOf } = await signedIn(ada, bob)
    const answer = await leave(browser, {
      id_token_hint: tokensFor(who).idToken,
      post_logout_redirect_uri: loggedOut,
      state: 's',
    })
    t.equal(answer.headers.get('location'), `${loggedOut}?state=s`, who.email)
    t.equal(verdict(await rp.refresh(tokensFor(who).refreshToken)), '400 invalid_grant')
    t.equal(verdict(await rp.refresh(tokensFor(stays).refreshToken)), '200')
    t.same(accountsOn(await browser.open(picker)), [sidOf(stays)], 'the other stays in the cookie')
    const then = who === bob ? 'account_selection_required' : bob.email
    t.equal(await about(browser), then, 'and is not silently switched to')
  }
})

void t.test('RP-initiated: an older session of somebody here is asked about', async (t) => {
  const { browser, sidOf } = await signedIn(ada, bob)
  const elsewhere = await signedIn(ada)
  const page = await leave(browser, { id_token_hint: elsewhere.tokensFor(ada).idToken })
  t.match(textOf(page.body), ada.email, 'about her, who is not even active')
  t.notMatch(textOf(page.body), bob.email)
  const done = await browser.decide(page, 'yes')
  t.ok(targetsOf(done.body).includes('/select-account'), 'the page tells of the other')
  t.same(accountsOn(await browser.open(picker)), [sidOf(bob)])
  t.equal(await about(browser), bob.email)
  t.equal(await about(elsewhere.browser), ada.email, 'and her other browser is left alone')
})

void t.test('the question without a hint is about the active one; all are offered', async (t) => {
  const { browser, sidOf } = await signedIn(ada, bob)
  const page = await leave(browser, {})
  t.match(textOf(page.body), bob.email)
  await browser.decide(page, 'yes')
  t.same(accountsOn(await browser.open(picker)), [sidOf(ada)])
  const left = await leave(browser, {})
  t.match(textOf(left.body), ada.email, 'nobody is active: about those who are left')
  await browser.decide(left, 'yes')
  t.same(accountsOn(await browser.open(picker)), [])

  const both = await signedIn(ada, bob)
  const done = await both.browser.decide(await leave(both.browser, {}), 'all')
  t.notOk(targetsOf(done.body).includes('/select-account'))
  t.same(accountsOn(await both.browser.open(picker)), [])
  const alone = await signedIn(ada)
  const asked = await leave(alone.browser, {})
  t.notOk(buttonsOf(asked).includes('all'), 'one alone is asked one thing')
})

void t.test('nobody is active and several are there: the question is about all', async (t) => {
  const { browser, sidOf } = await signedIn(ada, bob, ...crowd.slice(0, 1))
  const [last = ada] = crowd
  await browser.submit(await browser.open(home), {}, { name: 'sign-out', value: sidOf(last) })
  const page = await leave(browser, {})
  for (const { email } of [ada, bob]) t.match(textOf(page.body), email)
  t.same(buttonsOf(page), ['all', 'no'])
  await browser.decide(page, 'no')
  t.equal(accountsOn(await browser.open(picker)).length, 2)
  await browser.decide(page, 'all')
  t.same(accountsOn(await browser.open(picker)), [])
})

void t.test('the session in the question cannot be bent into another', async (t) => {
  const { browser } = await signedIn(ada, bob)
  const foreign = await signedIn(ada)
  for (const session of [foreign.sidOf(ada), 'x', '', '00000000-0000-0000-0000-000000000000']) {
    const page = await leave(browser, {})
    const answer = await browser.submit(page, { session }, { name: 'decision', value: 'yes' })
    t.ok(answer.status < 500, session)
    t.equal(await about(foreign.browser), ada.email)
    t.equal(await about(browser), bob.email)
  }
})

void t.test('the question open in a tab, its person signed out in another', async (t) => {
  const { browser, sidOf } = await signedIn(ada, bob)
  const page = await leave(browser, {})
  await browser.submit(await browser.open(home), {}, { name: 'sign-out', value: sidOf(bob) })
  const answer = await browser.decide(page, 'yes')
  t.equal(answer.status, 403)
  const way = targetsOf(answer.body).find((target) => target.startsWith('/logout')) ?? ''
  t.equal((await browser.open(`${identity.issuer}${way}`)).status, 200, 'no dead end')
  t.same(accountsOn(await browser.open(picker)), [sidOf(ada)], 'and nobody else is signed out')
})

void t.test('the start page of nobody, and of one', async (t) => {
  const nobody = await newBrowser().open(home)
  t.ok(targetsOf(nobody.body).includes('/login'))
  t.equal(stepOf(await newBrowser().open(picker)), 'login', 'nobody to choose from')
  const { browser } = await signedIn(ada)
  const page = await browser.open(home)
  t.ok(targetsOf(page.body).includes('/account'))
  t.notOk(buttonsOf(page).includes('all'))
  const out = await browser.submit(page, {}, signOutButton(page))
  t.equal(pathOf(out), '/')
  t.ok(targetsOf(out.body).includes('/login'))
})

const buttonsOf = (page: Answer) =>
  formsOf(page.body).flatMap(({ buttons }) => buttons.map(({ value }) => value))

function signOutButton(page: Answer) {
  const button = formsOf(page.body)
    .flatMap(({ buttons }) => buttons)
    .find(({ name }) => name === 'sign-out')
  if (button === undefined) throw new Error('no way out')
  return button
}

void t.test(
  'twenty at once: switches and sign-outs end in a state of their own making',
  async (t) => {
    const { browser, sidOf, tokensFor } = await signedIn(ada, bob)
    const page = await browser.open(home)
    const csrf = fieldOf(page, 'csrf')
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, i) =>
        browser.twin().post(picker, {
          csrf,
          ...(i % 2 ? { account: sidOf(ada) } : { 'sign-out': sidOf(ada) }),
        }),
      ),
    )
    for (const answer of answers) t.match(String(answer.status), /^(303|400)$/)
    t.equal(answers.filter(({ status }) => status === 303).length > 0, true)
    t.equal(verdict(await rp.refresh(tokensFor(ada).refreshToken)), '400 invalid_grant')
    t.equal(await about(browser), bob.email)
  },
)

void t.test('no cookie of ours grows beyond what browsers keep (ASVS 3.3.5)', async (t: Test) => {
  const { browser } = await signedIn(ada, bob, ...crowd)
  for (const [name, { value }] of browser.cookies) t.ok(name.length + value.length < 4096, name)
})
