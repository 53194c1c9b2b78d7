// Another password for an account, asked for on its page: the present one is the proof, other devices are signed out.
import { sql } from 'drizzle-orm'
import t from 'tap'
import { changePassword } from '../../src/domain/recovery/change-password.ts'
import { DEFAULT_SETTINGS } from '../../src/domain/settings/settings.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { openDatabase } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { type Browser, fieldOf, formWith } from '../helpers/browser.ts'
import { kinds, testDatabase, withoutPostgres } from '../helpers/database.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { crowd, ownAccount } from '../helpers/own-account.ts'
import { verdict } from '../helpers/provider.ts'
import { pathOf } from '../helpers/registering.ts'
import { isRecord } from '../helpers/wire.ts'
import { bob, world } from '../helpers/world.ts'
import { makeUser } from '../storage/rows.ts'

t.setTimeout(240_000)

const { people, somebody } = crowd(24)
const everybody = world() as { users: object[] }
const config = { ...everybody, users: [...everybody.users, ...people] }
const identity = await startIdentity(t, { config })
const { issuer } = identity
const at = ownAccount(issuer)
const { rp, visitor, signIn, mailsTo, mail, open, signsIn, isSignedIn } = at
const page = '/account/password'
const url = `${issuer}${page}`
const fresh = 'a brand new pass phrase 99'
const changedMail = /password was changed$/
const offline = { scope: 'openid offline_access' }

/** Fills the form in as a browser does that knows the password. */
async function change(browser: Browser, current: string, password = fresh, more = {}) {
  const form = await open(browser, page)
  return browser.submit(form, { current_password: current, password, ...more })
}

void t.test('from the account page: this device goes on, the others are signed out', async (t) => {
  const person = somebody()
  const [here, there] = [visitor(), visitor()]
  const mine = await rp.signIn(here, offline, { person })
  const theirs = await rp.signIn(there, offline, { person })
  const other = await rp.signIn(visitor(), offline, { person: bob })
  const form = await open(here, page)
  t.equal(pathOf(form), page)
  t.same(
    formWith(form, ['password']).fields.map(({ name, type }) => `${name} ${type}`),
    ['csrf hidden', 'current_password password', 'password password', 'end_others checkbox'],
    'the present one, a new one, and others are signed out by default',
  )
  for (const attribute of ['current-password', 'new-password', 'username'])
    t.match(form.body, `autocomplete="${attribute}"`)

  const done = await change(here, person.password)
  t.equal(pathOf(done), page)
  t.match(textOf(done.body), /changed, and your other devices are signed out/)
  t.equal(await isSignedIn(here), true)
  t.equal(await isSignedIn(there), false)
  t.equal(verdict(await rp.refresh(mine.tokens.refreshToken)), '200')
  t.equal(verdict(await rp.refresh(theirs.tokens.refreshToken)), '400 invalid_grant')
  t.equal((await rp.provider.userinfo(theirs.tokens.accessToken)).status, 401)
  t.equal(verdict(await rp.refresh(other.tokens.refreshToken)), '200', 'nobody else’s')
  t.equal(await signsIn(person), false)
  t.ok(await signsIn({ ...person, password: fresh }))

  const [letter, ...more] = await mailsTo(person.email)
  t.same(more, [])
  t.match(letter?.subject, changedMail)
  t.match(letter?.text, 'All other devices were signed out')
  t.match(letter?.link, `${issuer}/not-me?token=`)
  t.notOk(letter?.text.includes(fresh) === true || letter?.text.includes(person.password) === true)
})

void t.test('other devices stay when the person says so', async (t) => {
  const person = somebody()
  const [here, there] = [visitor(), visitor()]
  await rp.signIn(here, offline, { person })
  const { tokens } = await rp.signIn(there, offline, { person })
  const form = formWith(await open(here, page), ['password'])
  const fields = { current_password: person.password, password: fresh }
  const csrf = form.fields[0]?.value ?? ''
  const done = await here.follow(await here.post(url, { csrf, ...fields }))
  t.match(textOf(done.body), /Your password has been changed\./)
  t.ok(await isSignedIn(there))
  t.equal(verdict(await rp.refresh(tokens.refreshToken)), '200')
  t.match((await mail(person.email, changedMail)).text, 'Other devices stay signed in')
  t.equal(await signsIn(person), false)
})

for (const [what, typed, problem] of [
  ['no present one', { current_password: '' }, /Enter your current password/],
  ['a wrong present one', { current_password: 'something else entirely' }, /not your current/],
  [
    'the new one as the present one',
    { current_password: fresh },
    /not your current|not the present/,
  ],
  ['no new one', { password: '' }, /Enter a password/],
  [
    'neither',
    { current_password: '', password: '' },
    /Enter your current password.*Enter a password/,
  ],
  ['a short one', { password: 'shrt7x' }, /Too short/],
  ['14 characters', { password: 'qhx twm bzk vj' }, /1 more character/],
  ['one of 1,025', { password: 'ab cd ef gh ij '.repeat(80) }, /Too long/],
  ['a common one', { password: 'password12345678' }, /common|easy to guess/],
  ['one letter', { password: 'a'.repeat(20) }, /easy to guess/],
  ['the address', { password: bob.email }, /easy to guess/],
  ['the present one again', { password: bob.password }, /not the present one/],
] as const)
  void t.test(`what will not do: ${what}`, async (t) => {
    const browser = await signIn(bob)
    const there = await signIn(bob)
    const fields = { current_password: bob.password, password: fresh, ...typed }
    const answer = await browser.submit(await open(browser, page), fields)
    t.equal(answer.status, 422)
    t.match(textOf(answer.body), problem)
    t.match(answer.body, /<title>Error: /)
    t.match(answer.body, /aria-invalid="true"/)
    for (const secret of [fields.password, fields.current_password])
      if (secret !== '' && secret !== bob.email)
        t.notOk(answer.body.includes(secret), 'secrets are not given back')
    t.ok(await isSignedIn(there), 'nobody is signed out')
    t.ok(await signsIn(bob))
    t.same(
      (await mailsTo(bob.email)).filter(({ subject }) => changedMail.test(subject)),
      [],
    )
  })

void t.test('an unticked box stays unticked after a problem', async (t) => {
  const browser = await signIn(bob)
  const csrf = fieldOf(await open(browser, page), 'csrf')
  const fields = { csrf, current_password: 'wrong', password: fresh }
  const box = (body: string) =>
    formWith({ ...answer, body }, ['password']).fields.some(({ name }) => name === 'end_others')
  const answer = await browser.post(url, fields)
  t.equal(box(answer.body), false)
  t.equal(box((await browser.post(url, { ...fields, end_others: 'yes' })).body), true)
})

void t.test('ten wrong ones an hour, however many at once, and of this account only', async (t) => {
  const [person, neighbour] = [somebody(), somebody()]
  const browser = await signIn(person)
  const csrf = fieldOf(await open(browser, page), 'csrf')
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      browser.post(url, { csrf, current_password: `guess number ${n}`, password: fresh }),
    ),
  )
  const looked = answers.filter(({ body }) => /not your current password/.test(body))
  t.equal(looked.length, 10)
  t.ok(answers.every(({ status }) => [422, 429, 503].includes(status)))
  const refused = answers.filter(({ status }) => status === 429)
  t.ok(refused.length >= 30)
  t.match(refused[0]?.headers.get('retry-after'), /^\d+$/)
  const right = { csrf, current_password: person.password, password: fresh }
  t.equal((await browser.post(url, right)).status, 429, 'not even the right one')
  t.ok(await signsIn(person), 'signing in has a budget of its own')
  const again = await change(await signIn(neighbour), neighbour.password)
  t.match(textOf(again.body), /has been changed/)
  identity.clock.advance(3601)
  t.match(textOf((await change(await signIn(person), person.password)).body), /has been changed/)
})

void t.test('right ones cost nothing', async (t) => {
  const person = somebody()
  const browser = await signIn(person)
  let current = person.password
  for (let n = 0; n < 12; n += 1) {
    const next = `another pass phrase ${n} by far`
    t.match(textOf((await change(browser, current, next)).body), /has been changed/, String(n))
    current = next
  }
  t.ok(await signsIn({ ...person, password: current }))
})

void t.test(
  'who may not: signed out, signed in long ago, with a form of another person',
  async (t) => {
    const person = somebody()
    const nobody = visitor()
    t.match((await nobody.get(url)).headers.get('location'), '/login?next=%2Faccount%2Fpassword')
    const fields = { current_password: person.password, password: fresh }
    t.equal((await nobody.post(url, fields)).status, 403)
    const browser = await signIn(person)
    const csrf = fieldOf(await open(browser, page), 'csrf')
    const thief = await signIn(bob)
    t.equal((await thief.post(url, { ...fields, csrf })).status, 403)
    t.equal((await browser.post(url, { ...fields, csrf: '' })).status, 403)
    const away = { 'sec-fetch-site': 'cross-site' }
    t.equal((await browser.post(url, { ...fields, csrf }, away)).status, 403)
    for (const name of ['password', 'current_password', 'end_others']) {
      const twice = new URLSearchParams({ ...fields, csrf, end_others: 'yes' })
      twice.append(name, 'x')
      t.equal((await browser.post(url, twice)).status, 400, `${name} twice`)
    }
    const nul = await browser.post(url, { ...fields, csrf, password: `${fresh}\0` })
    t.equal(nul.status, 400)
    identity.clock.advance(601)
    for (const answer of [await browser.get(url), await browser.post(url, { ...fields, csrf })]) {
      t.equal(answer.status, 303)
      t.equal(answer.headers.get('location'), '/login?next=%2Faccount%2Fpassword')
    }
    t.ok(await signsIn(person), 'nothing changed')
  },
)

void t.test('the same password typed in another form of Unicode is the present one', async (t) => {
  const person = somebody()
  const browser = await signIn(person)
  const composed = 'caf\u00e9 noir et bien serr\u00e9'
  await change(browser, person.password, composed)
  const answer = await change(browser, composed, composed.normalize('NFD'))
  t.equal(answer.status, 422)
  t.match(textOf(answer.body), /not the present one/)
  t.match(textOf((await change(browser, composed.normalize('NFD'))).body), /has been changed/)
})

void t.test('the letter speaks the language of whoever changes it', async (t) => {
  const person = somebody()
  const browser = await signIn(person)
  const headers = { 'accept-language': 'de' }
  const form = await browser.open(url, headers)
  t.match(textOf(form.body), /Bisheriges Passwort/)
  await browser.submit(
    form,
    { current_password: person.password, password: fresh },
    undefined,
    headers,
  )
  t.equal((await mailsTo(person.email))[0]?.subject, 'Ihr Passwort wurde geändert')
})

void t.test('a queue that is full answers later, and no try is lost', async (t) => {
  const database = await testDatabase(t, 'pglite')
  const userId = await makeUser(database, 'busy@example.test')
  await database.db.execute(
    sql`insert into passwords (user_id, hash, peppered, changed_at) values (${userId}, 'x', true, now())`,
  )
  const stages = { full: true, verify: 'busy', hash: 'busy' as 'busy' | 'made' }
  const deps = {
    database,
    ring: createKeyRing(new Map([['k', Buffer.alloc(32, 1)]])),
    settings: () => DEFAULT_SETTINGS,
    clock: () => new Date('2026-11-21T12:00:00Z'),
    hasher: {
      get full() {
        return stages.full
      },
      verify: async () =>
        stages.verify === 'busy'
          ? ({ kind: 'busy' } as const)
          : ({ kind: 'right', outdated: false } as const),
      hash: async () =>
        stages.hash === 'busy' ? 'busy' : ({ hash: 'y', peppered: true } as const),
    },
  }
  const wish = { userId, sessionId: userId, current: 'x', fresh, endOthers: true, ip: '192.0.2.1' }
  const letter = {
    to: { name: '', address: 'busy@example.test' },
    subject: 's',
    text: 't',
    html: 'h',
  }
  const answer = async () => changePassword(deps, wish, () => letter)
  for (let n = 0; n < 11; n += 1) t.same((await answer()).kind, 'busy')
  stages.full = false
  for (let n = 0; n < 11; n += 1) t.same((await answer()).kind, 'busy')
  stages.verify = 'right'
  for (let n = 0; n < 11; n += 1) t.same((await answer()).kind, 'busy')
  stages.hash = 'made'
  t.same(await answer(), { kind: 'changed' })
})

const noServer = await withoutPostgres()
for (const kind of kinds)
  void t.test(
    `twenty at once: one new password, on ${kind}`,
    { skip: kind === 'postgres' && noServer },
    async (t) => {
      const racers = crowd(2)
      const service = await startIdentity(t, {
        config: { ...everybody, users: [...everybody.users, ...racers.people] },
        database: kind,
      })
      const there = ownAccount(service.issuer)
      const person = racers.somebody()
      const browser = await there.signIn(person)
      const target = `${service.issuer}${page}`
      const csrf = fieldOf(await browser.open(target), 'csrf')
      const wish = (n: number) => `a pass phrase of racer ${n}`
      // Eight, since a wrong one counts: those that come late find another password.
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          browser.twin().post(target, {
            csrf,
            current_password: person.password,
            password: wish(n),
            end_others: 'yes',
          }),
        ),
      )
      const won = answers.findIndex(({ status }) => status === 303)
      t.equal(answers.filter(({ status }) => status === 303).length, 1)
      t.ok(answers.every(({ status }) => [303, 409, 422].includes(status)))
      t.ok(await there.signsIn({ ...person, password: wish(won) }), 'that of the winner')
      const told = await there.mailsTo(person.email)
      t.equal(told.filter(({ subject }) => changedMail.test(subject)).length, 1)
    },
  )

void t.test('with a hand in the database', { skip: noServer }, async (t) => {
  const racers = crowd(4)
  const service = await startIdentity(t, {
    config: { ...everybody, users: [...everybody.users, ...racers.people] },
    database: 'postgres',
  })
  const there = ownAccount(service.issuer)
  const target = `${service.issuer}${page}`
  const database = await openDatabase(service.databaseUrl ?? '')
  t.teardown(() => database.close())
  const run = async (statement: ReturnType<typeof sql>) =>
    rowsOf(await database.db.execute(statement))

  await t.test('who has no password sets a first one, once', async (t) => {
    const person = racers.somebody()
    const browser = await there.signIn(person)
    const elsewhere = await there.signIn(person)
    await run(
      sql`delete from passwords where user_id = (select id from users where email = ${person.email})`,
    )
    const form = await browser.open(target)
    t.match(textOf(form.body), /Set a password/)
    t.same(
      formWith(form, ['password']).fields.map(({ name }) => name),
      ['csrf', 'password', 'end_others'],
    )
    t.equal((await browser.submit(form, { password: 'short' })).status, 422)
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        browser.twin().submit(form, { password: `a first pass phrase ${n}` }),
      ),
    )
    t.equal(answers.filter(({ status }) => status === 200).length, 1)
    const won = answers.findIndex(({ status }) => status === 200)
    t.ok(await there.signsIn({ ...person, password: `a first pass phrase ${won}` }))
    t.equal(await there.isSignedIn(elsewhere), false)
    t.ok(formWith(await browser.open(target), ['current_password']), 'and from now on it is asked')
  })

  await t.test('password, end of sessions, record and letter are of one transaction', async (t) => {
    const person = racers.somebody()
    const [browser, elsewhere] = [await there.signIn(person), await there.signIn(person)]
    const form = await browser.open(target)
    const fields = { current_password: person.password, password: fresh }
    await run(sql`alter table outbox add constraint full_up check (attempts < 0) not valid`)
    t.equal((await browser.submit(form, fields)).status, 500)
    await run(sql`alter table outbox drop constraint full_up`)
    t.ok(await there.isSignedIn(elsewhere), 'no letter, no change')
    const events = async () =>
      (
        await run(sql`select event from audit join users on users.id = user_id
        where email = ${person.email} and event like any (array['password%', 'session%']) order by audit.id`)
      ).map((row) => isRecord(row) && row['event'])
    t.same(await events(), [])
    t.equal((await browser.submit(form, { ...fields, current_password: 'wrong' })).status, 422)
    t.equal((await browser.submit(form, fields)).status, 200)
    t.same(await events(), ['password_change_refused', 'password_changed', 'session_ended'])
    t.equal(await there.isSignedIn(elsewhere), false)
  })

  await t.test('a person who was disabled meanwhile changes nothing', async (t) => {
    const person = racers.somebody()
    const browser = await there.signIn(person)
    const form = await browser.open(target)
    await run(sql`update users set disabled_at = now() where email = ${person.email}`)
    const before = await run(sql`select * from passwords order by user_id`)
    const fields = { current_password: person.password, password: fresh }
    t.match((await browser.submit(form, fields)).url, '/login')
    t.same(await run(sql`select * from passwords order by user_id`), before)
  })
})
