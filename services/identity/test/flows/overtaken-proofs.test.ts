// A first proof on its way opens nothing once the account has moved on: whoever was shut out does not come back by it.
import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { type Browser, type Person, fieldOf, stepOf } from '../helpers/browser.ts'
import { needsPostgres } from '../helpers/database.ts'
import { countOf, prove } from '../helpers/enrolling.ts'
import { startIdentity } from '../helpers/identity.ts'
import { lettersTo } from '../helpers/mailbox.ts'
import { crowd, ownAccount } from '../helpers/own-account.ts'
import { pathOf } from '../helpers/registering.ts'
import { factorRoom, showCode } from '../helpers/second-factor.ts'
import { SoftwarePasskey, passkeyOptions } from '../helpers/software-passkey.ts'
import { clientId, clientSecret, startUpstream, visit } from '../helpers/upstream.ts'
import { world } from '../helpers/world.ts'

t.setTimeout(240_000)

await needsPostgres(t)

const upstream = await startUpstream(t)
const env = {
  GOOGLE_CLIENT_ID: clientId,
  GOOGLE_CLIENT_SECRET: clientSecret,
  GOOGLE_ISSUER: upstream.issuerOf('google'),
}
const newPassword = 'a quite new pass phrase 12345'

async function house(t: Test, settings: Record<string, unknown> = {}) {
  const { people, somebody } = crowd(8)
  const plain = world(settings) as { users: object[] }
  const config = { ...plain, users: [...plain.users, ...people] }
  const identity = await startIdentity(t, { config, database: 'postgres', env })
  const { issuer } = identity
  const room = await factorRoom(t, identity.databaseUrl ?? '')
  const at = ownAccount(issuer)

  /** The owner chooses another password, by mail. */
  async function reset(person: Person) {
    const browser = at.visitor()
    await browser.submit(await at.open(browser, '/forgot-password'), { email: person.email })
    const [letter] = await lettersTo(issuer, person.email, { count: 1 })
    await browser.submit(await browser.open(letter?.link ?? ''), { password: newPassword })
    t.ok(await at.signsIn({ ...person, password: newPassword }), 'the owner has another password')
  }
  return { ...at, identity, issuer, room, somebody, reset }
}

type House = Awaited<ReturnType<typeof house>>

async function isNobody(t: Test, { open }: House, browser: Browser) {
  t.equal(stepOf(await open(browser, '/account')), 'login')
}

/** The person of a browser at another provider. */
function atGoogle(name: string) {
  const email = `${name}@gmail.com`
  upstream.person('google', { sub: `sub-${name}`, email, email_verified: true, name })
  return { email }
}

void t.test('a passkey is not set up by a password that is another one by now', async (t) => {
  const here = await house(t, { mfa: 'required' })
  const { issuer, room, visitor, somebody, reset } = here
  const person = somebody()
  const userId = await room.userId(person)
  const thief = visitor()
  const page = await thief.signIn(await thief.open(`${issuer}/login`), person)
  t.equal(pathOf(page), '/enrol')
  const form = await thief.open(page.url.replace('/enrol', '/passkey/enrol'))
  const passkey = new SoftwarePasskey(issuer)
  const answer = passkey.create(passkeyOptions(form.body))

  await reset(person)
  const late = await thief.post(form.url, { csrf: fieldOf(form, 'csrf'), answer })
  t.equal(late.status, 400)
  t.match(late.body, /Start again/)
  t.equal((await room.factors(userId)).passkeys, 0, 'nothing was added')
  await isNobody(t, here, thief)
  const login = await thief.open(`${issuer}/login`)
  const csrf = fieldOf(login, 'csrf')
  const again = passkey.get(passkeyOptions(login.body))
  const byPasskey = await thief.post(`${issuer}/passkey`, { csrf, answer: again })
  t.equal(byPasskey.status, 401, 'it opens nothing')
})

void t.test('another provider’s word is worth nothing once it is disconnected', async (t) => {
  const here = await house(t)
  const { issuer, identity, room, visitor } = here
  const forget = async (userId: string) =>
    room.database.db.execute(sql`delete from identities where user_id = ${userId}`)
  /** Somebody who has come from the provider and is asked for the second factor. */
  async function waiting(name: string) {
    const person = atGoogle(name)
    await visit(visitor(), `${issuer}/auth/google`)
    const { userId, app } = await room.enrol(person)
    const browser = visitor()
    const page = await visit(browser, `${issuer}/auth/google`)
    t.equal(stepOf(page), 'mfa')
    return { userId, app, browser, page }
  }

  await t.test('with the right code', async (t) => {
    const { userId, app, browser, page } = await waiting('moira')
    await forget(userId)
    const late = await showCode(browser, page, app.code(identity.clock.now()))
    t.equal(late.status, 400)
    t.match(late.body, /Start again/)
    await isNobody(t, here, browser)
  })

  // As where the owner of the address takes the account back: factors and connections of before are gone.
  await t.test('by setting up a factor of its own', async (t) => {
    const { userId, browser, page } = await waiting('niall')
    const enrol = page.url.replace('/mfa', '/enrol')
    await forget(userId)
    await room.strip(userId)
    const scan = await browser.open(enrol)
    const { answer: saving } = await prove(browser, scan, identity.clock.now())
    const late = await browser.submit(saving, {})
    t.equal(late.status, 400)
    t.equal(await countOf(room.database, 'authenticators', userId), 0)

    const form = await browser.open(enrol.replace('/enrol', '/passkey/enrol'))
    const answer = new SoftwarePasskey(issuer).create(passkeyOptions(form.body))
    const key = await browser.post(form.url, { csrf: fieldOf(form, 'csrf'), answer })
    t.equal(key.status, 400)
    t.equal((await room.factors(userId)).passkeys, 0)
    await isNobody(t, here, browser)
  })

  await t.test('still connected, it is worth what it was', async (t) => {
    const { app, browser, page } = await waiting('orla')
    await showCode(browser, page, app.code(identity.clock.now()))
    t.not(stepOf(await here.open(browser, '/account')), 'login')
  })
})
