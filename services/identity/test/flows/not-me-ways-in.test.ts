// "This wasn't me" closes the ways in that a thief has made, and works for whoever never had a password.
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { type Browser, type Person, fieldOf, stepOf } from '../helpers/browser.ts'
import { needsPostgres } from '../helpers/database.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { lettersTo } from '../helpers/mailbox.ts'
import { crowd, ownAccount } from '../helpers/own-account.ts'
import { factorRoom } from '../helpers/second-factor.ts'
import { SoftwarePasskey, passkeyOptions } from '../helpers/software-passkey.ts'
import { clientId, clientSecret, startUpstream, visit } from '../helpers/upstream.ts'
import { world } from '../helpers/world.ts'

t.setTimeout(240_000)

await needsPostgres(t)

const upstream = await startUpstream(t)
const { people, somebody } = crowd(10)
const plain = world() as { users: object[] }
const identity = await startIdentity(t, {
  config: { ...plain, users: [...plain.users, ...people] },
  database: 'postgres',
  env: {
    GOOGLE_CLIENT_ID: clientId,
    GOOGLE_CLIENT_SECRET: clientSecret,
    GOOGLE_ISSUER: upstream.issuerOf('google'),
  },
})
const { issuer } = identity
const room = await factorRoom(t, identity.databaseUrl ?? '')
const { visitor, signIn, open, press, askForAddress } = ownAccount(issuer)
const newPassword = 'a quite new pass phrase 12345'

/** The link of the newest letter that has a "this wasn't me". */
async function newestLink({ email }: Pick<Person, 'email'>): Promise<string> {
  const letters = await lettersTo(issuer, email, { count: 1 })
  return letters.find((letter) => letter.link.includes('/not-me'))?.link ?? ''
}

/** The owner presses the button behind it. */
async function notMe(t: Test, person: Pick<Person, 'email'>): Promise<void> {
  const browser = visitor()
  const page = await browser.open(await newestLink(person))
  t.equal(page.status, 200)
  const csrf = fieldOf(page, 'csrf')
  const done = await browser.follow(await browser.post(page.url, { csrf }))
  t.match(textOf(done.body), /Your account is secured/)
}

async function isNobody(t: Test, browser: Browser) {
  t.equal(stepOf(await open(browser, '/account')), 'login')
}

/** The person of a browser at another provider. */
function atGoogle(name: string) {
  const email = `${name}@gmail.com`
  upstream.person('google', { sub: `sub-${name}`, email, email_verified: true, name })
  return { email }
}

/** As if somebody had got what they have of it eight days before. */
async function age(table: 'passkeys' | 'identities', person: Pick<Person, 'email'>) {
  const userId = await room.userId(person)
  await room.database.db.execute(
    sql`update ${sql.identifier(table)} set created_at = created_at - interval '8 days' where user_id = ${userId}`,
  )
}

async function addPasskey(browser: Browser): Promise<SoftwarePasskey> {
  const passkey = new SoftwarePasskey(issuer)
  const page = await open(browser, '/account/passkeys/add')
  const answer = passkey.create(passkeyOptions(page.body))
  const added = await browser.follow(
    await browser.post(page.url, { csrf: fieldOf(page, 'csrf'), answer }),
  )
  if (!textOf(added.body).includes('Your passkey was added')) throw new Error(textOf(added.body))
  return passkey
}

async function byPasskey(passkey: SoftwarePasskey) {
  const browser = visitor()
  const login = await open(browser, '/login')
  const answer = passkey.get(passkeyOptions(login.body))
  const answered = await browser.post(`${issuer}/passkey`, { csrf: fieldOf(login, 'csrf'), answer })
  return { browser, status: answered.status }
}

void t.test('it suspends the passkey of a thief, whichever letter it is', async (t) => {
  const person = somebody()
  await signIn(person)
  const passkey = await addPasskey(await signIn(person))
  identity.clock.advance(60)
  const { browser, status } = await byPasskey(passkey)
  t.equal(status, 303, 'on another device: the newest letter tells of that')
  await notMe(t, person)
  await isNobody(t, browser)
  t.equal((await byPasskey(passkey)).status, 401)
  t.equal((await room.factors(await room.userId(person))).passkeys, 1, 'it is a second factor yet')
})

void t.test('it leaves older passkeys', async (t) => {
  const person = somebody()
  const passkey = await addPasskey(await signIn(person))
  await age('passkeys', person)
  await byPasskey(passkey)
  await notMe(t, person)
  t.equal((await byPasskey(passkey)).status, 303)
})

void t.test('without a password: it signs the thief out, once for each theft', async (t) => {
  const person = somebody()
  const passkey = await addPasskey(await signIn(person))
  const userId = await room.userId(person)
  await room.database.db.execute(sql`delete from passwords where user_id = ${userId}`)
  const { browser: thief } = await byPasskey(passkey)
  await notMe(t, person)
  await isNobody(t, thief)
  const again = await visitor().open(await newestLink(person))
  t.equal(again.status, 400, 'nobody is signed in: there is nothing to do')
})

void t.test(
  'without a password: a letter to another address than the present one does nothing',
  async (t) => {
    const person = somebody()
    const passkey = await addPasskey(await signIn(person))
    const userId = await room.userId(person)
    await room.database.db.execute(sql`delete from passwords where user_id = ${userId}`)
    await byPasskey(passkey)
    const link = await newestLink(person)
    const moved = 'moved-on@example.test'
    await room.database.db.execute(sql`update users set email = ${moved} where id = ${userId}`)
    const browser = visitor()
    const csrf = fieldOf(await open(browser, '/login'), 'csrf')
    t.equal((await browser.post(link, { csrf })).status, 400)
    t.equal(await room.userId({ email: moved }), userId, 'the address stays')
    t.not((await room.liveSessions(userId)).length, 0, 'and who is signed in stays so')
  },
)

void t.test('it cuts the connections of a thief, whichever letter it is', async (t) => {
  const person = somebody()
  const userId = await room.userId(person)
  await signIn(person)
  const thief = await signIn(person)
  upstream.person('google', { sub: 'sub-thief', email: 'thief@acme.test', email_verified: true })
  const connections = await open(thief, '/account/connections')
  const start = await thief.post(connections.url, {
    csrf: fieldOf(connections, 'csrf'),
    provider: 'google',
  })
  const back = await fetch(start.headers.get('location') ?? '', { redirect: 'manual' })
  const connected = await thief.open(back.headers.get('location') ?? '')
  t.match(textOf(connected.body), /Connected\. You can sign in with it/)
  const sub = visitor()
  await visit(sub, `${issuer}/auth/google`)
  t.match(textOf((await open(sub, '/account')).body), new RegExp(person.email), 'the thief is in')

  await notMe(t, person)
  await isNobody(t, sub)
  const after = visitor()
  await visit(after, `${issuer}/auth/google`)
  t.notMatch(textOf((await open(after, '/account')).body), new RegExp(person.email))
  t.equal(await room.audited('identity_unlinked', userId), 1, 'and it is on record')
})

void t.test('the letter about a connection undoes it, though nobody signed in anew', async (t) => {
  const person = somebody()
  const userId = await room.userId(person)
  // Somebody else at a computer that was left unlocked.
  const left = await signIn(person)
  const connections = await open(left, '/account/connections')
  const csrf = fieldOf(connections, 'csrf')
  upstream.person('google', { sub: 'sub-passer', email: 'passer@acme.test', email_verified: true })
  const start = await left.post(connections.url, { csrf, provider: 'google' })
  const back = await fetch(start.headers.get('location') ?? '', { redirect: 'manual' })
  await left.open(back.headers.get('location') ?? '')
  const told = async (subject: RegExp) =>
    (await lettersTo(issuer, person.email, { count: 1 })).find((one) => subject.test(one.subject))
  const linked = await told(/Google is connected/)
  t.match(linked?.link, '/not-me?token=', 'it is the one action of the letter')
  // Without a password the connection itself is what there is to undo.
  await room.database.db.execute(sql`delete from passwords where user_id = ${userId}`)
  const owner = visitor()
  const page = await owner.open(linked?.link ?? '')
  t.match(textOf(page.body), /account at another service was connected/)
  await owner.follow(await owner.post(page.url, { csrf: fieldOf(page, 'csrf') }))
  await isNobody(t, left)
  t.equal(await room.audited('identity_unlinked', userId), 1)
  t.equal((await visitor().open(linked?.link ?? '')).status, 400, 'there is nothing left to undo')
})

/** The newest letter that says so, but for one that is known; some are written after the answer. */
async function mail(email: string, subject: RegExp, known = '') {
  for (let tries = 0; tries < 100; tries += 1) {
    const letters = await lettersTo(issuer, email, { count: 1 })
    const letter = letters.find((one) => subject.test(one.subject) && one.link !== known)
    if (letter !== undefined) return letter
    await wait(50)
  }
  throw new Error(`no letter to ${email} says ${subject.source}`)
}

/** Connects Google on the page of the account. */
async function connectGoogle(browser: Browser, sub: string) {
  upstream.person('google', { sub, email: `${sub}@gmail.com`, email_verified: true })
  const page = await open(browser, '/account/connections')
  const csrf = fieldOf(page, 'csrf')
  const start = await browser.post(page.url, { csrf, provider: 'google' })
  const back = await fetch(start.headers.get('location') ?? '', { redirect: 'manual' })
  const connected = await browser.open(back.headers.get('location') ?? '')
  if (!textOf(connected.body).includes('Connected.')) throw new Error(textOf(connected.body))
}

/** Another password by mail, and the owner in the account with it. */
async function resetByMail({ email }: Pick<Person, 'email'>): Promise<Browser> {
  const browser = visitor()
  await browser.submit(await open(browser, '/forgot-password'), { email })
  const { link } = await mail(email, /^Choose a new password/)
  await browser.submit(await browser.open(link), { password: newPassword })
  return signIn({ email, password: newPassword })
}

void t.test('a thief’s own letter about a connection never takes the account back', async (t) => {
  const person = somebody()
  const userId = await room.userId(person)
  const thief = await signIn(person)
  const evil = { email: 'evil@elsewhere.example.test' }
  await askForAddress(thief, evil.email)
  await press(thief, await thief.open((await mail(evil.email, /^Confirm/)).link))
  await connectGoogle(thief, 'evil')
  const theirs = await mail(evil.email, /^Google is connected/)
  const mine = await mail(person.email, /address was changed$/)
  const owner = visitor()
  await press(owner, await owner.open(mine.link))
  t.equal((await visitor().open(theirs.link)).status, 400, 'their connection is cut')
  const again = await resetByMail(person)
  await connectGoogle(again, 'rightful')
  t.equal((await visitor().open(theirs.link)).status, 400, 'and that of the owner is no reason')
  const browser = visitor()
  const csrf = fieldOf(await open(browser, '/login'), 'csrf')
  t.equal((await browser.post(theirs.link, { csrf })).status, 400)
  t.equal(await room.userId(person), userId, 'the address stays')
  t.match(textOf((await open(again, '/account')).body), new RegExp(person.email))
})

void t.test(
  'the letter about a connection works once, also when there is another one',
  async (t) => {
    const person = somebody()
    await connectGoogle(await signIn(person), 'once')
    const { link } = await mail(person.email, /^Google is connected/)
    const owner = visitor()
    const page = await owner.open(link)
    t.match(textOf((await press(owner, page)).body), /Your account is secured/)
    const again = await resetByMail(person)
    await connectGoogle(again, 'once-more')
    t.equal((await visitor().open(link)).status, 400)
    const { link: second } = await mail(person.email, /^Google is connected/, link)
    t.equal((await visitor().open(second)).status, 200, 'the one about that tells of it')
  },
)

void t.test('it leaves older connections', async (t) => {
  const person = atGoogle('oldhand')
  await visit(visitor(), `${issuer}/auth/google`)
  const userId = await room.userId(person)
  const { email } = person
  const owner = visitor()
  await owner.submit(await open(owner, '/forgot-password'), { email })
  const [letter] = await lettersTo(issuer, email, { count: 1 })
  await owner.submit(await owner.open(letter?.link ?? ''), { password: newPassword })
  await age('identities', person)
  await signIn({ email, password: newPassword })
  await notMe(t, { email })
  t.equal(await room.audited('identity_unlinked', userId), 0)
  const browser = visitor()
  await visit(browser, `${issuer}/auth/google`)
  t.match(textOf((await open(browser, '/account')).body), /oldhand@gmail\.com/)
})
