// A code by mail after the password, where the operator wants one: a second proof, never a second factor.
import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { askCode } from '../../src/domain/mail-codes/ask.ts'
import { checkCode } from '../../src/domain/mail-codes/check.ts'
import { asksSignInCode } from '../../src/domain/mail-codes/sign-in-code.ts'
import { createMailCodeStore } from '../../src/domain/mail-codes/store.ts'
import { createFactorStore } from '../../src/domain/factors/store.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { uuidv7 } from '../../src/platform/crypto/uuid.ts'
import { openDatabase } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { type Browser, type Person, callbackOf, fieldOf, stepOf } from '../helpers/browser.ts'
import { kinds, testDatabase, withoutPostgres } from '../helpers/database.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { decodeJwt } from '../helpers/jwt.ts'
import { crowd, ownAccount } from '../helpers/own-account.ts'
import { tokensOf } from '../helpers/provider.ts'
import { pathOf, registering } from '../helpers/registering.ts'
import type { Answer } from '../helpers/wire.ts'
import { world } from '../helpers/world.ts'
import { after, now } from '../storage/rows.ts'

t.setTimeout(240_000)

const noPostgres = await withoutPostgres()
const { people, somebody } = crowd(16)
const configOf = (settings: object) => {
  const all = world({ sign_up: 'open', ...settings }) as { users: object[] }
  return { ...all, users: [...all.users, ...people] }
}
const identity = await startIdentity(t, { config: configOf({ email_code: 'always' }) })
const at = ownAccount(identity.issuer)
const SUBJECT = /^Your sign-in code$/

/** The mailed codes, newest first. */
async function codesTo({ email }: Person, there = at): Promise<string[]> {
  const mails = await there.mailsTo(email)
  const ours = mails.filter(({ subject }) => SUBJECT.test(subject))
  return ours.map(({ text }) => /\b\d{6}\b/.exec(text)?.[0] ?? '')
}

/** Shows the password in a browser where nobody is signed in, and stays where that leads. */
async function showPassword(
  person: Person,
  browser = at.visitor(),
  there = at,
): Promise<{ browser: Browser; page: Answer }> {
  for (const name of browser.cookies.keys())
    if (name.endsWith('session')) browser.cookies.delete(name)
  const login = await there.open(browser, '/login?next=%2Faccount')
  return { browser, page: await browser.signIn(login, person) }
}

/** The same, as far as the page of the code, with the code that was mailed. */
async function asFarAsCode(t: Test, person: Person, browser = at.visitor()) {
  const { page } = await showPassword(person, browser)
  t.equal(pathOf(page), '/email-code')
  const [code = ''] = await codesTo(person)
  return { browser, page, code }
}

const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

await t.test('off by default: nobody is asked', async (t) => {
  const plain = await startIdentity(t, { config: configOf({}) })
  const there = ownAccount(plain.issuer)
  const ada = somebody()
  const { page } = await showPassword(ada, there.visitor(), there)
  t.equal(pathOf(page), '/account')
  t.same(await codesTo(ada, there), [])
})

await t.test('password, code, session; amr says so, and acr stays what it is', async (t) => {
  const ada = somebody()
  const browser = at.visitor()
  const request = await at.rp.request({ scope: 'openid' })
  const { answer: page } = await browser.authorize(request.url, { person: ada })
  t.equal(pathOf(page), '/email-code')
  t.match(textOf(page.body), `${ada.email[0]}•••@example.test`)
  t.notMatch(page.body, ada.email, 'the address is for its owner')
  t.equal(await at.isSignedIn(browser), false, 'no session yet')
  const again = await browser.authorize(request.url)
  t.equal(stepOf(again.answer), 'login', 'the request has nobody yet')

  const [code = ''] = await codesTo(ada)
  t.match(code, /^\d{6}$/)
  const answer = await browser.submit(page, { code: ` ${code.slice(0, 3)}-${code.slice(3)} ` })
  const callback = callbackOf(answer, identity.issuer)
  if (callback === undefined) throw new Error('not back at the application')
  const tokens = tokensOf(await at.rp.redeem(request, callback))
  for (const token of [tokens.idToken, tokens.accessToken])
    t.match(decodeJwt(token).claims, { amr: ['pwd', 'otp'], acr: 'aal1' })
  t.equal(await at.isSignedIn(browser), true)

  const back = await browser.open(page.url)
  t.not(pathOf(back), '/email-code', 'the back button goes on')
  const { page: next } = await showPassword(ada, browser)
  t.equal(pathOf(next), '/email-code', 'always means always')
})

await t.test('new devices only: a known one is spared, another is not', async (t) => {
  const config = configOf({ email_code: 'new_devices' })
  const choosy = await startIdentity(t, { config })
  const there = ownAccount(choosy.issuer)
  const ada = somebody()
  const { browser, page } = await showPassword(ada, there.visitor(), there)
  t.equal(pathOf(page), '/email-code')
  const [code = ''] = await codesTo(ada, there)
  t.equal(pathOf(await browser.submit(page, { code })), '/account')
  t.equal(pathOf((await showPassword(ada, browser, there)).page), '/account')
  t.equal(pathOf((await showPassword(ada, there.visitor(), there)).page), '/email-code')
  const bob = somebody()
  t.equal(pathOf((await showPassword(bob, browser, there)).page), '/email-code', 'known to another')

  const { newBrowser, newEmail, register, mailTo } = registering(choosy)
  const newcomer = newBrowser()
  const address = newEmail()
  const waiting = await register(newcomer, address)
  const { code: proof } = await mailTo(address)
  const done = await newcomer.submit(waiting, { code: proof })
  t.equal(pathOf(done), '/', 'whoever has just proved the mailbox is not asked again')
})

await t.test('five tries, then another code; the newest counts', async (t) => {
  const ada = somebody()
  const { browser, page, code } = await asFarAsCode(t, ada)
  for (const typed of ['', '12345', 'abcdef', '1234567', `${code}0`, 'x'.repeat(500)]) {
    const answer = await browser.submit(page, { code: typed })
    t.equal(answer.status, 422, typed)
    t.match(textOf(answer.body), /must be 6 digits/)
  }
  for (let tries = 0; tries < 5; tries += 1) {
    const answer = await browser.submit(page, { code: other(code) })
    t.equal(answer.status, 422)
    t.match(textOf(answer.body), /That code didn’t work/)
  }
  const late = await browser.submit(page, { code })
  t.equal(late.status, 422, 'the right one, too late')
  t.match(textOf(late.body), /Too many tries/)

  const press = { name: 'decision', value: 'resend' }
  const soon = await browser.submit(page, {}, press)
  t.equal(soon.status, 429)
  t.ok(Number(soon.headers.get('retry-after')) >= 1)
  t.equal((await codesTo(ada)).length, 1)
  identity.clock.advance(61)
  const resent = await browser.submit(page, {}, press)
  t.equal(resent.status, 200)
  t.match(textOf(resent.body), /Another mail is on its way/)
  const [newest = ''] = await codesTo(ada)
  if (newest !== code) t.equal((await browser.submit(resent, { code })).status, 422, 'the old one')
  t.equal(pathOf(await browser.submit(resent, { code: newest })), '/account')
})

await t.test('a code works for ten minutes', async (t) => {
  const ada = somebody()
  const { browser, page, code } = await asFarAsCode(t, ada)
  identity.clock.advance(601)
  const answer = await browser.submit(page, { code })
  t.equal(answer.status, 422)
  t.match(textOf(answer.body), /has expired/)
  identity.clock.advance(300)
  const gone = await browser.open(page.url)
  t.equal(gone.status, 410, 'and the password for fifteen')
  t.match(gone.body, 'href="/login?next=%2Faccount"')
})

await t.test('of twenty at once, one; a code is no good twice', async (t) => {
  const ada = somebody()
  const { browser, page, code } = await asFarAsCode(t, ada)
  const csrf = fieldOf(page, 'csrf')
  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => browser.twin().post(page.url, { csrf, code })),
  )
  t.equal(answers.filter(({ status }) => status === 303).length, 1)
  const again = await browser.twin().post(page.url, { csrf, code })
  t.not(again.status, 303)
})

await t.test('another browser, another page, another person: nothing', async (t) => {
  const [ada, bob] = [somebody(), somebody()]
  const { browser, page, code } = await asFarAsCode(t, ada)
  const stranger = at.visitor()
  t.equal((await stranger.open(page.url)).status, 410, 'the address alone')
  const { page: theirs } = await showPassword(ada, stranger)
  const crossed = await stranger.submit(theirs, { code })
  t.equal(crossed.status, 422, 'the code of another browser')

  const proof = new URL(page.url).searchParams.get('proof') ?? ''
  for (const path of ['/mfa', '/enrol', '/mfa/recovery', '/login', '/consent', '/account']) {
    await browser.open(`${identity.issuer}${path}?proof=${encodeURIComponent(proof)}`)
    t.equal(await at.isSignedIn(browser), false, path)
  }
  const enrol = await browser.open(`${identity.issuer}/enrol?proof=${encodeURIComponent(proof)}`)
  t.ok(enrol.status >= 400 || pathOf(enrol) === '/login', 'no way to set a factor up with it')
  const { page: his } = await showPassword(bob, browser)
  const swapped = await browser.submit(his, { code })
  t.equal(swapped.status, 422, 'the code of another person in the same browser')

  const csrf = fieldOf(page, 'csrf')
  t.equal((await browser.post(page.url, { csrf: 'x', code })).status, 403)
  t.equal((await browser.post(`${page.url}&proof=${proof}`, { csrf, code })).status, 400)
  const twice = new URLSearchParams([
    ['csrf', csrf],
    ['code', code],
    ['code', code],
  ])
  t.not((await browser.post(page.url, twice)).status, 303)
  t.equal(pathOf(await browser.submit(page, { code })), '/account', 'all that did no harm')
})

await t.test('“this wasn’t me” takes the password, and the code with it', async (t) => {
  const ada = somebody()
  const { browser, page, code } = await asFarAsCode(t, ada)
  const letter = await at.mail(ada.email, SUBJECT)
  const owner = at.visitor()
  const asked = await at.open(owner, letter.link.slice(identity.issuer.length))
  t.match(textOf(asked.body), /somebody entered your password/)
  await at.press(owner, asked)
  t.equal((await browser.submit(page, { code })).status, 410)
  t.equal(await at.isSignedIn(browser), false)
})

await t.test('a flood of sign-ins fills no mailbox, and tries have one budget', async (t) => {
  const ada = somebody()
  const waiting: { browser: Browser; page: Answer }[] = []
  for (let count = 0; count < 13; count += 1) waiting.push(await showPassword(ada))
  const codes = await codesTo(ada)
  t.equal(codes.length, 10, 'ten an hour, from however many browsers')
  const statuses: number[] = []
  for (const { browser, page } of waiting.slice(0, 6))
    for (let tries = 0; tries < 2; tries += 1)
      statuses.push((await browser.submit(page, { code: '000000' })).status)
  t.same(statuses.slice(10), [429, 429], 'ten tries a quarter of an hour')
  identity.clock.advance(3601)
  t.equal(pathOf((await showPassword(ada)).page), '/email-code')
  t.equal((await codesTo(ada)).length, 11)
})

for (const kind of kinds) {
  const skip = kind === 'postgres' ? noPostgres : false
  await t.test(`codes on ${kind}`, { skip }, async (t) => {
    const database = await testDatabase(t, kind)
    const ring = createKeyRing(new Map([['test', Buffer.alloc(32, 7)]]))
    const clock = { now }
    const deps = { database, ring, clock: () => clock.now }
    const sent: string[] = []
    const sender = { send: async (_tx: unknown, code: string) => void sent.push(code) }
    const place = { purpose: 'test', subject: 'ada', browserHash: 'b' }
    t.same(await checkCode(deps, place, '123456'), { kind: 'gone' })

    const asked = await Promise.all(
      Array.from({ length: 20 }, async () => askCode(deps, place, sender)),
    )
    t.equal(asked.filter((one) => one.kind === 'sent').length, 1, 'one of twenty is sent')
    t.equal(sent.length, 1)
    const [code = ''] = sent
    for (const elsewhere of [
      { ...place, purpose: 'other' },
      { ...place, subject: 'bob' },
      { ...place, browserHash: 'c' },
    ])
      t.same(await checkCode(deps, elsewhere, code), { kind: 'gone' })
    const tries = await Promise.all(
      Array.from({ length: 20 }, async () => checkCode(deps, place, other(code))),
    )
    t.equal(tries.filter((one) => one.kind === 'wrong').length, 5, 'five tries of twenty')
    t.equal(tries.filter((one) => one.kind === 'exhausted').length, 15)
    t.same(await checkCode(deps, place, code), { kind: 'exhausted' })

    clock.now = after(60)
    t.same(await askCode(deps, place, sender), { kind: 'sent' })
    const newest = sent.at(-1) ?? ''
    const right = await Promise.all(
      Array.from({ length: 20 }, async () => checkCode(deps, place, newest)),
    )
    t.equal(right.filter((one) => one.kind === 'right').length, 1, 'right once')
    t.same(await checkCode(deps, place, newest), { kind: 'used' })
    t.same(await askCode(deps, place, sender), { kind: 'sent' }, 'after a used one, at once')
    const kept = rowsOf<{ code_mac: string }>(
      await database.db.execute(sql`select code_mac from mail_codes`),
    )
    t.notMatch(kept[0]?.code_mac, sent.at(-1))

    const failing = { send: async () => Promise.reject(new Error('no letter')) }
    const elsewhere = { ...place, browserHash: 'd' }
    await t.rejects(askCode(deps, elsewhere, failing))
    t.same(await checkCode(deps, elsewhere, '1'), { kind: 'gone' }, 'no code without its letter')

    clock.now = after(60 + 601)
    t.same(await checkCode(deps, place, sent.at(-1) ?? ''), { kind: 'expired' })
    await createMailCodeStore(database.db).deleteExpired(clock.now)
    t.same(await checkCode(deps, place, sent.at(-1) ?? ''), { kind: 'gone' })
  })
}

await t.test(
  'who has a real second factor is never offered the weaker one',
  { skip: noPostgres },
  async (t) => {
    const config = configOf({ email_code: 'always' })
    const strict = await startIdentity(t, { config, database: 'postgres' })
    const there = ownAccount(strict.issuer)
    const database = await openDatabase(strict.databaseUrl ?? '')
    t.teardown(() => database.close())
    const ada = somebody()
    const { browser, page } = await showPassword(ada, there.visitor(), there)
    t.equal(pathOf(page), '/email-code')
    const [{ id } = { id: '' }] = rowsOf<{ id: string }>(
      await database.db.execute(sql`select id from users where email = ${ada.email}`),
    )
    const created = { name: 'Phone', sealed: 'sealed', lastStep: 1, createdAt: new Date() }
    await createFactorStore(database.db).addAuthenticator(id, {
      id: uuidv7(new Date()),
      ...created,
    })
    const [code = ''] = await codesTo(ada, there)
    const elsewhere = there.visitor()
    const first = await elsewhere.open(`${strict.issuer}/login`)
    const csrf = fieldOf(first, 'csrf')
    const { headers } = await elsewhere.post(first.url, { csrf, ...ada })
    t.match(headers.get('location'), /^\/mfa\?/)
    t.equal((await codesTo(ada, there)).length, 1, 'no further mail')
    // Set up while the code was on its way: the code is right, and not enough.
    const late = await browser.post(page.url, { csrf: fieldOf(page, 'csrf'), code })
    t.match(late.headers.get('location'), /^\/mfa\?/)
    t.equal(await there.isSignedIn(browser), false)
  },
)

await t.test('whom to ask, as a table', async (t) => {
  const none = { authenticators: 0, passkeys: 0, recoveryCodes: 0 }
  const password = { amr: ['pwd'], acr: 'aal1', isKnownDevice: false }
  const known = { ...password, isKnownDevice: true }
  t.equal(asksSignInCode('always', password, none), true)
  t.equal(asksSignInCode('always', known, none), true)
  t.equal(asksSignInCode('new_devices', password, none), true)
  t.equal(asksSignInCode('new_devices', known, none), false)
  t.equal(asksSignInCode('off', password, none), false)
  t.equal(asksSignInCode('always', { ...password, amr: ['pwd', 'otp'] }, none), false)
  t.equal(asksSignInCode('always', { ...password, amr: ['fed'] }, none), false)
  t.equal(asksSignInCode('always', { ...password, acr: 'aal2' }, none), false)
  t.equal(asksSignInCode('always', password, { ...none, authenticators: 1 }), false)
  t.equal(asksSignInCode('always', password, { ...none, passkeys: 1 }), false)
  t.equal(asksSignInCode('always', password, { ...none, recoveryCodes: 10 }), true, 'no factor')
})
