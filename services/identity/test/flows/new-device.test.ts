// The letter about a sign-in on a device that the account has not been used on.
import { sql } from 'drizzle-orm'
import t from 'tap'
import { createNotMeLinks } from '../../src/domain/recovery/not-me.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { openDatabase } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { Browser, type Person, fieldOf, stepOf } from '../helpers/browser.ts'
import { withoutPostgres } from '../helpers/database.ts'
import { startIdentity } from '../helpers/identity.ts'
import { bent } from '../helpers/jwt.ts'
import { lettersTo } from '../helpers/mailbox.ts'
import { isRecord, sendRaw } from '../helpers/wire.ts'
import { world } from '../helpers/world.ts'

t.setTimeout(120_000)

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0'
const subject = 'New sign-in to your account'
const left: Person[] = Array.from({ length: 24 }, (_, n) => ({
  email: `person-${n}@example.test`,
  password: `the pass phrase of person ${n}`,
}))
// More than sign in at once below: a try counts until it was right.
const budget = 8
const base = world({ sign_in_failures_per_hour: budget }) as { users: object[] }
const config = { ...base, users: [...base.users, ...left] }
const identity = await startIdentity(t, { config })
const newBrowser = () => new Browser(identity.issuer)

function somebody(): Person {
  const person = left.shift()
  if (person === undefined) throw new Error('nobody left: make more people')
  return person
}

async function signIn(person: Person, browser = newBrowser(), headers = {}): Promise<Browser> {
  const page = await browser.open(`${browser.issuer}/login?switch=1`)
  const answer = await browser.submit(page, { ...person }, undefined, headers)
  if (answer.status !== 200 || stepOf(answer) === 'login')
    throw new Error(`not signed in: ${answer.status}`)
  return browser
}

const lettersOf = async ({ email }: Person, count: number) =>
  lettersTo(identity.issuer, email, { count, subject })

void t.test(
  'the first sign-in is told to nobody, one on a second device to the owner',
  async (t) => {
    const person = somebody()
    await signIn(person)
    await signIn(person, newBrowser(), { 'user-agent': firefox })
    const [letter, ...others] = await lettersOf(person, 1)
    t.same(others, [])
    t.match(letter?.text, 'Device: Firefox, Linux')
    t.match(letter?.text, /IP address: (127\.0\.0\.1|::1)/)
    t.match(letter?.text, /Time: .*UTC/)
    t.match(letter?.text, /The link works for 7 days, and only once/)
    t.match(letter?.link, `${identity.issuer}/not-me?token=`)
    t.equal(letter?.text.split('http').length, 2, 'one link')
    const ring = createKeyRing(new Map([['test', Buffer.alloc(32, 7)]]))
    const token = new URL(letter?.link ?? '').searchParams.get('token') ?? ''
    const link = createNotMeLinks(ring).open(token, new Date(identity.clock.now()))
    t.match(link, { because: 'new-device', email: person.email })
  },
)

void t.test('known devices are told of by nobody', async (t) => {
  const person = somebody()
  const browser = await signIn(person)
  await signIn(person, browser)
  const home = await browser.open(`${identity.issuer}/`)
  await browser.post('/sign-out', { csrf: fieldOf(home, 'csrf') })
  await signIn(person, browser)
  const withoutSession = browser.twin()
  withoutSession.cookies.delete('signet_session')
  await signIn(person, withoutSession)
  const withoutDevice = browser.twin()
  withoutDevice.cookies.delete('signet_device')
  await signIn(person, withoutDevice)
  await signIn(person)
  t.equal((await lettersOf(person, 1)).length, 1, 'only the last one')
})

void t.test('each new device, though five at once', async (t) => {
  const person = somebody()
  await signIn(person)
  await Promise.all(Array.from({ length: 5 }, async () => signIn(person)))
  t.equal((await lettersOf(person, 5)).length, 5)
})

void t.test('a device of somebody else is new to this account, and then no more', async (t) => {
  const [one, two] = [somebody(), somebody()]
  await signIn(one)
  const shared = await signIn(two)
  await signIn(one, shared)
  t.equal((await lettersOf(one, 1)).length, 1)
  await signIn(two, shared)
  await signIn(one, shared)
  t.equal((await lettersOf(one, 1)).length, 1)
  t.same(await lettersOf(two, 0), [])
})

void t.test('a device cookie that is not ours makes nothing known', async (t) => {
  const person = somebody()
  const browser = await signIn(person)
  const value = browser.cookies.get('signet_device')?.value ?? ''
  const forged = [bent(decodeURIComponent(value)), 'x', '', 'x'.repeat(3000)]
  for (const [index, cookie] of forged.entries()) {
    const thief = newBrowser()
    thief.cookies.set('signet_device', { value: cookie, path: '/' })
    await signIn(person, thief)
    t.equal((await lettersOf(person, index + 1)).length, index + 1)
  }
})

void t.test('wrong passwords are told to nobody here', async (t) => {
  const person = somebody()
  await signIn(person)
  await t.rejects(signIn({ ...person, password: 'wrong' }))
  t.same(await lettersOf(person, 0), [])
})

void t.test('a device unlocked by mail is new all the same', async (t) => {
  const person = somebody()
  await signIn(person)
  for (let tries = 0; tries <= budget; tries += 1)
    await signIn({ ...person, password: 'wrong' }).catch(() => undefined)
  const [lockOut] = await lettersTo(identity.issuer, person.email, {
    count: 1,
    subject: 'Too many wrong passwords',
  })
  const browser = newBrowser()
  await browser.submit(await browser.open(lockOut?.link ?? ''), {})
  await signIn(person, browser)
  t.equal((await lettersOf(person, 1)).length, 1)
})

void t.test('nothing that the visitor sends stands in the letter', async (t) => {
  const person = somebody()
  await signIn(person)
  const browser = newBrowser()
  const page = await browser.open(`${identity.issuer}/login`)
  const body = new URLSearchParams({ ...person, csrf: fieldOf(page, 'csrf') }).toString()
  const cookie = [...browser.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ')
  const answer = await sendRaw(identity.issuer, '/login', {
    method: 'POST',
    headers: {
      host: 'evil.test',
      'x-forwarded-host': 'evil.test',
      'x-forwarded-for': '203.0.113.66',
      forwarded: 'for=203.0.113.66;host=evil.test',
      'user-agent': 'evil.test <b>Firefox/143.0</b> https://evil.test/ Linux',
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(body.length),
      cookie,
    },
    body,
  })
  t.equal(answer.status, 303)
  const [letter] = await lettersOf(person, 1)
  t.notMatch(JSON.stringify(letter), /evil|203\.0\.113\.66|<b>/)
  t.match(letter?.text, 'Device: Firefox, Linux')
  t.equal(new URL(letter?.link ?? '').origin, identity.issuer)
})

void t.test(
  'in the language of whoever signs in; an unknown browser is said to be one',
  async (t) => {
    const person = somebody()
    await signIn(person)
    for (const [language, inWords] of [
      ['de', 'Gerät: ein Browser, den wir nicht kennen'],
      ['ar', 'متصفح لا نعرفه'],
    ] as const) {
      const headers = { 'accept-language': language, 'user-agent': 'something/1.0' }
      await signIn(person, newBrowser(), headers)
      const [letter] = await lettersTo(identity.issuer, person.email, { count: 1 })
      t.match(letter?.text, inWords)
      t.match(letter?.html, `<html lang="${language}"`)
    }
  },
)

void t.test('a year away is no first sign-in', async (t) => {
  const person = somebody()
  await signIn(person)
  identity.clock.advance(366 * 86_400)
  await identity.maintain()
  await signIn(person)
  t.equal((await lettersOf(person, 1)).length, 1)
})

const skip = await withoutPostgres()

void t.test('nor are more years than records are kept for', async (t) => {
  const person = somebody()
  await signIn(person)
  identity.clock.advance(401 * 86_400)
  await identity.maintain()
  await signIn(person)
  const letters = await lettersOf(person, 1)
  t.equal(letters.length, 1)
})

void t.test('with a hand in the database', { skip }, async (t) => {
  const at = await startIdentity(t, { config, database: 'postgres' })
  const { db, close } = await openDatabase(at.databaseUrl ?? '')
  t.teardown(close)
  const run = async (statement: ReturnType<typeof sql>) => rowsOf(await db.execute(statement))
  const browserThere = () => new Browser(at.issuer)
  const detailsOf = async ({ email }: Person) =>
    (
      await run(sql`select detail from audit join users on users.id = user_id
        where email = ${email} and event = 'sign_in_succeeded' order by audit.id`)
    ).map((row) => isRecord(row) && row['detail'])

  await t.test('the record says which device, and that it was new', async (t) => {
    const person = somebody()
    const known = await signIn(person, browserThere(), { 'user-agent': firefox })
    await signIn(person, known, { 'user-agent': firefox })
    await signIn(person, browserThere(), { 'user-agent': 'x'.repeat(2000) })
    t.same(await detailsOf(person), [
      { amr: ['pwd'], userAgent: firefox },
      { amr: ['pwd'], userAgent: firefox },
      { amr: ['pwd'], userAgent: 'x'.repeat(400), newDevice: true },
    ])
  })

  await t.test('no letter, no sign-in: both or nothing', async (t) => {
    const person = somebody()
    await signIn(person, browserThere())
    await run(sql`alter table outbox add constraint full_up check (attempts < 0) not valid`)
    const browser = browserThere()
    await t.rejects(signIn(person, browser), /not signed in: 500/)
    await run(sql`alter table outbox drop constraint full_up`)
    t.equal((await detailsOf(person)).length, 1)
    t.notOk(browser.cookies.has('signet_session'))
    await signIn(person, browser)
    t.equal((await lettersTo(at.issuer, person.email, { count: 1, subject })).length, 1)
  })
})
