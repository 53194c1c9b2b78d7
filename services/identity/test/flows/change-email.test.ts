// Another address for an account: pending until its mailbox is proved, and both mailboxes hear of it.
import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { openDatabase } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { type Browser, fieldOf, formWith, stepOf } from '../helpers/browser.ts'
import { kinds, withoutPostgres } from '../helpers/database.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { bent } from '../helpers/jwt.ts'
import { crowd, ownAccount } from '../helpers/own-account.ts'
import { pathOf, registering } from '../helpers/registering.ts'
import { type Answer, isRecord, jsonOf } from '../helpers/wire.ts'
import { ada, bob, world } from '../helpers/world.ts'

t.setTimeout(240_000)

const { people, somebody } = crowd(36)
const owners = crowd(20, 'owner').people
const everybody = world() as { users: object[] }
const config = { ...everybody, users: [...everybody.users, ...people, ...owners] }
const identity = await startIdentity(t, { config })
const { issuer } = identity
const at = ownAccount(issuer)
const { visitor, signIn, mailsTo, mail, newAddress, open, press, askForAddress, signsIn } = at
const other = (code: string, step = 1) => String((Number(code) + step) % 1_000_000).padStart(6, '0')
const resend = { name: 'decision', value: 'resend' }
const proofMail = /^Confirm your new/
const askedMail = /was asked for$/
const changedMail = /address was changed$/

function isStale(t: Test, answer: Answer, what = '') {
  t.equal(answer.status, 400, what)
  t.match(textOf(answer.body), /This link no longer works/, what)
}

/** Somebody who is signed in and has asked for another address. */
async function asking() {
  const person = somebody()
  const browser = await signIn(person)
  const email = newAddress()
  const page = await askForAddress(browser, email)
  return { person, browser, email, page }
}

void t.test('from the account page to the new address, by code', async (t) => {
  const person = somebody()
  const email = newAddress()
  const browser = visitor()
  const { tokens } = await at.rp.signIn(browser, { scope: 'openid email' }, { person })
  const emailClaim = async () => {
    const { email, email_verified } = jsonOf(await at.rp.provider.userinfo(tokens.accessToken))
    return { email, email_verified }
  }
  const form = await open(browser, '/account/email')
  t.match(textOf(form.body), person.email)
  t.match(form.body, /autocomplete="email"/)
  const page = await browser.submit(form, { email: ` ${email.toUpperCase()} ` })
  t.equal(pathOf(page), '/account/email')
  t.match(textOf(page.body), `We wrote to ${email}`)
  t.match(textOf(page.body), person.email, 'the present one is still shown')
  t.match(page.body, /autocomplete="one-time-code"/)

  const proof = await mail(email, proofMail)
  t.match(proof.code, /^\d{6}$/)
  t.match(proof.link, `${issuer}/account/email/confirm?token=`)
  const asked = await mail(person.email, askedMail)
  t.match(asked.link, `${issuer}/not-me?token=`)
  t.notOk(asked.text.includes(email), 'what somebody chose to type is not in a mail of ours')
  t.same(await emailClaim(), { email: person.email, email_verified: true }, 'nothing changed yet')
  t.ok(await signsIn(person))
  t.equal(await signsIn({ ...person, email }), false)

  const code = `${proof.code.slice(0, 3)} ${proof.code.slice(3)}`
  const done = await browser.submit(page, { code })
  t.equal(pathOf(done), '/account/email')
  t.match(textOf(done.body), /Your email address has been changed/)
  t.match(textOf(done.body), new RegExp(`${email} Confirmed`))
  t.same(await emailClaim(), { email, email_verified: true }, 'told at once by userinfo')
  t.equal(await signsIn(person), false, 'the old address signs nobody in')
  t.ok(await signsIn({ ...person, email }))
  const changed = await mail(person.email, changedMail)
  t.match(changed.link, `${issuer}/not-me?token=`)
  t.equal((await mailsTo(person.email)).length, 2)
  t.equal((await mailsTo(email)).length, 1)

  const replay = await browser.submit(page, { code })
  t.equal(replay.status, 410, 'a second press finds nothing to do')
  t.match(textOf(replay.body), /No new address is waiting/)
  t.equal((await mailsTo(person.email)).length, 2)
})

void t.test('by the link: scanners, strangers and other people use nothing up', async (t) => {
  const { person, browser, email } = await asking()
  const { link } = await mail(email, proofMail)
  for (let look = 0; look < 5; look += 1) {
    const scanner = await visitor().open(link)
    t.equal(stepOf(scanner), 'login', 'who is not signed in is asked to')
    t.equal(new URL(scanner.url).searchParams.get('next'), link.slice(issuer.length))
  }
  const thief = await signIn(bob)
  isStale(t, await thief.open(link), 'another person’s')
  const csrf = fieldOf(await open(thief, '/account/email'), 'csrf')
  isStale(t, await thief.post(link, { csrf }), 'nor by pressing')
  t.equal((await visitor().post(link, { csrf })).status, 403)
  t.ok(await signsIn(person), 'nothing changed')

  const page = await browser.open(link)
  t.match(textOf(page.body), `One press, and ${email} is the address of your account.`)
  t.equal((await browser.post(link, { csrf })).status, 403, 'a form made for another browser')
  t.equal((await browser.post(link, { csrf: '' })).status, 403)
  const away = { 'sec-fetch-site': 'cross-site' }
  const own = fieldOf(page, 'csrf')
  t.equal((await browser.post(link, { csrf: own }, away)).status, 403, 'from another site')
  t.ok(await signsIn(person), 'still nothing changed')
  const done = await press(browser, page)
  t.equal(pathOf(done), '/account/email/confirm')
  t.match(textOf(done.body), /has been changed/)
  t.ok(await signsIn({ ...person, email }))
  isStale(t, await browser.open(link), 'used')
  isStale(t, await browser.post(link, { csrf: own }), 'used')
  t.match((await mail(person.email, changedMail)).link, '/not-me?')
})

void t.test('signed out, the link leads through the sign-in and on', async (t) => {
  const { person, email } = await asking()
  const { link } = await mail(email, proofMail)
  const phone = visitor()
  const page = await phone.signIn(await phone.open(link), person)
  t.equal(page.url, link)
  t.match(textOf((await press(phone, page)).body), /has been changed/)
  t.ok(await signsIn({ ...person, email }))
})

void t.test('tokens that are no link', async (t) => {
  const { person, browser, email } = await asking()
  const { link } = await mail(email, proofMail)
  const token = new URL(link).searchParams.get('token') ?? ''
  const notMe = new URL((await mail(person.email, askedMail)).link).searchParams.get('token') ?? ''
  const csrf = fieldOf(await browser.open(link), 'csrf')
  for (const [why, bad] of [
    ['bent', bent(token)],
    ['cut off', token.slice(0, -1)],
    ['made up', `test.${'x'.repeat(80)}`],
    ['of another purpose', notMe],
    ['like SQL', "' OR '1'='1"],
  ] as const) {
    const url = `${issuer}/account/email/confirm?token=${encodeURIComponent(bad)}`
    isStale(t, await browser.open(url), why)
    isStale(t, await browser.post(url, { csrf }), why)
  }
  const twice = `${issuer}/account/email/confirm?token=${token}&token=${token}`
  t.equal((await browser.open(twice)).status, 400)
  t.equal((await browser.post(twice, { csrf })).status, 400)
  const empty = await open(browser, '/account/email/confirm')
  t.equal(pathOf(empty), '/account/email', 'without one it is the page that waits for the code')
  t.ok(await signsIn(person))
})

void t.test('five tries at a code, then not even the right one; another mail helps', async (t) => {
  const { browser, email, page, person } = await asking()
  const { code } = await mail(email, proofMail)
  for (const typed of ['', 'abcdef', '12345', '1234567'])
    t.equal((await browser.submit(page, { code: typed })).status, 422, 'a shape is no try')
  for (let step = 1; step <= 5; step += 1) {
    const answer = await browser.submit(page, { code: other(code, step) })
    t.equal(answer.status, 422)
    t.match(textOf(answer.body), /That code didn’t work/)
    t.match(answer.body, /<title>Error: /)
  }
  t.match(textOf((await browser.submit(page, { code })).body), /Too many tries/)
  const early = await browser.submit(page, {}, resend)
  t.equal(early.status, 429)
  t.match(early.headers.get('retry-after'), /^\d+$/)
  t.equal((await mailsTo(email)).length, 1)
  identity.clock.advance(61)
  const again = await Promise.all(
    Array.from({ length: 20 }, () => browser.submit(page, {}, resend)),
  )
  t.equal(again.filter(({ status }) => status === 200).length, 1, 'one mail a minute')
  t.equal(again.filter(({ status }) => status === 429).length, 19)
  t.equal((await mailsTo(email)).length, 2)
  t.equal((await mailsTo(person.email)).length, 1, 'the old mailbox has been told')
  const fresh = await mail(email, proofMail)
  if (fresh.code !== code)
    t.equal((await browser.submit(page, { code })).status, 422, 'the old one')
  t.match(textOf((await browser.submit(page, { code: fresh.code })).body), /has been changed/)
})

void t.test('thirty wrong codes at once are five tries (invariant 2)', async (t) => {
  const { browser, email, page } = await asking()
  const { code } = await mail(email, proofMail)
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, i) => browser.submit(page, { code: other(code, i + 1) })),
  )
  t.equal(answers.filter(({ body }) => /That code didn’t work/.test(body)).length, 5)
  t.ok(answers.every(({ status }) => status === 422))
  t.equal((await browser.submit(page, { code })).status, 422)
})

void t.test('the newest request counts, its code and its link', async (t) => {
  const { person, browser, email: first } = await asking()
  const old = await mail(first, proofMail)
  const second = newAddress()
  const form = formWith(await open(browser, '/account/email'), ['code'])
  t.equal(form.action, '/account/email/confirm')
  const csrf = form.fields[0]?.value ?? ''
  const page = await browser.follow(
    await browser.post(`${issuer}/account/email`, { csrf, email: second }),
  )
  t.match(textOf(page.body), second)
  const fresh = await mail(second, proofMail)
  if (old.code !== fresh.code) t.equal((await browser.submit(page, { code: old.code })).status, 422)
  isStale(t, await browser.open(old.link))
  isStale(t, await browser.post(old.link, { csrf }))
  t.ok(await signsIn(person))
  t.match(textOf((await browser.submit(page, { code: fresh.code })).body), /has been changed/)
  t.ok(await signsIn({ ...person, email: second }))
})

void t.test('a code works for ten minutes, a link for a day', async (t) => {
  const { person, email } = await asking()
  const { code, link } = await mail(email, proofMail)
  identity.clock.advance(599)
  const browser = await signIn(person)
  const page = await open(browser, '/account/email')
  identity.clock.advance(2)
  t.match(textOf((await browser.submit(page, { code })).body), /has expired/)
  t.equal((await browser.open(link)).status, 200)
  identity.clock.advance(86_400 - 601 - 5)
  t.equal((await browser.open(link)).status, 200)
  identity.clock.advance(6)
  isStale(t, await browser.open(link))
  await signIn(person, browser)
  const ask = await open(browser, '/account/email')
  t.ok(formWith(ask, ['email']), 'nothing waits any more')
  t.equal((await browser.submit(page, { code })).status, 403, 'a form of an earlier sign-in')
  isStale(t, await browser.post(link, { csrf: fieldOf(ask, 'csrf') }))
  await identity.maintain()
  t.ok(await signsIn(person))
})

void t.test('given up, nothing of it works', async (t) => {
  const { person, browser, email, page } = await asking()
  const { code, link } = await mail(email, proofMail)
  const kept = await browser.submit(page, {}, { name: 'decision', value: 'cancel' })
  t.match(textOf(kept.body), /Your address stays as it is/)
  t.ok(formWith(kept, ['email']))
  t.equal((await browser.submit(page, { code })).status, 410)
  t.equal((await browser.submit(page, {}, resend)).status, 410)
  isStale(t, await browser.open(link))
  const again = await browser.submit(page, {}, { name: 'decision', value: 'cancel' })
  t.notMatch(textOf(again.body), /Your address stays/, 'a second press gives nothing up')
  t.ok(await signsIn(person))
})

for (const [what, typed, problem] of [
  ['nothing', '', /Enter an email address\./],
  ['spaces', '   ', /Enter an email address\./],
  ['no address', 'ada', /like name@example\.com/],
  ['two', 'a@example.test, b@example.test', /like name@example\.com/],
  ['a header', 'a@example.test\r\nBcc: eve@evil.test', /like name@example\.com/],
  ['markup', '"<b>x</b>"@example.test', /like name@example\.com/],
  ['a long one', `${'a'.repeat(400)}@example.test`, /like name@example\.com/],
  ['the present one', ' ADA@example.test', /your address already/],
] as const)
  void t.test(`an address that will not do: ${what}`, async (t) => {
    const browser = await signIn(ada)
    const answer = await askForAddress(browser, typed)
    t.equal(answer.status, 422)
    t.match(textOf(answer.body), problem)
    t.match(answer.body, /<title>Error: /)
    t.match(answer.body, /aria-invalid="true"/)
    if (typed.trim() !== '' && typed.length < 300)
      t.equal(
        formWith(answer, ['email']).fields.find(({ name }) => name === 'email')?.value,
        typed,
        'what was typed is kept',
      )
    t.same(await mailsTo('eve@evil.test'), [])
    t.ok(formWith(await open(browser, '/account/email'), ['email']), 'nothing waits')
  })

void t.test(
  'an address that is somebody else’s: the same answers, and no code is right',
  async (t) => {
    const owner = somebody()
    const shown = async (email: string) => {
      const person = somebody()
      const browser = await signIn(person)
      const form = await open(browser, '/account/email')
      const csrf = fieldOf(form, 'csrf')
      const posted = await browser.post(`${issuer}/account/email`, { csrf, email })
      const page = await browser.follow(posted)
      const wrong = await browser.submit(page, { code: '000000' })
      return [posted, page, wrong].map(({ status, headers, body }) => ({
        status,
        headers: [...headers].filter(
          ([name]) => !/^(?:date|content-length|x-ratelimit-.*|x-request-id)$/.test(name),
        ),
        body: body
          .replaceAll(email, 'NEW')
          .replaceAll(person.email.replace(/@.*/, ''), 'OLD')
          .replaceAll(/(name="csrf" value=")[^"]*/g, '$1')
          .replaceAll(/data-countdown="\d+"/g, 'data-countdown'),
      }))
    }
    const free = newAddress()
    const known = await shown(owner.email)
    t.strictSame(known, await shown(free))
    t.same(
      known.map(({ status }) => status),
      [303, 200, 422],
    )
    const [letter, ...others] = await mailsTo(owner.email)
    t.same(others, [])
    t.equal(letter?.subject, 'Your address already has an account')
    t.equal(letter?.link, `${issuer}/login`)
    t.equal(letter?.code, '')
    t.ok(await signsIn(owner), 'its owner notices nothing else')
  },
)

void t.test('nor does the time tell', async (t) => {
  const times: { taken: number[]; free: number[] } = { taken: [], free: [] }
  let browser = visitor()
  for (const [n, { email }] of owners.entries()) {
    // Nobody may ask more than ten times a day.
    if (n % 5 === 0) browser = await signIn(somebody())
    const csrf = fieldOf(await open(browser, '/account/email'), 'csrf')
    const pair = [
      ['taken', email],
      ['free', newAddress()],
    ] as const
    for (const [kind, address] of n % 2 === 0 ? pair : pair.toReversed()) {
      const start = performance.now()
      const { status } = await browser.post(`${issuer}/account/email`, { csrf, email: address })
      times[kind].push(performance.now() - start)
      t.equal(status, 303)
    }
  }
  // The quickest of each: what a busy machine adds is in neither. A letter that is not written would show.
  const [taken, free] = [Math.min(...times.taken), Math.min(...times.free)]
  const allowed = Math.max(5, Math.min(taken, free) * 0.3)
  t.ok(Math.abs(taken - free) < allowed, `${taken.toFixed(1)} ms and ${free.toFixed(1)} ms`)
})
void t.test('two want the same free address: the first proof has it', async (t) => {
  const [one, two] = [await signIn(somebody()), await signIn(somebody())]
  const email = newAddress()
  const pageOne = await askForAddress(one, email)
  const first = await mail(email, proofMail)
  const pageTwo = await askForAddress(two, email)
  const second = await mail(email, proofMail)
  t.match(textOf((await two.submit(pageTwo, { code: second.code })).body), /has been changed/)
  const late = await one.submit(pageOne, { code: first.code })
  t.equal(late.status, 410)
  isStale(t, await one.post(first.link, { csrf: fieldOf(pageOne, 'csrf') }))
  t.notOk((await open(one, '/account/email')).body.includes(email), 'nothing of it is left')
})

void t.test('a registration that is proved meanwhile keeps its address', async (t) => {
  const { person, browser, email, page } = await asking()
  const { code } = await mail(email, proofMail)
  const { register, mailTo, newBrowser } = registering(identity)
  const newcomer = newBrowser()
  const waiting = await register(newcomer, email)
  t.equal(pathOf(await newcomer.submit(waiting, { code: (await mailTo(email)).code })), '/')
  t.equal((await browser.submit(page, { code })).status, 410)
  t.ok(await signsIn(person))
})

void t.test('ten changes a person and day, however many at once', async (t) => {
  const person = somebody()
  const browser = await signIn(person)
  const csrf = fieldOf(await open(browser, '/account/email'), 'csrf')
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      browser.post(`${issuer}/account/email`, { csrf, email: newAddress() }),
    ),
  )
  t.equal(answers.filter(({ status }) => status === 303).length, 10)
  const refused = answers.filter(({ status }) => status === 429)
  t.equal(refused.length, 10)
  t.match(refused[0]?.headers.get('retry-after'), /^\d+$/)
  t.match(textOf(refused[0]?.body ?? ''), /Try again tomorrow/)
  t.equal((await mailsTo(person.email)).length, 10)
})

void t.test(
  'a mailbox gets five mails an hour, whoever asks, and the answers stay the same',
  async (t) => {
    const email = newAddress()
    const browser = await signIn(somebody())
    let page = await askForAddress(browser, email)
    const csrf = fieldOf(page, 'csrf')
    for (let n = 0; n < 6; n += 1)
      page = await browser.follow(await browser.post(`${issuer}/account/email`, { csrf, email }))
    t.equal(page.status, 200)
    t.match(textOf(page.body), `We wrote to ${email}`)
    const mails = await mailsTo(email)
    t.equal(mails.length, 5)
    for (const { code } of mails)
      t.equal(
        (await browser.submit(page, { code })).status,
        422,
        'what was not mailed is not right',
      )
  },
)

void t.test(
  'who may not: signed out, signed in long ago, with a form of another person',
  async (t) => {
    const { person, browser, email, page } = await asking()
    const { code } = await mail(email, proofMail)
    const nobody = visitor()
    for (const path of ['/account/email', '/account/email/confirm']) {
      const answer = await nobody.get(`${issuer}${path}`)
      t.equal(answer.status, 303, path)
      t.equal((await nobody.post(`${issuer}${path}`, { code })).status, 403, path)
    }
    const thief = await signIn(bob)
    const theirs = fieldOf(await open(thief, '/account/email'), 'csrf')
    const confirm = `${issuer}/account/email/confirm`
    t.equal(
      (await thief.post(confirm, { code, csrf: theirs })).status,
      410,
      'a code of another person',
    )
    t.equal((await thief.post(confirm, { code, csrf: fieldOf(page, 'csrf') })).status, 403)
    t.equal((await browser.post(confirm, { code, csrf: theirs })).status, 403)
    const own = fieldOf(page, 'csrf')
    const twice = new URLSearchParams({ csrf: own, code })
    twice.append('code', code)
    t.equal((await browser.post(confirm, twice)).status, 400)
    t.equal((await browser.get(`${issuer}/account/email?done=changed&done=x`)).status, 200)
    identity.clock.advance(601)
    for (const answer of [
      await browser.get(`${issuer}/account/email`),
      await browser.post(`${issuer}/account/email`, { csrf: own, email: newAddress() }),
      await browser.post(confirm, { csrf: own, code }),
    ]) {
      t.equal(answer.status, 303)
      t.match(answer.headers.get('location'), /^\/login\?next=%2Faccount%2Femail/)
    }
    t.ok(await signsIn(person), 'nothing changed')
    t.same((await mailsTo(person.email)).length, 1)
  },
)

void t.test('a link for a new password that was mailed before dies with the address', async (t) => {
  const { person, browser, email, page } = await asking()
  const forgot = visitor()
  await forgot.submit(await open(forgot, '/forgot-password'), { email: person.email })
  let mails = await mailsTo(person.email)
  for (let tries = 0; mails.length < 2 && tries < 100; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    mails = await mailsTo(person.email)
  }
  const { link } = await mail(person.email, /^Choose a new password/)
  t.equal((await visitor().open(link)).status, 200)
  await browser.submit(page, { code: (await mail(email, proofMail)).code })
  t.equal((await visitor().open(link)).status, 400)
})

void t.test('letters speak the language of whoever asks, and pages too', async (t) => {
  const person = somebody()
  const browser = await signIn(person)
  const email = newAddress()
  const headers = { 'accept-language': 'ar' }
  const form = await browser.open(`${issuer}/account/email`, headers)
  t.match(form.body, /<html lang="ar" dir="rtl">/)
  await browser.submit(form, { email }, undefined, headers)
  for (const to of [email, person.email]) {
    const [letter] = await mailsTo(to)
    t.match(letter?.subject, /\p{Script=Arabic}/u)
  }
})

const noServer = await withoutPostgres()
for (const kind of kinds)
  void t.test(
    `the right proof twenty times at once, on ${kind}`,
    { skip: kind === 'postgres' && noServer },
    async (t) => {
      const racers = crowd(2)
      const service = await startIdentity(t, {
        config: { ...everybody, users: [...everybody.users, ...racers.people] },
        database: kind,
      })
      const there = ownAccount(service.issuer)
      for (const by of ['code', 'link'] as const) {
        const person = racers.somebody()
        const browser = await there.signIn(person)
        const email = there.newAddress()
        const page = await there.askForAddress(browser, email)
        const { code, link } = await there.mail(email, proofMail)
        const csrf = fieldOf(page, 'csrf')
        const prove = async (twin: Browser) =>
          by === 'code'
            ? twin.post(`${service.issuer}/account/email/confirm`, { csrf, code })
            : twin.post(link, { csrf })
        const answers = await Promise.all(Array.from({ length: 20 }, () => prove(browser.twin())))
        t.equal(answers.filter(({ status }) => status === 303).length, 1, `one ${by} is through`)
        t.ok(answers.every(({ status }) => [303, 400, 410, 422].includes(status)))
        t.ok(await there.signsIn({ ...person, email }))
        const told = (await there.mailsTo(person.email)).filter(({ subject }) =>
          changedMail.test(subject),
        )
        t.equal(told.length, 1)
      }
      if (service.databaseUrl === undefined || kind === 'pglite') return
      const database = await openDatabase(service.databaseUrl)
      t.teardown(() => database.close())
      const events = rowsOf(
        await database.db.execute(
          sql`select event from audit where event like 'email%' order by id`,
        ),
      ).map((row) => isRecord(row) && row['event'])
      t.same(events, ['email_change_asked', 'email_changed', 'email_change_asked', 'email_changed'])
      const secrets = JSON.stringify(
        rowsOf(await database.db.execute(sql`select detail from audit where event like 'email%'`)),
      )
      t.notMatch(secrets, /@/, 'no address is in the record')
    },
  )

void t.test('a password that is set anew by mail gives a waiting change up', async (t) => {
  const { person, email, page, browser } = await asking()
  const { link: proof } = await mail(email, proofMail)
  const forgot = visitor()
  await forgot.submit(await open(forgot, '/forgot-password'), { email: person.email })
  let mails = await mailsTo(person.email)
  for (let tries = 0; mails.length < 2 && tries < 100; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    mails = await mailsTo(person.email)
  }
  const { link } = await mail(person.email, /^Choose a new password/)
  const password = 'a brand new pass phrase 99'
  await forgot.submit(await forgot.open(link), { password })
  t.equal(stepOf(await browser.submit(page, { code: '000000' })), 'login', 'signed out')
  const owner = await signIn({ ...person, password })
  isStale(t, await owner.open(proof))
  t.ok(formWith(await open(owner, '/account/email'), ['email']), 'nothing waits')
})
