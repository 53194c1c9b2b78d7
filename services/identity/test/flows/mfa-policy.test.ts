// What the operator asks of people: a second factor of everybody, of some, from a day on.
import t, { type Test } from 'tap'
import { type Browser, mustReturn, type Person, stepOf } from '../helpers/browser.ts'
import { needsPostgres } from '../helpers/database.ts'
import { targetsOf, textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { decodeJwt } from '../helpers/jwt.ts'
import { lettersTo } from '../helpers/mailbox.ts'
import { crowd, ownAccount } from '../helpers/own-account.ts'
import { pathOf, registering } from '../helpers/registering.ts'
import { factorRoom, showCode, upToCode } from '../helpers/second-factor.ts'
import { ada, bob, world } from '../helpers/world.ts'

t.setTimeout(300_000)

await needsPostgres(t)

const login = '/login?next=%2Faccount'

async function house(t: Test, settings: Record<string, unknown>) {
  const { people, somebody } = crowd(8)
  const base = world(settings) as { users: object[] }
  const config = { ...base, users: [...base.users, ...people] }
  const identity = await startIdentity(t, { config, database: 'postgres' })
  const room = await factorRoom(t, identity.databaseUrl ?? '')
  const at = ownAccount(identity.issuer)
  return {
    ...at,
    identity,
    room,
    somebody,
    /** Shows the password, and returns the page that comes. */
    async password(person: Person, browser: Browser, path = login) {
      return browser.signIn(await at.open(browser, path), person)
    },
  }
}
type House = Awaited<ReturnType<typeof house>>

/** Nothing but the page that sets a factor up. */
async function expectLockedOut(
  t: Test,
  { open, rp, room }: House,
  browser: Browser,
  person: Person,
) {
  for (const path of ['/account', '/account/password', '/account/api/v1/profile'])
    t.not(pathOf(await open(browser, path)), '/account', path)
  const silent = await browser.authorize((await rp.request({ prompt: 'none' })).url)
  t.equal(mustReturn(silent).params.get('error'), 'login_required')
  t.equal(await room.count('sessions', await room.userId(person)), 0)
}

void t.test('required of everybody', async (t) => {
  const here = await house(t, { mfa: 'required' })
  const { somebody, password, visitor, room, identity, issuer } = {
    ...here,
    issuer: here.identity.issuer,
  }

  await t.test('without a factor: no session before one is set up', async (t) => {
    const person = somebody()
    const browser = visitor()
    const page = await password(person, browser)
    t.equal(pathOf(page), '/enrol')
    t.ok(new URL(page.url).searchParams.has('proof'))
    await expectLockedOut(t, here, browser, person)
    const asked = await browser.authorize((await here.rp.request()).url, { person })
    t.equal(pathOf(asked.answer), '/enrol')
    t.notOk(asked.callback)
  })

  await t.test('the proof of somebody without a factor is none at the page of codes', async (t) => {
    const person = somebody()
    const browser = visitor()
    const page = await password(person, browser)
    const answer = await browser.open(page.url.replace('/enrol?', '/mfa?'))
    t.equal(answer.status, 400)
    await expectLockedOut(t, here, browser, person)
  })

  await t.test('with one: the code, as ever; a trusted browser spares it', async (t) => {
    const person = somebody()
    const { app } = await room.enrol(person)
    const browser = visitor()
    const page = await upToCode(browser, `${issuer}${login}`, person)
    const code = app.code(identity.clock.now())
    t.equal(pathOf(await showCode(browser, page, code, { trust: 'yes' })), '/account')
    browser.cookies.delete('signet_session')
    t.equal(pathOf(await password(person, browser)), '/account')
  })

  await t.test('a new account is no way round', async (t) => {
    const { register, newEmail, mailTo } = registering(identity)
    const browser = visitor()
    const email = newEmail()
    const waiting = await register(browser, email)
    const done = await browser.submit(waiting, { code: (await mailTo(email)).code })
    t.equal(pathOf(done), '/enrol')
    await expectLockedOut(t, here, browser, { email, password: '' })
  })

  await t.test('nor is a new password by mail', async (t) => {
    const person = somebody()
    const browser = visitor()
    await browser.submit(await here.open(browser, '/forgot-password'), { email: person.email })
    const [letter] = await lettersTo(issuer, person.email, { count: 1 })
    const fresh = { ...person, password: 'a brand new pass phrase 99' }
    const form = await browser.open(letter?.link ?? '')
    await browser.submit(form, { password: fresh.password })
    t.equal(pathOf(await password(fresh, browser)), '/enrol')
    await expectLockedOut(t, here, browser, fresh)
  })
})

void t.test('required by role: of administrators, and of nobody else', async (t) => {
  const here = await house(t, { mfa: 'by_role' })
  const browser = here.visitor()
  t.equal(pathOf(await here.password(ada, browser)), '/enrol')
  await expectLockedOut(t, here, browser, ada)
  t.equal(pathOf(await here.password(bob, here.visitor())), '/account')
})

void t.test('required by other roles', async (t) => {
  const here = await house(t, { mfa: 'by_role', mfa_roles: ['editor', 'auditor'] })
  t.equal(pathOf(await here.password(ada, here.visitor())), '/account')
})

void t.test('a time of grace', async (t) => {
  const day = new Date(Date.now() + 10 * 86_400_000)
  const here = await house(t, { mfa: 'required', mfa_grace_until: day.toISOString() })
  const { identity, rp, visitor, somebody } = here
  const said = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(day)

  await t.test('until then: told once after the sign-in, and let on', async (t) => {
    const person = somebody()
    const browser = visitor()
    const request = await rp.request()
    const { answer } = await browser.authorize(request.url, { person })
    t.equal(pathOf(answer), '/mfa/due')
    t.match(textOf(answer.body), `From ${said} on`)
    const links = targetsOf(answer.body).filter((target) => target.includes('tx='))
    const later = links.find((target) => target.startsWith('/authorize'))
    t.equal(links.filter((target) => target.startsWith('/enrol')).length, 1)
    const landing = await browser.walk(await browser.open(`${identity.issuer}${later ?? ''}`))
    const { tokens } = await rp.signIn(browser)
    t.ok(landing.callback?.params.has('code'))
    t.equal(decodeJwt(tokens.idToken).claims['acr'], 'aal1')
    const next = await browser.authorize((await rp.request()).url)
    t.same(next.steps, [], 'not again in this session')
    t.ok(next.callback)
  })

  await t.test('not those who have a factor', async (t) => {
    const person = somebody()
    const { app } = await here.room.enrol(person)
    const browser = visitor()
    const page = await upToCode(browser, `${identity.issuer}${login}`, person)
    const through = await showCode(browser, page, app.code(identity.clock.now()))
    t.equal(pathOf(through), '/account')
    t.equal(pathOf(await here.open(browser, '/mfa/due?next=%2Faccount')), '/account')
  })

  await t.test('from then on: no session before one is set up', async (t) => {
    identity.clock.advance(10 * 86_400 + 1)
    const person = somebody()
    const browser = visitor()
    t.equal(pathOf(await here.password(person, browser)), '/enrol')
    await expectLockedOut(t, here, browser, person)
  })
})

void t.test('optional: nobody is asked who has none', async (t) => {
  const here = await house(t, {})
  const browser = here.visitor()
  t.equal(pathOf(await here.password(here.somebody(), browser)), '/account')
  t.equal(stepOf(await here.open(browser, '/mfa?next=%2Faccount')), undefined)
  t.equal(pathOf(await here.open(here.visitor(), '/mfa/due')), '/')
  t.equal(pathOf(await here.open(here.visitor(), '/mfa/recovered')), '/')
})
