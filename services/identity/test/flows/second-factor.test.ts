// The second step of a sign-in: nobody who has a second factor gets in without it, whatever else they hold.
import t, { type Test } from 'tap'
import { type Browser, fieldOf, mustReturn, stepOf } from '../helpers/browser.ts'
import { needsPostgres } from '../helpers/database.ts'
import { formsOf, targetsOf, textOf } from '../helpers/html.ts'
import { startIdentity, startProcesses } from '../helpers/identity.ts'
import { decodeJwt } from '../helpers/jwt.ts'
import { lettersTo } from '../helpers/mailbox.ts'
import { crowd, ownAccount } from '../helpers/own-account.ts'
import { tokensOf } from '../helpers/provider.ts'
import { pathOf } from '../helpers/registering.ts'
import { AuthenticatorApp, factorRoom, showCode, upToCode } from '../helpers/second-factor.ts'
import { describe } from '../helpers/wire.ts'
import { bob, world } from '../helpers/world.ts'

t.setTimeout(300_000)

await needsPostgres(t)

const { people, somebody } = crowd(26)
const plain = world() as { users: object[] }
const config = { ...plain, users: [...plain.users, ...people] }
const identity = await startIdentity(t, { config, database: 'postgres' })
const { issuer, clock } = identity
const room = await factorRoom(t, identity.databaseUrl ?? '')
const { rp, visitor, mail, mailsTo, open } = ownAccount(issuer)

const wrongText = 'That code didn’t work.'
const login = '/login?next=%2Faccount'

async function enrolled() {
  const person = somebody()
  return { person, ...(await room.enrol(person)) }
}

/** A browser that has shown the password and waits for the code. */
async function waiting(person = bob, address = login) {
  const browser = visitor()
  const page = await upToCode(browser, `${issuer}${address}`, person)
  return { browser, page }
}

/** Nobody is signed in, whichever door is tried. */
async function expectNobody(t: Test, browser: Browser, name: string) {
  for (const path of ['/account', '/account/password', '/account/sessions'])
    t.equal(stepOf(await open(browser, path)), 'login', `${name}: ${path}`)
  const silent = await browser.authorize((await rp.request({ prompt: 'none' })).url)
  t.equal(mustReturn(silent).params.get('error'), 'login_required', name)
}

const decode = (text: string) => text.replaceAll('&amp;', '&')
const claimsOf = (idToken: string) => decodeJwt(idToken).claims

void t.test('password, then code: one page each, and the truth in the tokens', async (t) => {
  const { person, app, userId } = await enrolled()
  const request = await rp.request()
  const browser = visitor()
  const page = await upToCode(browser, request.url, person)
  t.equal(page.status, 200)
  t.match(textOf(page.body), /Enter the 6-digit code/)
  t.match(textOf(page.body), person.email)
  const [form] = formsOf(page.body)
  t.same(
    form?.fields.map(({ name }) => name),
    ['csrf', 'code'],
    'one field',
  )
  for (const attribute of ['autocomplete="one-time-code"', 'inputmode="numeric"', 'type="text"'])
    t.match(page.body, attribute)
  t.equal(await room.count('sessions', userId), 0, 'no session before the code')
  const landing = await browser.walk(await showCode(browser, page, app.code(clock.now())))
  t.same(landing.steps, [])
  const tokens = tokensOf(await rp.redeem(request, mustReturn(landing)))
  for (const token of [tokens.idToken, tokens.accessToken])
    t.match(claimsOf(token), { acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] })
  t.equal(await room.audited('sign_in_succeeded', userId), 1)
})

void t.test('spaces, dashes and other digits are forgiven', async (t) => {
  const spell: readonly (readonly [string, (code: string) => string])[] = [
    ['a space', (code) => `${code.slice(0, 3)} ${code.slice(3)}`],
    ['a dash', (code) => `${code.slice(0, 3)}-${code.slice(3)}`],
    [
      'Arabic digits',
      (code) => code.replace(/\d/g, (d) => String.fromCodePoint(0x660 + Number(d))),
    ],
    ['full width', (code) => code.replace(/\d/g, (d) => String.fromCodePoint(0xff10 + Number(d)))],
  ]
  const { person, app } = await enrolled()
  for (const [name, write] of spell) {
    const { browser, page } = await waiting(person)
    t.equal(pathOf(await showCode(browser, page, write(app.code(clock.now())))), '/account', name)
    clock.advance(30)
  }
})

void t.test(
  'wrong, old, future, reused, short, lettered: one answer, and nothing moves',
  async (t) => {
    const { person, app, userId } = await enrolled()
    const { browser, page } = await waiting(person)
    const now = clock.now()
    const used = app.code(now)
    const first = visitor()
    await showCode(first, await upToCode(first, `${issuer}${login}`, person), used)
    t.equal(await room.count('sessions', userId), 1)
    const codes: readonly (readonly [string, string])[] = [
      ['wrong', used === '000000' ? '000001' : '000000'],
      ['used', used],
      ['the step before', app.code(now, -1)],
      ['two steps ahead', app.code(now, 2)],
      ['short', '12345'],
      ['long', '1234567'],
      ['lettered', '12345a'],
      ['empty', ''],
      ['of another app', new AuthenticatorApp().code(now)],
    ]
    for (const [name, code] of codes) {
      const answer = await showCode(browser, page, code)
      t.equal(answer.status, 401, name)
      t.match(textOf(answer.body), wrongText, name)
      t.match(answer.body, '<title>Error: ', name)
      t.notMatch(
        answer.body,
        new RegExp(`value="${code === '' ? 'x' : code}"`),
        'it is not given back',
      )
    }
    t.equal(await room.count('sessions', userId), 1)
    t.equal(await room.audited('second_factor_failed', userId), codes.length)
    await expectNobody(t, browser, 'after wrong codes')
  },
)

void t.test('the clock set back does no harm: the old code is a wrong one', async (t) => {
  const { person, app } = await enrolled()
  const one = await waiting(person)
  t.equal(pathOf(await showCode(one.browser, one.page, app.code(clock.now()))), '/account')
  clock.advance(-120)
  const two = await waiting(person)
  const back = await showCode(two.browser, two.page, app.code(clock.now()))
  t.equal(back.status, 401)
  clock.advance(120)
})

void t.test('with the proof alone no door opens', async (t) => {
  const { person } = await enrolled()
  const request = await rp.request()
  const browser = visitor()
  const page = await upToCode(browser, request.url, person)
  const address = new URL(page.url)
  const tx = address.searchParams.get('tx') ?? ''
  const proof = address.searchParams.get('proof') ?? ''
  t.ok(tx !== '' && proof !== '')
  for (const path of [
    '/authorize',
    '/consent',
    '/select-account',
    '/enrol',
    '/mfa/recovered',
    '/mfa/due',
  ])
    for (const query of [{ tx }, { tx, proof }]) {
      const answer = await browser.open(`${issuer}${path}?${new URLSearchParams(query)}`)
      const landing = await browser.walk(answer)
      t.notOk(landing.callback?.params.has('code'), `${path} ${Object.keys(query).join()}`)
    }
  const consent = await browser.post(`${issuer}/consent?${new URLSearchParams({ tx, proof })}`, {
    csrf: fieldOf(page, 'csrf'),
    decision: 'allow',
  })
  t.notMatch(consent.headers.get('location') ?? '', /code=/)
  await expectNobody(t, browser, 'with the proof')
  const api = await browser.get(`${issuer}/account/api/v1/profile?proof=${proof}`, {
    authorization: `Bearer ${proof}`,
  })
  t.equal(api.status, 401)
})

void t.test('a proof of another browser, person or time is no proof', async (t) => {
  const mine = await enrolled()
  const theirs = await enrolled()
  const { browser, page } = await waiting(mine.person)
  const thief = visitor()
  const stolen = await thief.open(page.url)
  t.equal(stolen.status, 400, describe(stolen))
  t.match(targetsOf(stolen.body).join(' '), '/login', 'with a way on')
  const other = await waiting(theirs.person)
  t.equal((await other.browser.open(page.url)).status, 400)
  // The code of one person at the proof of another, in one browser.
  const both = visitor()
  await upToCode(both, `${issuer}${login}`, mine.person)
  const second = await upToCode(both, `${issuer}${login}`, theirs.person)
  t.equal((await showCode(both, second, mine.app.code(clock.now()))).status, 401)

  for (const bent of [
    page.url.replace(/proof=[^&]+/, (proof) => proof.slice(0, -2)),
    page.url.replace(/proof=.{9}/, 'proof=AAAAAAAAA'),
  ])
    t.equal((await browser.open(bent)).status, 400)
  const twice = await browser.open(`${page.url}&proof=x`)
  t.equal(twice.status, 400)
  clock.advance(901)
  const late = await showCode(browser, page, mine.app.code(clock.now()))
  t.equal(late.status, 400, 'a quarter of an hour')
  t.match(targetsOf(late.body).join(' '), '/login')
  t.equal(await room.count('sessions', mine.userId), 0)
})

void t.test('a proof makes one session, by whatever is shown with it', async (t) => {
  const { person, app, recoveryCodes, userId } = await enrolled()
  const { browser, page } = await waiting(person)
  const twin = browser.twin()
  t.equal(pathOf(await showCode(browser, page, app.code(clock.now()))), '/account')
  clock.advance(30)
  const again = await showCode(twin, page, app.code(clock.now()))
  t.equal(again.status, 400, describe(again))
  const [code = ''] = recoveryCodes
  const recovery = await twin.open(`${page.url.replace(/&way=[^&]*/, '')}&way=recovery-code`)
  t.equal(recovery.status, 400)
  t.not(code, '')
  t.equal(await room.count('sessions', userId), 1)
  t.equal(pathOf(await browser.open(page.url)), '/account', 'the back button goes on')
})

void t.test('between password and code the account changes', async (t) => {
  const disabled = await enrolled()
  const one = await waiting(disabled.person)
  await room.disable(disabled.userId, new Date())
  const late = await showCode(one.browser, one.page, disabled.app.code(clock.now()))
  t.equal(late.status, 400)
  t.equal(await room.count('sessions', disabled.userId), 0)

  const stripped = await enrolled()
  const two = await waiting(stripped.person)
  await room.strip(stripped.userId)
  t.equal((await two.browser.open(two.page.url)).status, 400, 'the way begins again')

  const replaced = await enrolled()
  const three = await waiting(replaced.person)
  await room.strip(replaced.userId)
  const { app } = await room.enrol(replaced.person)
  const dead = await showCode(three.browser, three.page, replaced.app.code(clock.now()))
  t.equal(dead.status, 401, 'a replaced secret is dead')
  t.equal(pathOf(await showCode(three.browser, dead, app.code(clock.now()))), '/account')
})

void t.test('a form of another site, or of another browser, is refused', async (t) => {
  const { person, app, userId } = await enrolled()
  const { browser, page } = await waiting(person)
  const foreign = await visitor().open(`${issuer}/login`)
  const form = { csrf: fieldOf(foreign, 'csrf'), code: app.code(clock.now()) }
  t.equal((await browser.post(page.url, form)).status, 403)
  const own = { ...form, csrf: fieldOf(page, 'csrf') }
  const crossSite = await browser.post(page.url, own, { 'sec-fetch-site': 'cross-site' })
  t.equal(crossSite.status, 403)
  const repeated = new URLSearchParams([...Object.entries(own), ['code', '1']])
  t.equal((await browser.post(page.url, repeated)).status, 400)
  t.equal(await room.count('sessions', userId), 0)
  t.equal(pathOf(await showCode(browser, page, form.code)), '/account', 'the code is still good')
})

void t.test('cancelling tells the application, and leaves nobody signed in', async (t) => {
  const { person } = await enrolled()
  const request = await rp.request()
  const browser = visitor()
  const page = await upToCode(browser, request.url, person)
  const landing = await browser.walk(await browser.decide(page, 'deny'))
  const { params } = mustReturn(landing)
  t.equal(params.get('error'), 'access_denied')
  t.equal(params.get('state'), request.state)
  await expectNobody(t, browser, 'after cancelling')
})

void t.test('another way: only those that the person has', async (t) => {
  const { person } = await enrolled()
  const { browser, page } = await waiting(person)
  const other = targetsOf(page.body).find((target) => target.includes('way=other')) ?? ''
  const list = await browser.open(new URL(other, page.url).href)
  const text = textOf(list.body)
  for (const way of ['Authenticator app', 'Recovery code', 'Can’t use any of these?'])
    t.match(text, way)
  t.notMatch(text, /Passkey/)
  const ways = [...list.body.matchAll(/class="way" href="([^"]+)"/g)].map(([, href = '']) =>
    decode(href),
  )
  t.equal(ways.length, 2)
  for (const way of ways) t.equal((await browser.open(`${issuer}${way}`)).status, 200)
})

void t.test('a recovery code: once, counted, mailed, and as good as the factor', async (t) => {
  const { person, recoveryCodes, userId } = await enrolled()
  const [code = '', second = ''] = recoveryCodes
  const request = await rp.request()
  const browser = visitor()
  const page = await upToCode(browser, request.url, person)
  const recovery = await browser.open(`${page.url}&way=recovery-code`)
  t.match(recovery.body, 'autocomplete="off"')
  t.notMatch(recovery.body, 'name="trust"', 'no trust by a recovery code')
  for (const bad of ['AAAAA-AAAAA', code.slice(1), '', second.replace(/^./, '!')])
    t.equal((await showCode(browser, recovery, bad)).status, 401, bad)
  const spelled = ` ${code.toLowerCase().replace('-', ' ')}`
  const told = await showCode(browser, recovery, spelled)
  t.equal(pathOf(told), '/mfa/recovered')
  t.match(textOf(told.body), /You have 9 recovery codes left\./)
  const onward = targetsOf(told.body).find((target) => target.startsWith('/authorize')) ?? ''
  const landing = await browser.walk(await browser.open(`${issuer}${onward}`))
  const { idToken } = tokensOf(await rp.redeem(request, mustReturn(landing)))
  t.match(claimsOf(idToken), { acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] })
  const letter = await mail(person.email, /recovery code was used/)
  t.match(letter.text, 'You have 9 recovery codes left')
  t.match(letter.link, `${issuer}/not-me?token=`)
  t.notOk(letter.text.includes(code))
  t.equal(await room.audited('recovery_code_used', userId), 1)

  const again = await waiting(person)
  const form = await again.browser.open(`${again.page.url}&way=recovery-code`)
  const used = await showCode(again.browser, form, code)
  t.equal(used.status, 401, 'it is used up')
  t.match(textOf(used.body), 'Each recovery code works only once')
  t.equal(await room.count('sessions', userId), 1)
})

void t.test('the guesses of all ways are one budget, apart from the password’s', async (t) => {
  const { person, app, recoveryCodes, userId } = await enrolled()
  const { browser, page } = await waiting(person)
  const recovery = await browser.open(`${page.url}&way=recovery-code`)
  for (let n = 0; n < 10; n += 1)
    t.equal((await showCode(browser, n % 2 === 0 ? page : recovery, '000000')).status, 401)
  for (const [form, code] of [
    [page, app.code(clock.now())],
    [recovery, recoveryCodes[0] ?? ''],
  ] as const) {
    const answer = await showCode(browser, form, code)
    t.equal(answer.status, 429, 'right codes wait as well')
    const wait = Number(answer.headers.get('retry-after'))
    t.ok(wait > 0 && wait <= 900, `${wait} s`)
    t.match(textOf(answer.body), /Too many tries/)
    t.match(answer.body, 'data-countdown=')
  }
  const letters = (await mailsTo(person.email)).filter(({ subject }) => /wrong codes/.test(subject))
  t.equal(letters.length, 1, 'one letter, however long it goes on')
  t.match(letters[0]?.link, `${issuer}/not-me?token=`)
  t.equal(await room.audited('second_factor_throttled', userId), 2)
  const elsewhere = await waiting(person)
  t.equal(stepOf(elsewhere.page), 'mfa', 'the password is not throttled')
  clock.advance(901)
  const later = await waiting(person)
  t.equal(pathOf(await showCode(later.browser, later.page, app.code(clock.now()))), '/account')
})

void t.test('wrong passwords never use up the budget of codes', async (t) => {
  const { person, app } = await enrolled()
  const browser = visitor()
  for (let n = 0; n < 12; n += 1) {
    const form = await browser.open(`${issuer}${login}`)
    t.equal(stepOf(await browser.signIn(form, { ...person, password: 'wrong' })), 'login')
  }
  const { browser: own, page } = await waiting(person)
  t.equal(pathOf(await showCode(own, page, app.code(clock.now()))), '/account')
})

void t.test('two people in one browser: each by the own factor', async (t) => {
  const first = await enrolled()
  const second = await enrolled()
  const browser = visitor()
  const one = await upToCode(browser, `${issuer}${login}`, first.person)
  await showCode(browser, one, first.app.code(clock.now()))
  const form = await browser.open(`${issuer}/login?next=%2Faccount&switch=1`)
  const two = await browser.signIn(form, second.person)
  t.equal(stepOf(two), 'mfa')
  t.equal(await room.count('sessions', second.userId), 0)
  t.equal((await showCode(browser, two, first.app.code(clock.now(), 1))).status, 401)
  t.equal(pathOf(await showCode(browser, two, second.app.code(clock.now()))), '/account')
  t.match(await room.liveSessions(first.userId), [{ acr: 'aal2' }])
  t.match(await room.liveSessions(second.userId), [{ acr: 'aal2' }])
})

void t.test('a new password by mail signs nobody in, and takes no factor away', async (t) => {
  const { person, userId } = await enrolled()
  const browser = visitor()
  await browser.submit(await open(browser, '/forgot-password'), { email: person.email })
  const [{ link } = { link: '' }] = await lettersTo(issuer, person.email, { count: 1 })
  const done = await browser.submit(await browser.open(link), { password: 'a quite new one 12345' })
  t.equal(pathOf(done), '/login')
  t.equal(await room.count('sessions', userId), 0)
  const page = await browser.signIn(done, { ...person, password: 'a quite new one 12345' })
  t.equal(stepOf(page), 'mfa', 'the factor is still asked for')
})

void t.test('a password changed since the proof was shown voids it', async (t) => {
  const { person, app } = await enrolled()
  const { browser, page } = await waiting(person)
  const other = visitor()
  await other.submit(await open(other, '/forgot-password'), { email: person.email })
  const [{ link } = { link: '' }] = await lettersTo(issuer, person.email, { count: 1 })
  await other.submit(await other.open(link), { password: 'a quite new one 12345' })
  const late = await showCode(browser, page, app.code(clock.now()))
  t.equal(late.status, 400)
  await expectNobody(t, browser, 'with an old password')
})

void t.test('20 at once with one code, over two processes: one session', async (t) => {
  const crowdOfTwo = crowd(2, 'racer')
  const processes = await startProcesses(t, {
    config: { ...plain, users: [...plain.users, ...crowdOfTwo.people] },
    count: 2,
  })
  const yard = await factorRoom(t, processes.databaseUrl)
  const [north = '', south = ''] = processes.origins
  const at = ownAccount(processes.issuer, north)
  const start = `${processes.issuer}${login}`

  await t.test('of one proof, and of twenty proofs', async (t) => {
    const person = crowdOfTwo.somebody()
    const { app, userId } = await yard.enrol(person)
    for (let round = 0; round < 4; round += 1) {
      await yard.rewind(userId)
      const before = await yard.count('sessions', userId)
      const first = at.visitor()
      const page = await upToCode(first, start, person)
      const tries = await Promise.all(
        Array.from({ length: 20 }, async (_, n) => {
          if (round % 2 === 0) return { browser: first.twin(), page, n }
          const browser = at.visitor()
          return { browser, page: await upToCode(browser, start, person), n }
        }),
      )
      const code = app.code(Date.now())
      const answers = await Promise.all(
        tries.map(async ({ browser, page: form, n }) => {
          browser.origin = n % 2 === 0 ? north : south
          return showCode(browser, form, code)
        }),
      )
      const through = answers.filter((answer) => pathOf(answer) === '/account')
      t.equal(through.length, 1, `round ${round}: ${answers.map(({ status }) => status).join()}`)
      t.equal(await yard.count('sessions', userId), before + 1)
    }
  })

  await t.test('300 guesses at once never exceed the budget', async (t) => {
    const person = crowdOfTwo.somebody()
    const { userId } = await yard.enrol(person)
    const browser = at.visitor()
    const page = await upToCode(browser, start, person)
    const answers = []
    for (let n = 0; n < 300; n += 50)
      answers.push(
        ...(await Promise.all(
          Array.from({ length: 50 }, async (_, i) => {
            const one = browser.twin()
            one.origin = i % 2 === 0 ? north : south
            return showCode(one, page, '000000')
          }),
        )),
      )
    t.equal(answers.filter(({ status }) => status === 401).length, 10, 'checked')
    t.equal(answers.filter(({ status }) => status === 429).length, 290, 'told to wait')
    t.equal(await yard.audited('second_factor_failed', userId), 10)
  })
})
