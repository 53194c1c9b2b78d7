// An authenticator app is set up in the account: nothing is stored before it is proved, and nothing is shown after.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { Browser, type Person, fieldOf, stepOf } from '../helpers/browser.ts'
import { needsPostgres } from '../helpers/database.ts'
import {
  actionOf,
  codesOn,
  countOf,
  dump,
  press,
  prove,
  secretOn,
  setUp,
} from '../helpers/enrolling.ts'
import { textOf } from '../helpers/html.ts'
import { freePort, startIdentity } from '../helpers/identity.ts'
import { crowd, ownAccount } from '../helpers/own-account.ts'
import { pathOf } from '../helpers/registering.ts'
import { AuthenticatorApp, factorRoom, showCode, upToCode } from '../helpers/second-factor.ts'
import { world } from '../helpers/world.ts'

t.setTimeout(300_000)

await needsPostgres(t)

const { people, somebody } = crowd(40)
const base = world() as { users: object[] }
const config = { ...base, users: [...base.users, ...people] }
const identity = await startIdentity(t, { config, database: 'postgres' })
const { issuer, clock } = identity
const room = await factorRoom(t, identity.databaseUrl ?? '')
const { database } = room
const { open, signIn, visitor, mail, mailsTo } = ownAccount(issuer)

const twoStep = '/account/two-step'
const add = `${twoStep}/add`

/** Somebody at the page with the picture. */
async function begun() {
  const person = somebody()
  const browser = await signIn(person)
  const page = await open(browser, add)
  return { person, browser, page, userId: await room.userId(person) }
}

/** Nothing of a second factor is stored of this person. */
async function isUntouched(t: Test, userId: string, what: string) {
  t.equal(await countOf(database, 'authenticators', userId), 0, `${what}: no authenticator`)
  t.equal(await countOf(database, 'recovery_codes', userId), 0, `${what}: no recovery codes`)
}

void t.test('scan, code, recovery codes, "I saved them": only then it counts', async (t) => {
  const { person, browser, page, userId } = await begun()
  t.match(textOf((await open(browser, twoStep)).body), 'Set up an authenticator app')
  t.match(textOf((await open(browser, '/account')).body), 'Two-step sign-in Off')
  const secret = secretOn(page)
  t.match(page.url, /\/account\/two-step\/add\?setup=/)
  t.equal(secretOn(await browser.open(page.url)), secret, 'the same key after a refresh')
  t.not(secretOn(await open(browser, add)), secret, 'another one when begun anew')
  t.match(page.body, `href="otpauth://totp/Signet:${encodeURIComponent(person.email)}?secret=`)
  t.match(page.body, /<svg class="qr"[^>]*role="img" aria-label="[^"]+"/)
  t.match(page.body, 'autocomplete="one-time-code"')
  await isUntouched(t, userId, 'at the picture')

  const app = new AuthenticatorApp(secret)
  const used = app.code(clock.now())
  const spaced = ` ${used.slice(0, 3)} - ${used.slice(3)} `
  const saving = await browser.submit(page, { code: spaced, name: ' My  phone ' })
  const codes = codesOn(saving)
  t.equal(new Set(codes).size, 10)
  await isUntouched(t, userId, 'at the codes')
  t.notMatch(saving.body, secret)
  t.same(codesOn(await browser.open(saving.url)), codes, 'the same codes after a refresh')

  const [, href = ''] = /href="([^"]*)"[^>]*download/.exec(saving.body) ?? []
  const file = await browser.get(new URL(href.replaceAll('&amp;', '&'), issuer).href)
  t.match(
    file.headers.get('content-disposition'),
    'attachment; filename="signet-recovery-codes.txt"',
  )
  t.match(file.headers.get('content-type'), 'text/plain')
  t.equal(file.headers.get('cache-control'), 'no-store')
  for (const text of [
    'Signet',
    person.email,
    String(new Date(clock.now()).getFullYear()),
    ...codes,
  ])
    t.ok(file.body.includes(text), text)

  const done = await press(browser, saving)
  t.equal(pathOf(done), twoStep)
  t.match(textOf(done.body), /The authenticator app is set up.*My phone.*10 recovery codes left/)
  t.equal(await countOf(database, 'authenticators', userId), 1)
  t.equal(await countOf(database, 'recovery_codes', userId), 10)
  t.match(textOf((await open(browser, '/account')).body), 'Two-step sign-in On')
  const [session] = await room.liveSessions(userId)
  t.equal(session?.acr, 'aal2', 'shown in this session')
  t.same(session?.amr, ['pwd', 'otp', 'mfa'])
  const letter = await mail(person.email, /authenticator app was added/)
  t.match(letter.link, `${issuer}/not-me?token=`)
  t.notOk(letter.text.includes('My phone'), 'no word of the person’s own')
  t.equal(await room.audited('authenticator_added', userId), 1)
  t.equal(await room.audited('recovery_codes_made', userId), 1)

  // Nothing is shown again, and nothing comes back.
  t.equal(pathOf(await browser.open(page.url)), twoStep)
  t.equal(pathOf(await browser.open(saving.url)), twoStep)
  t.equal((await browser.get(new URL(href.replaceAll('&amp;', '&'), issuer).href)).status, 404)
  const csrf = fieldOf(await open(browser, add), 'csrf')
  for (const again of [page, saving])
    await browser.follow(await browser.post(actionOf(again), { csrf, code: used }))
  t.equal(await countOf(database, 'authenticators', userId), 1)
  t.equal((await mailsTo(person.email)).length, 1, 'one letter')

  const other = visitor()
  const asked = await upToCode(other, `${issuer}/login?next=%2Faccount`, person)
  t.equal((await showCode(other, asked, used)).status, 401, 'the first code counts as used')
  t.equal(pathOf(await showCode(other, asked, app.code(clock.now(), 1))), '/account')

  const everything = await dump(database)
  t.ok(everything.includes(userId), 'the dump holds the rows')
  for (const text of [secret, ...codes, ...codes.map((code) => code.replace('-', ''))])
    t.notOk(everything.includes(text), 'no table holds a secret')
})

void t.test('a second one needs no new codes, and the first goes on', async (t) => {
  const { browser, page, userId } = await begun()
  const first = await setUp(browser, page, clock.now())
  t.equal(first.recoveryCodes.length, 10)
  const second = await setUp(browser, await open(browser, add), clock.now(), '')
  t.same(second.recoveryCodes, [])
  t.match(textOf(second.done.body), /My phone.*Authenticator app .*Added/, 'unnamed, it has a name')
  t.equal(await countOf(database, 'authenticators', userId), 2)
  t.equal(await countOf(database, 'recovery_codes', userId), 10)
})

void t.test('at most five, since each is one more code to guess', async (t) => {
  const { browser, page, userId } = await begun()
  await setUp(browser, page, clock.now())
  for (let n = 2; n <= 5; n += 1)
    await setUp(browser, await open(browser, add), clock.now(), `${n}`)
  t.notMatch((await open(browser, twoStep)).body, `href="${add}"`)
  const sixth = await setUp(browser, await open(browser, add), clock.now())
  t.equal(sixth.done.status, 409)
  t.equal(await countOf(database, 'authenticators', userId), 5)
})

for (const steps of [-1, 1])
  void t.test(`a clock that is ${steps * 30} seconds off will do`, async (t) => {
    const { browser, page } = await begun()
    // To the middle of a step, so that none begins between the app and the service.
    clock.advance(30 - ((clock.now() / 1000) % 30) + 15)
    t.equal(codesOn((await prove(browser, page, clock.now(), { steps })).answer).length, 10)
  })

void t.test('digits of an Arabic keyboard', async (t) => {
  const { browser, page } = await begun()
  const code = new AuthenticatorApp(secretOn(page)).code(clock.now())
  const arabic = code.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)))
  t.equal(codesOn(await browser.submit(page, { code: arabic, name: '' })).length, 10)
})

void t.test('what will not do', async (t) => {
  const { browser, page, userId } = await begun()
  const app = new AuthenticatorApp(secretOn(page))
  const now = clock.now()
  const right = new Set([-1, 0, 1].map((steps) => app.code(now, steps)))
  const off = ['000000', '111111', '222222', '333333'].find((code) => !right.has(code)) ?? ''
  for (const [what, code, words] of [
    ['nothing', '', /Enter the code that the app shows/],
    ['spaces', '   ', /Enter the code that the app shows/],
    ['too short', '12345', /must be 6 numbers/],
    ['too long', '1234567', /must be 6 numbers/],
    ['letters', 'abcdef', /must be 6 numbers/],
    ['a sign', '-1e456', /must be 6 numbers/],
    ['very much', '1'.repeat(5000), /must be 6 numbers/],
    ['a wrong one', off, /That code didn’t work/],
    ['an old one', app.code(now, -3), /That code didn’t work/],
    ['a future one', app.code(now, 3), /That code didn’t work/],
    ['another app’s', new AuthenticatorApp().code(now), /That code didn’t work/],
  ] as const) {
    const answer = await browser.submit(page, { code, name: 'My phone' })
    t.equal(answer.status, 422, what)
    t.match(textOf(answer.body), words, what)
    t.match(answer.body, /<title>Error: /)
    t.match(answer.body, /aria-invalid="true"/)
    t.match(answer.body, /value="My phone"/, 'the name is kept')
    t.notMatch(answer.body, /id="code"[^>]*value=/, 'the code is not')
    t.equal(secretOn(answer), secretOn(page), 'the same key')
  }
  const long = await browser.submit(page, { code: app.code(now), name: 'x'.repeat(61) })
  t.equal(long.status, 422)
  t.match(textOf(long.body), /Enter a shorter name/)
  const twice = new URLSearchParams({ csrf: fieldOf(page, 'csrf'), code: app.code(now), name: '' })
  twice.append('code', app.code(now))
  t.equal((await browser.post(actionOf(page), twice)).status, 400)
  await isUntouched(t, userId, 'after all of it')
})

void t.test(
  'ten tries at one key, however many come at once; another key has its own',
  async (t) => {
    const { browser, page, userId } = await begun()
    const app = new AuthenticatorApp(secretOn(page))
    const [csrf, action] = [fieldOf(page, 'csrf'), actionOf(page)]
    const wrong = app.code(clock.now(), 9)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        browser.twin().post(action, { csrf, code: wrong, name: '' }),
      ),
    )
    const statuses = answers.map(({ status }) => status)
    t.equal(statuses.filter((status) => status === 422).length, 10)
    t.equal(statuses.filter((status) => status === 429).length, 10)
    const late = await browser.submit(page, { code: app.code(clock.now()), name: '' })
    t.equal(late.status, 429, 'the right one comes too late')
    t.match(textOf(late.body), /Start again with a new picture/)
    await isUntouched(t, userId, 'after the tries')
    const { done } = await setUp(browser, await open(browser, add), clock.now())
    t.equal(pathOf(done), twoStep)
  },
)

void t.test('a set-up is of one person and one session', async (t) => {
  const { browser, page, userId, person } = await begun()
  const app = new AuthenticatorApp(secretOn(page))
  const elsewhere = await signIn(person)
  const thief = await begun()
  for (const [who, other] of [
    ['the same person elsewhere', elsewhere],
    ['somebody else', thief.browser],
  ] as const) {
    const shown = await other.open(page.url)
    t.not(secretOn(shown), secretOn(page), `${who} is shown another key`)
    const form = { csrf: fieldOf(shown, 'csrf'), code: app.code(clock.now()), name: '' }
    const sent = await other.follow(await other.post(page.url, form))
    t.same(codesOn(sent), [], who)
  }
  const proved = (await prove(browser, page, clock.now())).answer
  for (const other of [elsewhere, thief.browser]) {
    const csrf = fieldOf(await open(other, add), 'csrf')
    await other.follow(await other.post(proved.url, { csrf }))
    t.same(codesOn(await other.open(proved.url)), [])
    const file = proved.url.replace('/add?', '/file?')
    t.equal((await other.get(file)).status, 404, 'nor are the codes a file for others')
  }
  await isUntouched(t, userId, 'the owner')
  await isUntouched(t, thief.userId, 'the thief')
  t.equal(pathOf(await press(browser, proved)), twoStep, 'the owner goes on')
})

void t.test('made-up and bent addresses begin anew', async (t) => {
  const { browser, page, userId } = await begun()
  const setup = new URL(page.url).searchParams.get('setup') ?? ''
  for (const bent of ['', 'x', `${setup}x`, setup.slice(1), setup.replace('.', '..')]) {
    const answer = await open(browser, `${add}?setup=${encodeURIComponent(bent)}`)
    t.not(secretOn(answer), secretOn(page))
  }
  t.equal((await open(browser, `${add}?setup=a&setup=b`)).status, 400)
  // A set-up without its first code is no set of codes, and the other way round.
  t.equal((await open(browser, `${twoStep}/file?setup=${setup}`)).status, 404)
  const csrf = fieldOf(page, 'csrf')
  await browser.follow(await browser.post(`${issuer}${twoStep}/codes?setup=${setup}`, { csrf }))
  await isUntouched(t, userId, 'still')
})

void t.test('nobody else’s form, and only for whoever is signed in', async (t) => {
  const { page, userId, browser } = await begun()
  const stranger = await begun()
  const csrf = fieldOf(stranger.page, 'csrf')
  const code = new AuthenticatorApp(secretOn(page)).code(clock.now())
  t.equal((await browser.post(actionOf(page), { csrf, code, name: '' })).status, 403)
  t.equal((await browser.post(actionOf(page), { code, name: '' })).status, 403)
  const proved = (await prove(browser, page, clock.now())).answer
  t.equal((await browser.post(actionOf(proved), { csrf })).status, 403)
  const cross = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
  const own = { csrf: fieldOf(proved, 'csrf') }
  t.equal((await browser.post(actionOf(proved), own, cross)).status, 403)
  await isUntouched(t, userId, 'the person')
  for (const path of [twoStep, add, `${twoStep}/codes`, `${twoStep}/file`, `${twoStep}/app`])
    t.equal(stepOf(await open(visitor(), path)), 'login', path)
})

void t.test('twenty presses at once make one', async (t) => {
  const { browser, page, userId, person } = await begun()
  const { answer } = await prove(browser, page, clock.now())
  const csrf = fieldOf(answer, 'csrf')
  const all = Array.from({ length: 20 }, () => browser.twin().post(actionOf(answer), { csrf }))
  for (const { status } of await Promise.all(all)) t.ok([303, 403].includes(status), String(status))
  t.equal(await countOf(database, 'authenticators', userId), 1)
  t.equal(await countOf(database, 'recovery_codes', userId), 10)
  t.equal(await room.audited('authenticator_added', userId), 1)
  t.equal((await mailsTo(person.email)).length, 1)
})

void t.test('new recovery codes take the place of the old when they are saved', async (t) => {
  const { browser, page, userId, person } = await begun()
  const none = await open(browser, `${twoStep}/codes`)
  t.equal(pathOf(none), twoStep, 'without a second factor there is nothing to come back to')
  const { recoveryCodes } = await setUp(browser, page, clock.now())
  const renewal = await open(browser, `${twoStep}/codes`)
  const fresh = codesOn(renewal)
  t.equal(fresh.filter((code) => !recoveryCodes.includes(code)).length, 10)
  t.same(codesOn(await browser.open(renewal.url)), fresh, 'the same after a refresh')
  const use = async (code: string) => {
    const other = visitor()
    const asked = await upToCode(other, `${issuer}/login?next=%2Faccount`, person)
    const way = await other.open(`${asked.url}&way=recovery-code`)
    return showCode(other, way, code)
  }
  t.equal((await use(fresh[0] ?? '')).status, 401, 'not before they are saved')
  t.equal((await use(recoveryCodes[0] ?? '')).status, 200, 'until then the old ones work')

  const done = await press(browser, renewal)
  t.match(textOf(done.body), /new recovery codes are in force.*10 recovery codes left/)
  t.equal((await use(recoveryCodes[1] ?? '')).status, 401)
  t.equal((await use(fresh[0] ?? '')).status, 200)
  t.match(textOf((await open(browser, twoStep)).body), '9 recovery codes left')
  t.equal(pathOf(await browser.open(renewal.url)), twoStep, 'they are not shown again')
  // Saved again, they would make the used one good again.
  const csrf = fieldOf(await open(browser, add), 'csrf')
  await browser.follow(await browser.post(actionOf(renewal), { csrf }))
  t.equal((await use(fresh[0] ?? '')).status, 401)
  t.equal(await room.audited('recovery_codes_made', userId), 2)
  await mail(person.email, /New recovery codes/)
})

void t.test('a set-up ends after ten minutes; then there is a new picture', async (t) => {
  const { browser, page, person, userId } = await begun()
  const app = new AuthenticatorApp(secretOn(page))
  clock.advance(601)
  // By then the sign-in is as old, and is confirmed first.
  const login = await browser.open(page.url)
  t.equal(stepOf(login), 'login')
  const anew = await browser.signIn(login, person)
  t.match(textOf(anew.body), /That took too long/)
  t.not(secretOn(anew), secretOn(page))
  const form = { csrf: fieldOf(anew, 'csrf'), code: app.code(clock.now()), name: '' }
  t.same(codesOn(await browser.follow(await browser.post(page.url, form))), [])
  await isUntouched(t, userId, 'the late one')
  t.equal(pathOf((await setUp(browser, anew, clock.now())).done), twoStep)
})

void t.test('over a restart on the embedded database, and not a word in the log', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'signet-two-step-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const port = await freePort()
  const person: Person = { email: 'restart@example.test', password: 'a pass phrase of its own 7' }
  const file = join(folder, 'config.json')
  await writeFile(file, JSON.stringify({ ...base, users: [person] }))
  const own = `http://localhost:${port}`
  let log = ''
  const start = async () => {
    const main = fileURLToPath(new URL('../../src/main.js', import.meta.url))
    const child = spawn(process.execPath, [main], {
      env: {
        PATH: process.env['PATH'],
        ISSUER: own,
        PORT: String(port),
        DATABASE_URL: `pglite:${join(folder, 'data')}`,
        SECRET_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
        CONFIG_FILE: file,
        LOG_LEVEL: 'trace',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()))
    t.teardown(() => child.kill('SIGKILL'))
    for (let tries = 0; tries < 600; tries += 1) {
      const ready = await fetch(`${own}/health/ready`).catch(() => undefined)
      if (ready?.ok === true) return child
      await wait(50)
    }
    throw new Error('the service did not become ready')
  }
  const first = await start()
  const browser = new Browser(own)
  await browser.signIn(await browser.open(`${own}/login?next=%2Faccount`), person)
  const page = await browser.open(`${own}${add}`)
  const ended = once(first, 'exit')
  first.kill('SIGTERM')
  await ended
  await start()
  const { app, recoveryCodes, done } = await setUp(browser, page, Date.now())
  t.equal(pathOf(done), twoStep, 'what was begun before is finished after it')
  t.equal(recoveryCodes.length, 10)
  t.match(log, /"msg"/, 'there is a log')
  for (const secret of [app.secret, ...recoveryCodes])
    t.notOk(log.includes(secret), 'no secret is logged')
  t.notOk(log.includes(new URL(page.url).searchParams.get('setup') ?? 'none'), 'nor its address')
})
