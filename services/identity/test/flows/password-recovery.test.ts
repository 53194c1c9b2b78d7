// "Forgot your password?": the link by mail, and the page behind it.
import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { askForReset } from '../../src/domain/recovery/ask.ts'
import { createRecoveryLinks } from '../../src/domain/recovery/link.ts'
import { createOutbox } from '../../src/domain/mail/store.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { openDatabase } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { BAD_TOKENS, tokenOf, withToken } from '../helpers/bad-tokens.ts'
import { Browser, type Person, fieldOf, formWith, mustReturn, stepOf } from '../helpers/browser.ts'
import { testDatabase, withoutPostgres } from '../helpers/database.ts'
import { targetsOf, textOf } from '../helpers/html.ts'
import { type Identity, startIdentity } from '../helpers/identity.ts'
import { Provider } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { type Answer, isRecord, send, sendRaw } from '../helpers/wire.ts'
import { ada, bob, judge, world } from '../helpers/world.ts'
import { email, makeUser } from '../storage/rows.ts'

t.setTimeout(180_000)

const people: Person[] = Array.from({ length: 32 }, (_, n) => ({
  email: `person-${n}@example.test`,
  password: `an old pass phrase number ${n}`,
}))
const everybody = world({ sign_in_failures_per_hour: 3 }) as { users: object[] }
const config = { ...everybody, users: [...everybody.users, ...people] }
const identity = await startIdentity(t, { config })
const fresh = 'a brand new pass phrase 99'
const left = [...people]

/** Somebody whom no other test has asked for, since a mailbox gets few mails an hour. */
function somebody(): Person {
  const person = left.shift()
  if (person === undefined) throw new Error('nobody left: make more people')
  return person
}

const visitor = (at = identity) => new Browser(at.issuer)

async function ask(address: string, at = identity, headers = {}, browser = visitor(at)) {
  const page = await browser.open(`${at.issuer}/forgot-password`, headers)
  return browser.submit(page, { email: address }, undefined, headers)
}

interface Mail {
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly links: readonly string[]
}

/** Mails to an address, newest first; waits for as many as are expected. */
async function mailsTo(address: string, count: number, at = identity): Promise<Mail[]> {
  for (let tries = 0; ; tries += 1) {
    const { body } = await send(
      `${at.issuer}/dev/inbox/messages?to=${encodeURIComponent(address)}&wait_s=${count > 0 ? 10 : 0}`,
    )
    const list = JSON.parse(body) as Mail[]
    if (list.length >= count || tries === 100) return list
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function linkFor(address: string, at = identity, headers = {}): Promise<string> {
  const before = (await mailsTo(address, 0, at)).length
  await ask(address, at, headers)
  const [mail] = await mailsTo(address, before + 1, at)
  return mail?.links[0] ?? `${at.issuer}/reset-password?token=none`
}

async function signsIn(person: Person, at: Identity = identity): Promise<boolean> {
  const rp = new RelyingParty(new Provider(at.issuer), judge)
  const landing = await visitor(at).authorize((await rp.request()).url, { person })
  return landing.callback?.params.has('code') ?? false
}

async function reset(link: string, password = fresh, browser = new Browser(new URL(link).origin)) {
  return browser.submit(await browser.open(link), { password })
}

function isStale(t: Test, answer: Answer, what = '') {
  t.equal(answer.status, 400, what)
  t.match(textOf(answer.body), /This link no longer works/, what)
  t.match(targetsOf(answer.body).join(' '), /\/forgot-password/, 'another one can be had')
  t.notMatch(answer.body, /type="password"/, what)
}

void t.test('asked for on the way to an application, and opened on a phone', async (t) => {
  const person = somebody()
  const rp = new RelyingParty(new Provider(identity.issuer), judge)
  const laptop = visitor()
  const login = await laptop.open((await rp.request()).url)
  const href = targetsOf(login.body).find((target) => target.startsWith('/forgot-password'))
  await laptop.submit(await laptop.open(`${identity.issuer}${href}`), { email: person.email })
  const [mail] = await mailsTo(person.email, 1)
  const link = mail?.links[0] ?? ''
  t.match(link, 'tx=')
  const phone = visitor()
  const done = await reset(link, fresh, phone)
  t.equal(stepOf(done), 'login', 'and not that some page has expired')
  t.match(textOf(done.body), /Your password has been changed/)
  const used = await phone.open(link)
  isStale(t, used)
  const again = targetsOf(used.body).find((target) => target.startsWith('/forgot-password'))
  t.equal((await phone.open(`${identity.issuer}${again}`)).status, 200)
  const back = await laptop.authorize(login.url, { person: { ...person, password: fresh } })
  t.ok(mustReturn(back).params.has('code'), 'the laptop goes on where it was')
})

void t.test('from the sign-in page to the application, by mail', async (t) => {
  const person = somebody()
  const rp = new RelyingParty(new Provider(identity.issuer), judge)
  const browser = visitor()
  const { url } = await rp.request()
  const login = await browser.open(url)
  const href = targetsOf(login.body).find((target) => target.startsWith('/forgot-password'))
  t.match(href, /\?tx=/)
  const page = await browser.open(`${identity.issuer}${href}`)
  t.match(textOf(page.body), /The judge app/)
  const sent = await browser.submit(page, { email: person.email })
  t.equal(sent.status, 200)
  t.match(
    textOf(sent.body),
    `If an account exists for ${person.email} , we sent a link. It works for 30 minutes.`,
  )

  const [mail, ...others] = await mailsTo(person.email, 1)
  t.same(others, [])
  t.equal(mail?.subject, 'Choose a new password')
  const link = mail?.links[0] ?? ''
  t.same(mail?.links, [link], 'one link')
  t.ok(mail?.html.includes(link.replaceAll('&', '&amp;')), 'the same in HTML')
  t.match(link, `${identity.issuer}/reset-password?token=`)

  for (let look = 0; look < 3; look += 1) t.equal((await visitor().open(link)).status, 200)
  await send(link, { method: 'HEAD' })
  const form = await browser.open(link)
  t.equal(form.headers.get('referrer-policy'), 'no-referrer')
  t.equal(form.headers.get('cache-control'), 'no-store')
  t.same(
    formWith(form, ['password']).fields.map(({ name, type }) => `${name} ${type}`),
    ['csrf hidden', 'password password'],
    'one new password is all it asks for',
  )
  t.match(form.body, /name="password"/)
  t.match(form.body, /autocomplete="new-password"/)
  t.match(form.body, /autocomplete="username"/)

  const done = await browser.submit(form, { password: fresh })
  t.equal(stepOf(done), 'login', 'it signs nobody in')
  t.match(textOf(done.body), /Your password has been changed/)
  t.equal(await signsIn(person), false, 'the old password is none any more')
  const landing = await browser.walk(done, { person: { ...person, password: fresh } })
  t.ok(mustReturn(landing).params.has('code'), 'and on to the application')
  t.equal(mustReturn(landing).params.get('state')?.length, 43)

  const [notice] = await mailsTo(person.email, 2)
  t.equal(notice?.subject, 'Your password was changed')
  t.same(notice?.links, [`${identity.issuer}/forgot-password`])
  t.notOk(notice?.text.includes(fresh))
})

void t.test('without an application, and in another browser', async (t) => {
  const person = somebody()
  const link = await linkFor(person.email)
  const browser = visitor()
  const form = await browser.open(link)
  const answer = await browser.post(form.url, { csrf: fieldOf(form, 'csrf'), password: fresh })
  t.equal(answer.status, 303)
  t.equal(answer.headers.get('location'), '/login?reset=done')
  t.notOk([...browser.cookies.keys()].includes('signet_session'))
  t.ok(await signsIn({ ...person, password: fresh }))
})

void t.test('the same answer whether there is an account or not (invariant 9)', async (t) => {
  const browser = visitor()
  const person = somebody()
  const answerFor = async (address: string) => {
    const { status, headers, body } = await ask(address, identity, {}, browser)
    const all = [...headers].filter(
      ([name]) => !/^(?:date|content-length|x-ratelimit-.*)$/.test(name),
    )
    return { status, headers: all, body: body.replaceAll(address, '@') }
  }
  const known = await answerFor(person.email)
  t.equal(known.status, 200)
  t.strictSame(await answerFor('nobody@example.test'), known)
  t.strictSame(await answerFor('nobody-else@elsewhere.example.test'), known)
  t.equal((await mailsTo(person.email, 1)).length, 1)
  t.same(await mailsTo('nobody@example.test', 0), [])
  for (let n = 0; n < 8; n += 1) t.strictSame(await answerFor(person.email), known, `ask ${n}`)
  await answerFor('nobody@example.test')
  t.equal((await mailsTo(person.email, 5)).length, 5, 'five mails an hour to one mailbox')
  identity.clock.advance(3601)
  await answerFor(person.email)
  t.equal((await mailsTo(person.email, 6)).length, 6)
})

for (const [typed, problem] of [
  ['', /Enter an email address\./],
  ['   ', /Enter an email address\./],
  ['ada', /like name@example\.com/],
  ['ada@example.test\r\nBcc: eve@evil.test', /like name@example\.com/],
  ['ada@example.test, eve@evil.test', /like name@example\.com/],
  [`${'a'.repeat(400)}@example.test`, /like name@example\.com/],
] as const)
  void t.test(`no address: ${encodeURI(typed.slice(0, 60))}`, async (t) => {
    const answer = await ask(typed)
    t.equal(answer.status, 422)
    t.match(textOf(answer.body), problem)
    t.match(answer.body, /<title>Error: /)
    t.equal((await mailsTo('eve@evil.test', 0)).length, 0)
  })

void t.test('the link is at the issuer, whatever host the request names', async (t) => {
  const person = somebody()
  const browser = visitor()
  const page = await browser.open(`${identity.issuer}/forgot-password`)
  const cookie = [...browser.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ')
  const body = new URLSearchParams({ csrf: fieldOf(page, 'csrf'), email: person.email }).toString()
  await sendRaw(identity.issuer, '/forgot-password', {
    method: 'POST',
    headers: {
      host: 'evil.test',
      'x-forwarded-host': 'evil.test',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.test',
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(body.length),
      cookie,
    },
    body,
  })
  const [mail] = await mailsTo(person.email, 1)
  t.equal(new URL(mail?.links[0] ?? 'https://none.test').origin, identity.issuer)
  t.notMatch(JSON.stringify(mail), /evil/)
})

void t.test('mail and pages speak the language of whoever asks', async (t) => {
  const person = somebody()
  const headers = { 'accept-language': 'ar' }
  const link = await linkFor(person.email, identity, headers)
  const [mail] = await mailsTo(person.email, 1)
  t.match(mail?.subject, /\p{Script=Arabic}/u)
  t.match(mail?.html, /<html lang="ar" dir="rtl">/)
  t.match((await visitor().open(link, { 'accept-language': 'de' })).body, /Neues Passwort wählen/)
})

for (const [name, change] of [
  ...BAD_TOKENS,
  ['with NUL', (token: string) => `${token}\0`] as const,
])
  void t.test(`a token ${name} opens nothing`, async (t) => {
    const good = await shared()
    const bad = withToken(good, change(tokenOf(good)))
    const browser = visitor()
    isStale(t, await browser.open(bad))
    const own = await browser.open(good)
    isStale(t, await browser.post(bad, { csrf: fieldOf(own, 'csrf'), password: fresh }))
    t.ok(await signsIn(sharer), 'nothing changed')
  })

const sharer = somebody()
let sharedLink: Promise<string> | undefined
/** One good link that no test uses up. */
async function shared(): Promise<string> {
  return (sharedLink ??= linkFor(sharer.email))
}

void t.test('what else we seal is no link', async (t) => {
  const rp = new RelyingParty(new Provider(identity.issuer), judge)
  const login = await visitor().open((await rp.request()).url)
  const tx = new URL(login.url).searchParams.get('tx') ?? ''
  t.ok(tx.length > 40)
  isStale(t, await visitor().open(`${identity.issuer}/reset-password?token=${tx}`))
  const link = new URL(await shared())
  const token = link.searchParams.get('token') ?? ''
  const back = await visitor().open(`${identity.issuer}/login?tx=${encodeURIComponent(token)}`)
  t.equal(back.status, 400)
})

for (const [what, password, problem] of [
  ['none', '', /Enter a password/],
  ['a short one', 'short', /Too short: \d+ more character/],
  ['14 characters', 'abcdefghijklmn', /Too short: \d+ more character/],
  ['one of 1,080', 'ab cd ef '.repeat(120), /Too long: use 1024/],
  ['the address', sharer.email.padEnd(15), /Too easy/],
  ['one letter again and again', 'a'.repeat(20), /Too easy/],
] as const)
  void t.test(`a password that will not do: ${what}`, async (t) => {
    const typed = what === 'the address' ? sharer.email : password
    const answer = await reset(await shared(), typed)
    t.equal(answer.status, 422)
    t.match(textOf(answer.body), problem)
    if (typed !== '' && typed !== sharer.email) t.notOk(answer.body.includes(`value="${typed}"`))
    t.equal((await visitor().open(await shared())).status, 200, 'the link stays good')
    t.ok(await signsIn(sharer))
  })

for (const [what, form, headers, status] of [
  ['no CSRF token', { csrf: '' }, {}, 403],
  ['a made-up one', { csrf: 'test.AAAA' }, {}, 403],
  ['another site', {}, { 'sec-fetch-site': 'cross-site' }, 403],
] as const)
  void t.test(`forms that are not ours: ${what}`, async (t) => {
    for (const link of [await shared(), `${identity.issuer}/forgot-password`]) {
      const browser = visitor()
      const page = await browser.open(link)
      const fields = { csrf: fieldOf(page, 'csrf'), password: fresh, email: bob.email, ...form }
      t.equal((await browser.post(link, fields, headers)).status, status)
    }
    t.ok(await signsIn(sharer))
    t.same(await mailsTo(bob.email, 0), [])
  })

void t.test('a link lives thirty minutes', async (t) => {
  const link = await linkFor(somebody().email)
  identity.clock.advance(1795)
  t.equal((await visitor().open(link)).status, 200)
  const browser = visitor()
  const form = await browser.open(link)
  identity.clock.advance(6)
  isStale(t, await visitor().open(link))
  isStale(t, await browser.submit(form, { password: fresh }), 'nor does an open form outlive it')
})

void t.test('used, a link is closed, and with it every other one', async (t) => {
  const person = somebody()
  const [first, second] = [await linkFor(person.email), await linkFor(person.email)]
  t.not(first, second)
  t.equal(stepOf(await reset(second)), 'login')
  isStale(t, await visitor().open(second))
  isStale(t, await visitor().open(first))
  const browser = visitor()
  const csrf = fieldOf(await browser.open(`${identity.issuer}/forgot-password`), 'csrf')
  for (const link of [first, second])
    isStale(t, await browser.post(link, { csrf, password: 'yet another pass phrase 1' }))
  t.ok(await signsIn({ ...person, password: fresh }))
  const again = await linkFor(person.email)
  t.equal(stepOf(await reset(again, fresh)), 'login', 'the same password again is a change, too')
  isStale(t, await visitor().open(again))
})

void t.test('twenty at once: one new password (invariant 2)', async (t) => {
  const person = somebody()
  const link = await linkFor(person.email)
  const tries = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => {
      const browser = visitor()
      return { browser, page: await browser.open(link), password: `a pass phrase of racer ${n}` }
    }),
  )
  const answers = await Promise.all(
    tries.map(async ({ browser, page, password }) => browser.submit(page, { password })),
  )
  const won = answers.filter((answer) => stepOf(answer) === 'login')
  t.equal(won.length, 1)
  t.equal(answers.filter(({ status }) => status === 400).length, 19)
  const winner = tries[answers.findIndex((answer) => stepOf(answer) === 'login')]
  t.ok(await signsIn({ ...person, password: winner?.password ?? '' }), 'that of the winner')
  t.equal((await mailsTo(person.email, 2)).length, 2, 'one link, one notice')
})

void t.test('it ends every session and grant of the person, and nobody else’s', async (t) => {
  const person = somebody()
  const rp = new RelyingParty(new Provider(identity.issuer), judge)
  const scope = { scope: 'openid offline_access' }
  const [one, two, other] = [visitor(), visitor(), visitor()]
  const grants = [await rp.signIn(one, scope, { person }), await rp.signIn(two, scope, { person })]
  const others = await rp.signIn(other, scope, { person: ada })
  const link = await linkFor(person.email)
  const alive = async (browser: Browser) =>
    mustReturn(await browser.authorize((await rp.request({ prompt: 'none' })).url)).params.has(
      'code',
    )
  t.ok(await alive(one), 'asking changes nothing')
  const landed = await reset(link, fresh, one)
  t.equal(stepOf(landed), 'login')
  for (const browser of [one, two]) t.equal(await alive(browser), false)
  for (const { tokens } of grants) {
    const answer = await rp.refresh(tokens.refreshToken ?? '')
    t.equal(answer.status, 400)
    const body: unknown = JSON.parse(answer.body)
    t.equal(isRecord(body) && body['error'], 'invalid_grant')
  }
  t.ok(await alive(other))
  t.equal((await rp.refresh(others.tokens.refreshToken ?? '')).status, 200)
})

void t.test('it gives a spent budget of sign-ins back', async (t) => {
  const person = somebody()
  for (let n = 0; n < 4; n += 1) await signsIn({ ...person, password: 'wrong' })
  t.equal(await signsIn(person), false, 'spent')
  const link = await linkFor(person.email)
  t.equal(await signsIn(person), false, 'asking alone gives nothing back')
  await reset(link)
  t.ok(await signsIn({ ...person, password: fresh }))
})

void t.test('mails are counted by network, too, without a word', async (t) => {
  const database = await testDatabase(t, 'pglite')
  const ring = createKeyRing(new Map([['k', Buffer.alloc(32, 1)]]))
  const clock = () => new Date('2026-11-21T12:00:00Z')
  const deps = { database, ring, clock, links: createRecoveryLinks(ring) }
  const asking = { ip: '192.0.2.1', network: '192.0.2.1', mailsPerNetworkAndHour: 3 }
  const tokens: string[] = []
  const letter = ({ email: address }: { email: string }, token: string) => {
    tokens.push(token)
    return { to: { name: '', address }, subject: 's', text: 't', html: 'h' }
  }
  for (let n = 0; n < 5; n += 1) {
    await makeUser(database, `person-${n}@example.test`)
    await askForReset(deps, { ...asking, email: email(`person-${n}@example.test`) }, letter)
  }
  t.equal((await createOutbox(database.db, ring, clock).latest(9)).length, 3)
  const elsewhere = { ...asking, network: '192.0.2.2', email: email('person-4@example.test') }
  await askForReset(deps, elsewhere, letter)
  t.equal(new Set(tokens).size, 4, 'another network has its own')
})

const skip = await withoutPostgres()

void t.test('with a hand in the database', { skip }, async (t) => {
  const at = await startIdentity(t, { config, database: 'postgres' })
  const database = await openDatabase(at.databaseUrl ?? '')
  t.teardown(() => database.close())
  const { db } = database
  const newcomers = [...people]
  const next = () => newcomers.shift() ?? ada
  const run = async (statement: ReturnType<typeof sql>) => rowsOf(await db.execute(statement))

  await t.test('a disabled account gets no mail, and the same answer', async (t) => {
    const person = next()
    await run(sql`update users set disabled_at = now() where email = ${person.email}`)
    t.equal((await ask(person.email, at)).status, 200)
    await linkFor(next().email, at)
    t.same(await mailsTo(person.email, 0, at), [])
  })

  for (const [what, change] of [
    [
      'disabled',
      (address: string) => sql`update users set disabled_at = now() where email = ${address}`,
    ],
    [
      'with another address',
      (address: string) => sql`update users set email = 'new-' || email where email = ${address}`,
    ],
    [
      'with another password',
      (address: string) =>
        sql`update passwords set hash = hash || 'x' where user_id = (select id from users where email = ${address})`,
    ],
    [
      'without its password',
      (address: string) =>
        sql`delete from passwords where user_id = (select id from users where email = ${address})`,
    ],
    ['deleted', (address: string) => sql`delete from users where email = ${address}`],
  ] as const)
    await t.test(`a link dies with a change: ${what}`, async (t) => {
      const person = next()
      const link = await linkFor(person.email, at)
      const browser = visitor(at)
      const form = await browser.open(link)
      t.equal(form.status, 200)
      await run(change(person.email))
      const before = await run(sql`select * from passwords order by user_id`)
      isStale(t, await browser.submit(form, { password: fresh }))
      isStale(t, await browser.open(link))
      t.same(await run(sql`select * from passwords order by user_id`), before, 'nothing moved')
    })

  await t.test(
    'whoever has no password may set a first one, and has proved the mailbox',
    async (t) => {
      const person = next()
      await run(
        sql`delete from passwords where user_id = (select id from users where email = ${person.email})`,
      )
      await run(sql`update users set email_verified = false where email = ${person.email}`)
      const link = await linkFor(person.email, at)
      const tries = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const browser = visitor(at)
          return { browser, page: await browser.open(link) }
        }),
      )
      const answers = await Promise.all(
        tries.map(async ({ browser, page }) => browser.submit(page, { password: fresh })),
      )
      t.equal(answers.filter((answer) => stepOf(answer) === 'login').length, 1)
      t.ok(await signsIn({ ...person, password: fresh }, at))
      t.same(await run(sql`select email_verified from users where email = ${person.email}`), [
        { email_verified: true },
      ])
    },
  )

  await t.test('twenty at once over many connections: one new password', async (t) => {
    const person = next()
    const link = await linkFor(person.email, at)
    const tries = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const browser = visitor(at)
        return { browser, page: await browser.open(link), password: `a pass phrase of racer ${n}` }
      }),
    )
    const answers = await Promise.all(
      tries.map(async ({ browser, page, password }) => browser.submit(page, { password })),
    )
    t.equal(answers.filter((answer) => stepOf(answer) === 'login').length, 1)
    t.equal(answers.filter(({ status }) => status === 400).length, 19)
  })

  await t.test(
    'the record, the end of sessions and the notice are of one transaction',
    async (t) => {
      const person = next()
      const rp = new RelyingParty(new Provider(at.issuer), judge)
      await rp.signIn(visitor(at), {}, { person })
      const link = await linkFor(person.email, at)
      await run(sql`alter table outbox add constraint full_up check (attempts < 0) not valid`)
      const browser = visitor(at)
      const form = await browser.open(link)
      t.equal((await browser.submit(form, { password: fresh })).status, 500)
      await run(sql`alter table outbox drop constraint full_up`)
      t.ok(await signsIn(person, at), 'no notice, no change')
      const events = async () =>
        (
          await run(sql`select event from audit join users on users.id = user_id
          where email = ${person.email} and event like any (array['password%', 'session%']) order by audit.id`)
        ).map((row) => isRecord(row) && row['event'])
      t.same(await events(), ['password_reset_asked'])
      t.equal(stepOf(await reset(link)), 'login')
      const [asked, ...rest] = await events()
      t.equal(asked, 'password_reset_asked')
      t.same(new Set(rest), new Set(['password_reset', 'session_ended']))
      t.equal(rest.length, 3, 'two sessions ended')
    },
  )

  await t.test('the answer waits for nothing that is looked up', async (t) => {
    const person = next()
    const start = performance.now()
    await db.transaction(async (tx) => {
      await tx.execute(sql`lock table users, outbox, throttles in access exclusive mode`)
      t.equal((await ask(person.email, at)).status, 200)
      t.equal((await ask('nobody@example.test', at)).status, 200)
      t.ok(performance.now() - start < 5000, 'though nobody can be looked up')
    })
    t.equal((await mailsTo(person.email, 1, at)).length, 1, 'the mail follows')
  })
})
