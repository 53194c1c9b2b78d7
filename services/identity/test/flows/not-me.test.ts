// "This wasn't me": the link of a letter takes an account back.
import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { createNotMeLinks } from '../../src/domain/recovery/not-me.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { openDatabase } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { BAD_TOKENS, tokenOf, withToken } from '../helpers/bad-tokens.ts'
import { type Browser, type Person, fieldOf, formWith, stepOf } from '../helpers/browser.ts'
import { withoutPostgres } from '../helpers/database.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity, startProcesses } from '../helpers/identity.ts'
import { crowd, ownAccount } from '../helpers/own-account.ts'
import { verdict } from '../helpers/provider.ts'
import { pathOf, registering } from '../helpers/registering.ts'
import { type Answer, isRecord } from '../helpers/wire.ts'
import { bob, world } from '../helpers/world.ts'

t.setTimeout(240_000)

const { people, somebody } = crowd(24)
const everybody = world() as { users: object[] }
const config = { ...everybody, users: [...everybody.users, ...people] }
const identity = await startIdentity(t, { config })
const at = ownAccount(identity.issuer)
const fresh = 'a brand new pass phrase 99'
const offline = { scope: 'openid offline_access' }
const mails = {
  proof: /^Confirm your new/,
  asked: /was asked for$/,
  changed: /address was changed$/,
  password: /password was changed$/,
  reset: /^Choose a new password/,
  secured: /was secured$/,
  device: /^New sign-in/,
}

type Account = ReturnType<typeof ownAccount>

function isStale(t: Test, answer: Answer, what = '') {
  t.equal(answer.status, 400, what)
  t.match(textOf(answer.body), /This link no longer works/, what)
  t.notMatch(answer.body, /<form/, what)
}

/** Presses the button behind the link of a letter, in a browser of its own, whether or not there is one. */
async function press(link: string, there = at): Promise<Answer> {
  const browser = there.visitor()
  const csrf = fieldOf(await there.open(browser, '/forgot-password'), 'csrf')
  return browser.follow(await browser.post(link, { csrf }))
}

function isSecured(t: Test, answer: Answer) {
  t.equal(answer.status, 200)
  t.equal(pathOf(answer), '/forgot-password')
  t.match(textOf(answer.body), /Your account is secured/)
  const field = formWith(answer, ['email']).fields.find(({ name }) => name === 'email')
  t.equal(field?.value, '', 'whoever has the link is not told whose it is by the form')
}

async function changeAddress(browser: Browser, email: string, there = at) {
  const page = await there.askForAddress(browser, email)
  return browser.submit(page, { code: (await there.mail(email, mails.proof)).code })
}

async function changePassword(browser: Browser, current: string, password: string, there = at) {
  const form = await there.open(browser, '/account/password')
  return browser.submit(form, { current_password: current, password })
}

/** The link of a mail for a new password; throws when none comes. */
async function linkForReset(email: string, there = at): Promise<string> {
  const browser = there.visitor()
  const count = async () =>
    (await there.mailsTo(email)).filter(({ subject }) => mails.reset.test(subject)).length
  const before = await count()
  await browser.submit(await there.open(browser, '/forgot-password'), { email })
  for (let tries = 0; (await count()) === before; tries += 1) {
    if (tries === 200) throw new Error(`no mail to ${email}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return (await there.mail(email, mails.reset)).link
}

async function resetByMail(email: string, password: string, there = at): Promise<Answer> {
  const browser = there.visitor()
  return browser.submit(await browser.open(await linkForReset(email, there)), { password })
}

/** A person whose account a thief with the password has signed in to. */
async function robbed(there: Account = at, person: Person = somebody()) {
  return { person, owner: await there.signIn(person), thief: await there.signIn(person) }
}

void t.test('a changed password: looking does nothing, pressing ends everything', async (t) => {
  const person = somebody()
  const thief = at.visitor()
  const { tokens } = await at.rp.signIn(thief, offline, { person })
  await changePassword(thief, person.password, fresh)
  const { link } = await at.mail(person.email, mails.password)
  for (let look = 0; look < 5; look += 1) {
    const page = await at.visitor().open(link)
    t.equal(page.status, 200)
    t.match(textOf(page.body), /We told you that your password was changed/)
  }
  t.ok(await at.isSignedIn(thief))
  t.ok(await at.signsIn({ ...person, password: fresh }))

  const owner = at.visitor()
  const page = await owner.open(link)
  for (const [form, headers, why] of [
    [{ csrf: '' }, {}, 'no token'],
    [{ csrf: 'test.AAAA' }, {}, 'a made-up one'],
    [{ csrf: fieldOf(page, 'csrf') }, { 'sec-fetch-site': 'cross-site' }, 'another site'],
  ] as const)
    t.equal((await owner.post(link, form, headers)).status, 403, why)
  t.ok(await at.isSignedIn(thief), 'still')

  isSecured(t, await at.press(owner, page))
  t.equal(owner.cookies.has('signet_session'), false, 'it signs nobody in')
  t.equal(await at.isSignedIn(thief), false)
  t.equal(verdict(await at.rp.refresh(tokens.refreshToken)), '400 invalid_grant')
  t.equal((await at.rp.provider.userinfo(tokens.accessToken)).status, 401)
  for (const password of [person.password, fresh])
    t.equal(await at.signsIn({ ...person, password }), false, 'no password is right any more')
  t.match((await at.mail(person.email, mails.secured)).link, '/forgot-password')

  isStale(t, await at.press(owner, page), 'a second press')
  isStale(t, await at.visitor().open(link), 'and the link shows so')
  t.equal((await resetByMail(person.email, 'what the owner chose 55')).status, 200)
  const again = { ...person, password: 'what the owner chose 55' }
  const back = await at.signIn(again)
  isStale(t, await press(link), 'an old link locks nobody out')
  t.ok(await at.isSignedIn(back))
  t.ok(await at.signsIn(again))
})

void t.test('a new device', async (t) => {
  const { person, owner, thief } = await robbed()
  const box = registering(identity)
  const letter = async () =>
    (await box.mailsTo(person.email)).find(({ subject }) => mails.device.test(subject))
  const link = (await letter())?.link ?? ''
  t.match(link, `${identity.issuer}/not-me?token=`)
  t.match(textOf((await at.visitor().open(link)).body), /a sign-in on a new device/)
  isSecured(t, await press(link))
  for (const browser of [owner, thief]) t.equal(await at.isSignedIn(browser), false)
  t.equal(await at.signsIn(person), false)
  isStale(t, await press(link))
})

void t.test(
  'a new device, and then the thief changes the password: the newest letter works',
  async (t) => {
    const { person, thief } = await robbed()
    const box = registering(identity)
    const first = (await box.mailsTo(person.email)).find(({ subject }) =>
      mails.device.test(subject),
    )
    await changePassword(thief, person.password, fresh)
    isStale(t, await press(first?.link ?? ''), 'bound to the password of then')
    t.ok(await at.isSignedIn(thief))
    isSecured(t, await press((await at.mail(person.email, mails.password)).link))
    t.equal(await at.isSignedIn(thief), false)
  },
)

void t.test('a new address that was asked for: it never comes into force', async (t) => {
  const { person, thief } = await robbed()
  const email = at.newAddress()
  const page = await at.askForAddress(thief, email)
  const { code, link: proof } = await at.mail(email, mails.proof)
  const { link } = await at.mail(person.email, mails.asked)
  t.match(textOf((await at.visitor().open(link)).body), /a new email address for your account/)
  isSecured(t, await press(link))
  t.equal(stepOf(await thief.submit(page, { code })), 'login')
  await resetByMail(person.email, fresh)
  const owner = await at.signIn({ ...person, password: fresh })
  t.equal((await owner.open(proof)).status, 400, 'not even for its owner')
  t.ok(formWith(await at.open(owner, '/account/email'), ['email']), 'nothing waits')
  isStale(t, await press(link))
})

void t.test('a new address in force: the old one comes back', async (t) => {
  const { person, thief } = await robbed()
  const email = at.newAddress()
  await changeAddress(thief, email)
  t.ok(await at.signsIn({ ...person, email }))
  const [asked, changed] = [
    await at.mail(person.email, mails.asked),
    await at.mail(person.email, mails.changed),
  ]
  const page = await at.visitor().open(changed.link)
  t.match(textOf(page.body), `Your account has the address ${person.email} again`)
  isSecured(t, await press(asked.link))
  t.equal(await at.isSignedIn(thief), false)
  for (const address of [email, person.email])
    t.equal(await at.signsIn({ ...person, email: address }), false)
  isStale(t, await press(changed.link), 'the other letter of the same change')
  await resetByMail(person.email, fresh)
  t.ok(await at.signsIn({ ...person, password: fresh }))
  t.equal((await at.mailsTo(email)).length, 1, 'the thief is told nothing')
})

void t.test('a thief who moves on and deletes the account: taking it back keeps it', async (t) => {
  const { person, thief } = await robbed()
  await changeAddress(thief, at.newAddress())
  const { link } = await at.mail(person.email, mails.changed)
  const leaving = await at.open(thief, '/account/delete')
  const gone = await thief.submit(leaving, { confirm: 'delete' })
  t.match(textOf(gone.body), /will be deleted/)
  isSecured(t, await press(link))
  isStale(t, await press(link), 'once')
  await resetByMail(person.email, fresh)
  t.ok(await at.signsIn({ ...person, password: fresh }))
  const keep = await at.visitor().open(gone.url)
  t.equal(keep.status, 400, 'the deletion is called off')
})

void t.test('a thief who moves on and on keeps nothing', async (t) => {
  const { person, thief } = await robbed()
  const [second, third] = [at.newAddress(), at.newAddress()]
  await changeAddress(thief, second)
  await changeAddress(thief, third)
  const { link: first } = await at.mail(person.email, mails.changed)
  const { link: theirs } = await at.mail(second, mails.changed)
  t.match(textOf((await at.visitor().open(theirs)).body), second)
  isSecured(t, await press(first))
  isStale(t, await press(theirs), 'what was undone is not done again')
  await resetByMail(person.email, fresh)
  t.ok(await at.signsIn({ ...person, password: fresh }))
})

void t.test('nor one who presses first', async (t) => {
  const { person, thief } = await robbed()
  const [second, third] = [at.newAddress(), at.newAddress()]
  await changeAddress(thief, second)
  await changePassword(thief, person.password, fresh)
  const password = await at.mail(second, mails.password)
  await changeAddress(thief, third)
  const address = await at.mail(second, mails.changed)
  isSecured(t, await press(password.link))
  await resetByMail(second, 'what the thief chose 66')
  isStale(t, await press(address.link), 'undone by the other one')
  isSecured(t, await press((await at.mail(person.email, mails.changed)).link))
  t.equal(await at.signsIn({ email: second, password: 'what the thief chose 66' }), false)
  await resetByMail(person.email, fresh)
  t.ok(await at.signsIn({ ...person, password: fresh }))
  for (const link of [password.link, address.link]) isStale(t, await press(link))
  t.ok(await at.signsIn({ ...person, password: fresh }))
})

void t.test('whoever took the account back once can be robbed again', async (t) => {
  const { person, thief } = await robbed()
  await changeAddress(thief, at.newAddress())
  const { link: before } = await at.mail(person.email, mails.changed)
  isSecured(t, await press(before))
  await resetByMail(person.email, fresh)
  identity.clock.advance(3600)
  const other = await at.signIn({ ...person, password: fresh })
  await changeAddress(other, at.newAddress())
  isStale(t, await press(before), 'the letter of the first time')
  isSecured(t, await press((await at.mail(person.email, mails.changed)).link))
  await resetByMail(person.email, 'a third pass phrase 7788')
  t.ok(await at.signsIn({ ...person, password: 'a third pass phrase 7788' }))
})

void t.test('a letter about the password gives the address back that it went to', async (t) => {
  const { person, thief } = await robbed()
  await changePassword(thief, person.password, fresh)
  const { link } = await at.mail(person.email, mails.password)
  await changeAddress(thief, at.newAddress())
  await changeAddress(thief, at.newAddress())
  isSecured(t, await press(link))
  await resetByMail(person.email, 'what the owner chose 55')
  t.ok(await at.signsIn({ ...person, password: 'what the owner chose 55' }))
})

void t.test('a change that its owner took back is nothing to undo', async (t) => {
  const person = somebody()
  const browser = await at.signIn(person)
  const email = at.newAddress()
  await changeAddress(browser, email)
  const { link } = await at.mail(person.email, mails.changed)
  const page = await at.askForAddress(browser, person.email)
  const { code } = await at.mail(person.email, mails.proof)
  t.match(textOf((await browser.submit(page, { code })).body), /has been changed/)
  isStale(t, await press(link))
  t.ok(await at.signsIn(person))
  t.ok(await at.isSignedIn(browser))
})

void t.test('an old address that has an account of its own stays with that one', async (t) => {
  const { person, thief } = await robbed()
  const email = at.newAddress()
  await changeAddress(thief, email)
  const { link } = await at.mail(person.email, mails.changed)
  const { register, mailTo, newBrowser } = registering(identity)
  const newcomer = newBrowser()
  const waiting = await register(newcomer, person.email)
  t.equal(pathOf(await newcomer.submit(waiting, { code: (await mailTo(person.email)).code })), '/')
  const answer = await press(link)
  t.equal(answer.status, 409)
  t.match(textOf(answer.body), /belongs to another account/)
  t.match(textOf(answer.body), person.email)
  t.ok(await at.isSignedIn(thief), 'nothing was done')
  t.ok(await at.signsIn({ ...person, email }))
  t.ok(await at.isSignedIn(newcomer))
})

for (const [name, change] of BAD_TOKENS)
  void t.test(`a token ${name} is nobody’s`, async (t) => {
    const good = await shared()
    const bad = withToken(good, change(tokenOf(good)))
    const browser = at.visitor()
    const csrf = fieldOf(await browser.open(good), 'csrf')
    isStale(t, await browser.open(bad))
    isStale(t, await browser.post(bad, { csrf }))
    t.equal((await browser.open(good)).status, 200, 'the right one stays good')
  })

const sharer = somebody()
let sharedLink: Promise<string> | undefined
/** One good link that no test uses up. */
async function shared(): Promise<string> {
  sharedLink ??= (async () => {
    await changePassword(await at.signIn(sharer), sharer.password, fresh)
    return (await at.mail(sharer.email, mails.password)).link
  })()
  return sharedLink
}

void t.test('twice, or of another purpose', async (t) => {
  const link = await shared()
  const browser = at.visitor()
  const csrf = fieldOf(await browser.open(link), 'csrf')
  const token = new URL(link).searchParams.get('token') ?? ''
  const url = `${identity.issuer}/not-me?token=${token}`
  t.equal((await browser.open(`${url}&token=${token}`)).status, 400)
  t.equal((await browser.post(`${url}&token=${token}`, { csrf })).status, 400)
  for (const path of ['/reset-password', '/unlock', '/keep-account', '/verify-email'])
    t.ok((await browser.open(`${identity.issuer}${path}?token=${token}`)).status >= 400, path)
  const email = at.newAddress()
  await at.askForAddress(await at.signIn(somebody()), email)
  const proof = new URL((await at.mail(email, mails.proof)).link).searchParams.get('token') ?? ''
  isStale(t, await browser.open(`${identity.issuer}/not-me?token=${proof}`))
  t.equal((await browser.open(link)).status, 200)
})

void t.test('a link lives seven days', async (t) => {
  const link = await shared()
  identity.clock.advance(604_800 - 120)
  t.equal((await at.visitor().open(link)).status, 200)
  const browser = at.visitor()
  const page = await browser.open(link)
  identity.clock.advance(121)
  isStale(t, await browser.open(link))
  isStale(t, await at.press(browser, page), 'nor does an open page outlive it')
  t.ok(await at.signsIn({ ...sharer, password: fresh }))
})

void t.test('pages and letter speak the language of whoever presses', async (t) => {
  const person = somebody()
  await changePassword(await at.signIn(person), person.password, fresh)
  const { link } = await at.mail(person.email, mails.password)
  const headers = { 'accept-language': 'de' }
  const browser = at.visitor()
  const page = await browser.open(link, headers)
  t.match(textOf(page.body), /Konto absichern/)
  await browser.post(link, { csrf: fieldOf(page, 'csrf') }, headers)
  t.equal((await at.mailsTo(person.email))[0]?.subject, 'Ihr Konto wurde abgesichert')
})

const skip = await withoutPostgres()

void t.test('with a hand in the database', { skip }, async (t) => {
  const racers = crowd(6)
  const service = await startIdentity(t, {
    config: { ...everybody, users: [...everybody.users, ...racers.people] },
    database: 'postgres',
  })
  const there = ownAccount(service.issuer)
  const database = await openDatabase(service.databaseUrl ?? '')
  t.teardown(() => database.close())
  const run = async (statement: ReturnType<typeof sql>) =>
    rowsOf(await database.db.execute(statement))

  for (const what of ['password', 'address'] as const)
    await t.test(`twenty presses at once are one, after another ${what}`, async (t) => {
      const { person, thief } = await robbed(there, racers.somebody())
      const email = there.newAddress()
      if (what === 'password') await changePassword(thief, person.password, fresh, there)
      else await changeAddress(thief, email, there)
      const { link } = await there.mail(
        person.email,
        what === 'password' ? mails.password : mails.changed,
      )
      const tries = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const browser = there.visitor()
          return { browser, page: await browser.open(link) }
        }),
      )
      const answers = await Promise.all(
        tries.map(async ({ browser, page }) => there.press(browser, page)),
      )
      t.equal(answers.filter(({ status }) => status === 200).length, 1)
      t.equal(answers.filter(({ status }) => status === 400).length, 19)
      const told = await there.mailsTo(person.email)
      t.equal(told.filter(({ subject }) => mails.secured.test(subject)).length, 1)
      const rows =
        await run(sql`select count(*)::int as n from audit join users on users.id = user_id
        where event = 'account_secured' and email = ${person.email}`)
      t.same(rows, [{ n: 1 }])
    })

  await t.test('all of it or nothing', async (t) => {
    const { person, thief } = await robbed(there, racers.somebody())
    const email = there.newAddress()
    await changeAddress(thief, email, there)
    const { link } = await there.mail(person.email, mails.changed)
    await run(sql`alter table outbox add constraint full_up check (attempts < 0) not valid`)
    t.equal((await press(link, there)).status, 500)
    await run(sql`alter table outbox drop constraint full_up`)
    t.ok(await there.isSignedIn(thief))
    t.ok(await there.signsIn({ ...person, email }))
    isSecured(t, await press(link, there))
    t.equal(await there.isSignedIn(thief), false)
  })

  await t.test(
    'presses race a reset by mail: the owner is in, or has one more mail to ask for',
    async (t) => {
      const { person, thief } = await robbed(there, racers.somebody())
      await changePassword(thief, person.password, fresh, there)
      const { link } = await there.mail(person.email, mails.password)
      const chosen = 'what the owner chose 55'
      const owner = there.visitor()
      const form = await owner.open(await linkForReset(person.email, there))
      await Promise.all([press(link, there), owner.submit(form, { password: chosen })])
      t.equal(await there.isSignedIn(thief), false)
      t.equal(await there.signsIn({ ...person, password: fresh }), false)
      if (!(await there.signsIn({ ...person, password: chosen })))
        await resetByMail(person.email, chosen, there)
      t.ok(await there.signsIn({ ...person, password: chosen }))
    },
  )

  await t.test('nobody there, and another one than the link says', async (t) => {
    const ring = createKeyRing(new Map([['test', Buffer.alloc(32, 7)]]))
    const links = createNotMeLinks(ring)
    const [row] = await run(sql`select id from users where email = ${bob.email}`)
    const userId = isRecord(row) ? String(row['id']) : ''
    const now = new Date()
    const url = (token: string) => `${service.issuer}/not-me?token=${encodeURIComponent(token)}`
    const later = { userId, because: 'new-device' } as const
    t.equal((await there.visitor().open(url(links.seal(later, now)))).status, 200, 'ours')
    const gone = { ...later, userId: '00000000-0000-7000-8000-000000000000' }
    isStale(t, await there.visitor().open(url(links.seal(gone, now))))
    const change = '00000000-0000-7000-8000-000000000000'
    const made = { userId, because: 'email-change', email: 'old@example.test', change } as const
    isStale(t, await there.visitor().open(url(links.seal(made, now))), 'a change never made')
    const other = createNotMeLinks(createKeyRing(new Map([['test', Buffer.alloc(32, 8)]])))
    isStale(t, await there.visitor().open(url(other.seal(later, now))), 'another key')
    await run(sql`update users set disabled_at = now() where id = ${userId}`)
    isStale(t, await there.visitor().open(url(links.seal(later, now))), 'a disabled account')
  })
})

void t.test('the whole story, over two processes and a restart', { skip }, async (t) => {
  const story = crowd(1)
  const processes = await startProcesses(t, {
    config: { ...everybody, users: [...everybody.users, ...story.people] },
    count: 2,
  })
  const { issuer, origins } = processes
  const [north = issuer, south = issuer] = origins
  const [one, two] = [ownAccount(issuer, north), ownAccount(issuer, south)]
  const person = story.somebody()

  const thief = one.visitor()
  const { tokens } = await one.rp.signIn(thief, offline, { person })
  const hideout = two.visitor()
  const { tokens: kept } = await two.rp.signIn(hideout, offline, { person })
  const email = one.newAddress()
  const page = await one.askForAddress(thief, email)
  await processes.kill9(1)
  await processes.restart(1)
  thief.origin = south
  const { code } = await two.mail(email, mails.proof)
  t.match(textOf((await thief.submit(page, { code })).body), /has been changed/)
  thief.origin = north
  const form = await one.open(thief, '/account/password')
  const csrf = fieldOf(form, 'csrf')
  const stay = { csrf, current_password: person.password, password: fresh }
  t.equal((await thief.post(`${issuer}/account/password`, stay)).status, 303)
  t.ok(await two.isSignedIn(hideout), 'unticked, the other one stays')
  t.ok(await two.signsIn({ email, password: fresh }), 'the account is the thief’s')

  const { link } = await one.mail(person.email, mails.changed)
  isSecured(t, await press(link, two))
  for (const origin of [north, south]) {
    for (const browser of [thief, hideout]) {
      browser.origin = origin
      t.equal(await one.isSignedIn(browser), false, 'out at once, on both')
    }
    const { rp } = origin === north ? one : two
    for (const { refreshToken, accessToken } of [tokens, kept]) {
      t.equal(verdict(await rp.refresh(refreshToken)), '400 invalid_grant')
      t.equal((await rp.provider.userinfo(accessToken)).status, 401)
    }
  }
  for (const address of [email, person.email])
    for (const password of [fresh, person.password])
      t.equal(await one.signsIn({ email: address, password }), false)

  const chosen = 'what the owner chose 55'
  await resetByMail(person.email, chosen, one)
  t.ok(await two.signsIn({ ...person, password: chosen }))
  isStale(t, await press(link, one))
  for (const { link: theirs } of await one.mailsTo(email))
    if (theirs.includes('/not-me?')) isStale(t, await press(theirs, two))
  t.ok(await one.signsIn({ ...person, password: chosen }), 'and stays the owner’s')
})
