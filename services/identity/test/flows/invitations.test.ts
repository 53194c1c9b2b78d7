// Registration by invitation: who gets in, as whom, with which roles, and how often.
import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { createInvitations } from '../../src/domain/registrations/invitation.ts'
import { type InviteOutcome, invite } from '../../src/domain/registrations/invite.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { uuidv7 } from '../../src/platform/crypto/uuid.ts'
import { type Database, openDatabase } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { BAD_TOKENS, tokenOf, withToken } from '../helpers/bad-tokens.ts'
import { type Browser, fieldOf } from '../helpers/browser.ts'
import { withoutPostgres } from '../helpers/database.ts'
import { targetsOf, textOf } from '../helpers/html.ts'
import { type Identity, startIdentity } from '../helpers/identity.ts'
import { password, pathOf, registering } from '../helpers/registering.ts'
import type { Answer } from '../helpers/wire.ts'
import { ada, world } from '../helpers/world.ts'
import { email } from '../storage/rows.ts'

t.setTimeout(120_000)

const ring = createKeyRing(new Map([['test', Buffer.alloc(32, 7)]]))
const invitations = createInvitations(ring)
const week = 7 * 86_400
const worldOf = (signUp: string) => {
  const { settings, roles, ...rest } = world({ sign_up: signUp }) as {
    settings: object
    roles: object[]
  }
  return { settings, roles: [...roles, { name: 'editor', description: 'Edit' }], ...rest }
}

/** An invitation as the service seals it: tests and service share a key. */
function inviteTo(
  address: string,
  { at = identity, roles = [] as string[], ttl = week }: Partial<Options> = {},
): string {
  const expiresAt = new Date(at.clock.now() + ttl * 1000)
  const id = uuidv7(new Date(at.clock.now()))
  const token = invitations.seal({ id, email: email(address), roles, expiresAt })
  return `${at.issuer}/register?invite=${encodeURIComponent(token)}`
}
interface Options {
  readonly at: Identity
  readonly roles: string[]
  readonly ttl: number
}

const identity = await startIdentity(t, { config: worldOf('invited') })
const { newBrowser, newEmail, mailsTo, mailTo, signsIn, isSignedIn } = registering(identity)

/** Fills in the page of an invitation and stays on the page that waits for the code. */
async function accept(link: string, browser = newBrowser()): Promise<Answer> {
  return browser.submit(await browser.open(link), { name: 'Grace Hopper', password })
}

async function rolesOf(browser: Browser): Promise<unknown> {
  const page = await browser.open(`${browser.issuer}/account/data`)
  const answer = await browser.post('/account/data', { csrf: fieldOf(page, 'csrf') })
  const { account } = JSON.parse(answer.body) as { account: { roles: unknown } }
  return account.roles
}

function isShut(t: Test, answer: Answer, says = /Registration is closed/) {
  t.equal(answer.status, 403)
  t.match(textOf(answer.body), says)
  t.notMatch(answer.body, /name="password"/)
}

void t.test('invited, the mailbox proved, signed in with the roles', async (t) => {
  const address = newEmail()
  const browser = newBrowser()
  const link = inviteTo(address, { roles: ['editor'] })
  for (let look = 0; look < 3; look += 1) t.equal((await newBrowser().open(link)).status, 200)
  const page = await browser.open(link)
  t.match(textOf(page.body), address, 'whose it is')
  t.notMatch(page.body, /name="email"/, 'the address is no field')
  t.match(page.body, /autocomplete="username"/)
  const code = await browser.submit(page, { name: 'Grace Hopper', password })
  t.equal(pathOf(code), '/verify-email')
  t.notOk(await signsIn(address), 'the link alone makes no account')
  t.ok(targetsOf(code.body).some((target) => target.startsWith('/register?invite=')))
  const done = await browser.submit(code, { code: (await mailTo(address)).code })
  t.equal(pathOf(done), '/')
  t.ok(await isSignedIn(browser))
  t.same(await rolesOf(browser), ['editor'])
})

void t.test('by the link of the second mail in another browser', async (t) => {
  const address = newEmail()
  await accept(inviteTo(address, { roles: ['editor'] }))
  const { link } = await mailTo(address)
  const browser = newBrowser()
  const done = await browser.submit(await browser.open(link), { password })
  t.equal(pathOf(done), '/login')
  await browser.signIn(done, { email: address, password })
  t.same(await rolesOf(browser), ['editor'])
})

void t.test('another mail keeps the invitation', async (t) => {
  const address = newEmail()
  const browser = newBrowser()
  const page = await accept(inviteTo(address, { roles: ['editor'] }), browser)
  identity.clock.advance(61)
  const again = await browser.submit(page, { code: '' }, { name: 'decision', value: 'resend' })
  await browser.submit(again, { code: (await mailTo(address)).code })
  t.same(await rolesOf(browser), ['editor'])
})

for (const [what, change] of [
  ...BAD_TOKENS,
  ['of another purpose', () => ring.seal('registration-link', uuidv7(new Date()))] as const,
])
  void t.test(`an invitation ${what} opens nothing`, async (t) => {
    const address = newEmail()
    const good = inviteTo(address)
    const token = change(tokenOf(good, 'invite'))
    const bad = withToken(good, token, 'invite')
    // An empty parameter counts as none.
    const says = !token ? /by invitation only/ : /This invitation no longer works/
    const browser = newBrowser()
    isShut(t, await browser.open(bad), says)
    const csrf = fieldOf(await browser.open(good), 'csrf')
    isShut(t, await browser.post(bad, { csrf, email: address, password }), says)
    t.same(await mailsTo(address), [])
  })

void t.test('repeated, it is nobody’s', async (t) => {
  const link = inviteTo(newEmail())
  const token = new URL(link).searchParams.get('invite') ?? ''
  const answer = await newBrowser().open(`${link}&invite=${encodeURIComponent(token)}`)
  t.ok(answer.status >= 400, String(answer.status))
  t.notMatch(answer.body, /name="password"/)
})

void t.test('it works for seven days, and what it began may be finished', async (t) => {
  const at = await startIdentity(t, { config: worldOf('invited') })
  const own = registering(at)
  const [address, late] = [own.newEmail(), own.newEmail()]
  const [link, lateLink] = [inviteTo(address, { at }), inviteTo(late, { at })]
  const browser = own.newBrowser()
  const form = await own.newBrowser().open(lateLink)
  at.clock.advance(week - 1)
  const page = await accept(link, browser)
  t.equal(pathOf(page), '/verify-email', 'in the last second')
  at.clock.advance(2)
  isShut(t, await own.newBrowser().open(lateLink), /This invitation no longer works/)
  const open = own.newBrowser()
  const csrf = fieldOf(await open.open(`${at.issuer}/login`), 'csrf')
  isShut(t, await open.post(form.url, { csrf, password }), /This invitation no longer works/)
  t.same(await own.mailsTo(late), [])
  const done = await browser.submit(page, { code: (await own.mailTo(address)).code })
  t.equal(pathOf(done), '/')
})

void t.test('a changed or hidden field changes nothing', async (t) => {
  const [address, other] = [newEmail(), newEmail()]
  const browser = newBrowser()
  const page = await browser.open(inviteTo(address, { roles: ['editor'] }))
  const form = { csrf: fieldOf(page, 'csrf'), name: '', password }
  const more = { email: other, roles: 'admin', role: 'admin', invite: 'x' }
  const answer = await browser.follow(await browser.post(page.url, { ...form, ...more }))
  t.same(await mailsTo(other), [], 'nobody else is written to')
  await browser.submit(answer, { code: (await mailTo(address)).code })
  t.notOk(await signsIn(other))
  t.same(await rolesOf(browser), ['editor'])
})

void t.test('a registration of one’s own never meets an invitation of somebody else', async (t) => {
  const [address, other] = [newEmail(), newEmail()]
  const browser = newBrowser()
  const page = await accept(inviteTo(address, { roles: ['editor'] }), browser)
  const csrf = fieldOf(page, 'csrf')
  // The page of one registration, asked for with the invitation of another.
  const twin = new URL(page.url)
  twin.searchParams.set('invite', new URL(inviteTo(other)).searchParams.get('invite') ?? '')
  const answer = await browser.post(twin.href, { csrf, code: (await mailTo(address)).code })
  t.equal(answer.status, 303)
  t.notOk(await signsIn(other))
  t.ok(await signsIn(address))
})

void t.test('whoever has an account is told by mail only, and gets no role', async (t) => {
  const [known, unknown] = [ada.email, newEmail()]
  const answers: unknown[] = []
  for (const address of [known, unknown]) {
    const browser = newBrowser()
    const link = inviteTo(address, { roles: ['editor'] })
    const page = await browser.open(link)
    const code = await browser.submit(page, { name: '', password })
    const wrong = await browser.submit(code, { code: '000000' })
    answers.push([page, code, wrong].map((answer) => comparable(answer, address)))
  }
  t.strictSame(answers[0], answers[1])
  const mail = await mailTo(known)
  t.match(mail.subject, 'already have an account')
  t.equal(mail.code, '')
  const browser = newBrowser()
  await browser.signIn(await browser.open(`${identity.issuer}/login`), ada)
  t.same(await rolesOf(browser), ['admin'], 'as before')
})

void t.test('used, it makes no second account', async (t) => {
  const address = newEmail()
  const link = inviteTo(address)
  const browser = newBrowser()
  await browser.submit(await accept(link, browser), { code: (await mailTo(address)).code })
  t.ok(await signsIn(address))
  const second = newBrowser()
  const page = await accept(link, second)
  t.equal(pathOf(page), '/verify-email', 'it says nothing')
  t.equal((await mailTo(address)).subject, 'You already have an account')
})

for (const signUp of ['open', 'closed'])
  void t.test(`where registration is ${signUp}`, async (t) => {
    const at = await startIdentity(t, { config: worldOf(signUp) })
    const own = registering(at)
    const address = own.newEmail()
    const link = inviteTo(address, { at, roles: ['editor'] })
    const browser = own.newBrowser()
    if (signUp === 'closed') {
      isShut(t, await browser.open(link))
      const csrf = fieldOf(await browser.open(`${at.issuer}/login`), 'csrf')
      isShut(t, await browser.post(link, { csrf, password }))
      t.same(await own.mailsTo(address), [])
      return
    }
    const stale = await browser.open(inviteTo(address, { at, ttl: -1 }))
    t.match(textOf(stale.body), /You can create an account without it/)
    t.match(stale.body, /name="email"/)
    const page = await browser.submit(await browser.open(link), { password })
    await browser.submit(page, { code: (await own.mailTo(address)).code })
    t.same(await rolesOf(browser), ['editor'])
  })

const skip = await withoutPostgres()

void t.test('with a hand in the database', { skip }, async (t) => {
  const at = await startIdentity(t, { config: worldOf('invited'), database: 'postgres' })
  const database = await openDatabase(at.databaseUrl ?? '')
  t.teardown(() => database.close())
  const own = registering(at)
  const run = async (statement: ReturnType<typeof sql>) =>
    rowsOf<Record<string, unknown>>(await database.db.execute(statement))

  await t.test('a role that was removed meanwhile is not given', async (t) => {
    const address = own.newEmail()
    await run(sql`insert into roles values ('shortlived', '')`)
    const browser = own.newBrowser()
    const page = await accept(inviteTo(address, { at, roles: ['shortlived', 'editor'] }), browser)
    await run(sql`delete from roles where name = 'shortlived'`)
    await browser.submit(page, { code: (await own.mailTo(address)).code })
    t.same(await rolesOf(browser), ['editor'])
    const [record] = await run(sql`select detail from audit where event = 'user_registered'
      and user_id = (select id from users where email = ${address})`)
    t.match(record?.['detail'], { by: 'code', roles: ['editor'], invitation: /^[\da-f-]{36}$/ })
  })

  await t.test('closed meanwhile, nothing is finished', async (t) => {
    const address = own.newEmail()
    const browser = own.newBrowser()
    const page = await accept(inviteTo(address, { at }), browser)
    const { code } = await own.mailTo(address)
    const values = (signUp: string) =>
      run(
        sql`update settings set values = values || jsonb_build_object('sign_up', ${signUp}::text)`,
      )
    await values('closed')
    await at.maintain()
    isShut(t, await browser.submit(page, { code }))
    t.notOk(await own.signsIn(address))
    await values('invited')
    await at.maintain()
  })

  await t.test('one account each, even after that one is gone', async (t) => {
    const address = own.newEmail()
    const link = inviteTo(address, { at, roles: ['editor'] })
    const [one, two] = [own.newBrowser(), own.newBrowser()]
    const pages = [await accept(link, one), await accept(link, two)]
    const [second, first] = await own.mailsTo(address)
    const created = await one.submit(pages[0] as Answer, { code: first?.code ?? '' })
    t.equal(pathOf(created), '/')
    await run(sql`delete from users where email = ${address}`)
    const again = await two.submit(pages[1] as Answer, { code: second?.code ?? '' })
    t.equal(again.status, 422)
    const third = own.newBrowser()
    const page = await accept(link, third)
    const late = await third.submit(page, { code: (await own.mailTo(address)).code })
    t.equal(late.status, 422)
    t.notOk(await own.signsIn(address))
  })

  await t.test('twenty at once: one account', async (t) => {
    const address = own.newEmail()
    const browser = own.newBrowser()
    const page = await accept(inviteTo(address, { at, roles: ['editor'] }), browser)
    const { link, code } = await own.mailTo(address)
    const csrf = fieldOf(page, 'csrf')
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        browser.twin().post(n % 2 === 0 ? page.url : link, { csrf, code, password }),
      ),
    )
    t.equal(answers.filter(({ status }) => status === 303).length, 1)
    const made = await run(sql`select roles from users where email = ${address}`)
    t.same(made, [{ roles: ['editor'] }])
  })

  await t.test('the operator invites: what is refused, and what is kept', async (t) => {
    const outcomes: [string, string[], object][] = [
      [ada.email, [], { kind: 'has_account' }],
      ['fresh@example.test', ['nobody'], { kind: 'unknown_role', role: 'nobody' }],
    ]
    for (const [address, roles, outcome] of outcomes)
      t.same(await asking(database, at, address, roles), outcome)
    t.same(await own.mailsTo('fresh@example.test'), [])
    const outcome = await asking(database, at, 'fresh@example.test', ['editor'])
    if (outcome.kind !== 'invited') throw new Error(outcome.kind)
    t.equal(invitations.open(outcome.token, outcome.expiresAt), undefined)
    t.match(invitations.open(outcome.token, new Date(outcome.expiresAt.getTime() - 1)), {
      email: 'fresh@example.test',
      roles: ['editor'],
    })
    t.equal((await own.mailsTo('fresh@example.test')).length, 1)
    const [record] = await run(sql`select * from audit where event = 'user_invited'`)
    t.match(record?.['detail'], { roles: ['editor'], invitation: /^[\da-f-]{36}$/ })
    t.notMatch(JSON.stringify(record), /fresh@/)
    await run(sql`update settings set values = values || '{"sign_up":"closed"}'::jsonb`)
    t.same(await asking(database, at, 'more@example.test', []), { kind: 'closed' })
  })
})

async function asking(
  database: Database,
  at: Identity,
  address: string,
  roles: readonly string[],
): Promise<InviteOutcome> {
  const deps = { database, ring, clock: () => new Date(at.clock.now()) }
  return invite(deps, { email: email(address), roles }, (to, token) => ({
    to: { name: '', address: to },
    subject: 'You are invited',
    text: token,
    html: '',
  }))
}

/** An answer without what is random in it by design. */
function comparable({ status, headers, body }: Answer, address: string): unknown {
  const hide = (text: string) =>
    text
      .replace(/(registration|invite)=[^&"]+/g, '$1=…')
      .replace(/data-countdown="\d+"/g, 'countdown')
      .replace(/name="csrf" value="[^"]+"/g, 'csrf')
      .replaceAll(address, '@')
      .replace(/[a-z]•••@/g, '•••@')
  const steady = [...headers].filter(
    ([name]) => !/^(?:date|set-cookie|content-length|x-ratelimit-[a-z]+|x-request-id)$/.test(name),
  )
  return { status, headers: steady.map(([name, value]) => [name, hide(value)]), body: hide(body) }
}
