import t from 'tap'
import { Browser, fieldOf, mustReturn } from '../helpers/browser.ts'
import { withoutPostgres } from '../helpers/database.ts'
import { targetsOf, textOf } from '../helpers/html.ts'
import { startIdentity, startProcesses } from '../helpers/identity.ts'
import { decodeJwt } from '../helpers/jwt.ts'
import { Provider } from '../helpers/provider.ts'
import { password, pathOf, registering } from '../helpers/registering.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { type Answer, isRecord } from '../helpers/wire.ts'
import { ada, judge, world } from '../helpers/world.ts'

// From the link on the sign-in page to a signed-in person, and what its form refuses.
t.setTimeout(120_000)

const identity = await startIdentity(t, { config: world() })
const { newBrowser, newEmail, mailsTo, mailTo, register, signsIn, isSignedIn } =
  registering(identity)

void t.test('from an application: register, prove the mailbox, arrive signed in', async (t) => {
  const rp = new RelyingParty(new Provider(identity.issuer), judge)
  const request = await rp.request({ scope: 'openid email profile' })
  const browser = newBrowser()
  const login = await browser.open(request.url)
  const href = targetsOf(login.body).find((target) => target.startsWith('/register')) ?? ''
  t.match(href, /^\/register\?tx=/, 'the sign-in page leads here, and the request is kept')
  const email = newEmail()
  const page = await register(browser, email, href)
  t.equal(page.status, 200)
  t.equal(pathOf(page), '/verify-email')
  t.match(textOf(page.body), `${email.slice(0, 1)}•••@example.test`)
  t.notMatch(page.body, email, 'the address is masked')
  t.equal(await signsIn(email), false, 'there is no account yet')

  const mail = await mailTo(email)
  t.match(mail.code, /^\d{6}$/)
  t.notMatch(mail.text, 'Grace', 'strangers do not choose what we write')
  t.equal(new URL(mail.link).origin, new URL(identity.issuer).origin)
  // Typed as people type: in two groups.
  const typed = `${mail.code.slice(0, 3)} ${mail.code.slice(3)}`
  const landing = await browser.walk(await browser.submit(page, { code: typed }))
  const callback = mustReturn(landing)
  t.same(landing.steps, [], 'nothing more is asked')
  const redeemed: unknown = JSON.parse((await rp.redeem(request, callback)).body)
  const tokens = isRecord(redeemed) ? redeemed : {}
  t.same(decodeJwt(String(tokens['id_token'])).claims['amr'], ['pwd'])
  const userinfo = await fetch(`${identity.issuer}/userinfo`, {
    headers: { authorization: `Bearer ${String(tokens['access_token'])}` },
  })
  t.match(await userinfo.json(), { email, email_verified: true, name: 'Grace Hopper' })
  t.equal(await signsIn(email), true)
})

void t.test(
  'the link on a phone, the page of the code on a laptop: on to the sign-in',
  async (t) => {
    const rp = new RelyingParty(new Provider(identity.issuer), judge)
    const laptop = newBrowser()
    const login = await laptop.open((await rp.request()).url)
    const href = targetsOf(login.body).find((target) => target.startsWith('/register')) ?? ''
    const email = newEmail()
    const page = await register(laptop, email, href)
    const { link, code } = await mailTo(email)
    const phone = newBrowser()
    const made = await phone.submit(await phone.open(link), { password })
    t.match(textOf(made.body), /Your account is ready/)
    const late = await laptop.submit(page, { code })
    t.equal(late.status, 410)
    const first = targetsOf(late.body).find((target) => target.includes('?tx=')) ?? ''
    t.match(first, /^\/login\?tx=/, 'the account is there: nobody registers once more')
    const landing = await laptop.authorize(`${identity.issuer}${first}`, {
      person: { email, password },
    })
    t.ok(mustReturn(landing).params.has('code'), 'and the application is not forgotten')
  },
)

void t.test('without an application one arrives on the start page', async (t) => {
  const browser = newBrowser()
  const email = newEmail()
  const page = await register(browser, email)
  const done = await browser.submit(page, { code: (await mailTo(email)).code })
  t.equal(pathOf(done), '/')
  t.equal(await isSignedIn(browser), true)
  t.equal(pathOf(await browser.open(page.url)), '/', 'the back button goes on, too')
})

void t.test('whoever is signed in can make one more account, beside the first', async (t) => {
  const browser = newBrowser()
  const [first, second] = [newEmail(), newEmail()]
  await browser.submit(await register(browser, first), { code: (await mailTo(first)).code })
  const home = await browser.open(`${identity.issuer}/`)
  const login = await browser.submit(home, {}, { name: 'account', value: 'other' })
  t.match(textOf(login.body), `You are signed in as ${first}`)
  const href = targetsOf(login.body).find((target) => target.startsWith('/register')) ?? ''
  t.equal(href, '/register', 'the way to one more is on the page')
  const page = await register(browser, second, href)
  const done = await browser.submit(page, { code: (await mailTo(second)).code })
  for (const email of [first, second]) t.match(textOf(done.body), email)
})

void t.test('the answer is the same for an address with an account', async (t) => {
  const answers: unknown[] = []
  for (const email of ['zoe@example.test', ada.email]) {
    const browser = newBrowser()
    const form = await browser.open(`${identity.issuer}/register`)
    const fields = { csrf: fieldOf(form, 'csrf'), name: '', email, password }
    const answer = await browser.post(form.url, fields)
    const page = await browser.follow(answer)
    const wrong = await browser.submit(page, { code: '000000' })
    const again = await browser.submit(page, { code: '' }, { name: 'decision', value: 'resend' })
    answers.push([answer, page, wrong, again].map(comparable))
    t.equal(answer.status, 303)
    t.equal(wrong.status, 422)
  }
  t.same(answers[0], answers[1])
})

void t.test('who has an account is told so by mail only, and nothing changes', async (t) => {
  const browser = newBrowser()
  const page = await register(browser, ada.email.toUpperCase())
  const mail = await mailTo(ada.email)
  t.match(mail.subject, 'already have an account')
  t.equal(mail.code, '', 'there is no code to try')
  t.equal(mail.link, `${identity.issuer}/login`)
  t.match(textOf((await browser.submit(page, { code: '123456' })).body), /That code didn’t work/)
  t.equal(await signsIn(ada.email), false)
  t.equal(await signsIn(ada.email, ada.password), true)
})

for (const [name, fields, field] of [
  ['no address', { email: '' }, 'email'],
  ['an address that is none', { email: 'grace' }, 'email'],
  ['two addresses', { email: 'a@example.test,b@example.test' }, 'email'],
  ['a line break in the address', { email: 'a@example.test\r\nBcc: b@example.test' }, 'email'],
  ['no password', { password: '' }, 'password'],
  ['a short password', { password: 'fourteen chars' }, 'password'],
  ['an endless password', { password: 'pass phrase '.repeat(100) }, 'password'],
  ['the address as password', { password: 'grace.hopper@example.test' }, 'password'],
  ['an endless name', { name: 'n'.repeat(101) }, 'name'],
] as const)
  void t.test(`refused with the reason at the field: ${name}`, async (t) => {
    const browser = newBrowser()
    const form = await browser.open(`${identity.issuer}/register`)
    const given = { name: 'Grace', email: 'grace.hopper@example.test', password, ...fields }
    const answer = await browser.submit(form, given)
    t.equal(answer.status, 422)
    t.match(answer.body, `id="${field}-problem"`)
    t.match(answer.body, '<title>Error: ')
    t.equal(fieldOf(answer, 'password'), '', 'the password is not sent back')
    if (field !== 'name') t.equal(fieldOf(answer, 'name'), 'Grace')
    t.same(await mailsTo('grace.hopper@example.test'), [])
  })

for (const [name, fields, headers] of [
  ['no CSRF token', { csrf: '' }, {}],
  ["another browser's CSRF token", { csrf: 'foreign' }, {}],
  ['another site', {}, { 'sec-fetch-site': 'cross-site' }],
] as const)
  void t.test(`refused, and nobody is written to: ${name}`, async (t) => {
    const browser = newBrowser()
    const email = newEmail()
    const form = await browser.open(`${identity.issuer}/register`)
    const foreign = fieldOf(await newBrowser().open(form.url), 'csrf')
    const csrf = 'csrf' in fields ? fields.csrf.replace('foreign', foreign) : fieldOf(form, 'csrf')
    const answer = await browser.post(form.url, { email, password, csrf }, headers)
    t.equal(answer.status, 403)
    t.same(await mailsTo(email), [])
  })

for (const signUp of ['closed', 'invited'])
  void t.test(`where registration is ${signUp}, nobody gets in`, async (t) => {
    const shut = await startIdentity(t, { config: world({ sign_up: signUp }) })
    const browser = new Browser(shut.issuer)
    const page = await browser.open(`${shut.issuer}/register`)
    t.equal(page.status, 403)
    t.match(textOf(page.body), 'Registration is closed')
    const login = await browser.open(`${shut.issuer}/login`)
    t.notOk(targetsOf(login.body).some((target) => target.startsWith('/register')))
    const email = newEmail()
    const form = { email, password, csrf: fieldOf(login, 'csrf') }
    const posted = await browser.post(`${shut.issuer}/register`, form)
    t.equal(posted.status, 403)
    t.same(await registering(shut).mailsTo(email), [])
    const verify = await browser.open(`${shut.issuer}/verify-email`)
    t.equal(verify.status, signUp === 'closed' ? 403 : 410)
  })

void t.test(
  'a network that has spent its mails is told so when it asks for one again',
  async (t) => {
    const few = await startIdentity(t, { config: world({ rate_limit_per_minute: 3 }) })
    const there = registering(few)
    const browser = there.newBrowser()
    const email = newEmail()
    const page = await there.register(browser, email)
    const csrf = fieldOf(await browser.open(`${few.issuer}/register`), 'csrf')
    for (const other of [newEmail(), ada.email]) {
      const form = { csrf, name: '', email: other, password }
      t.equal((await browser.post(`${few.issuer}/register`, form)).status, 303)
    }
    few.clock.advance(61)
    const again = async () =>
      browser.submit(page, { code: '' }, { name: 'decision', value: 'resend' })
    const refused = await again()
    t.equal(refused.status, 429)
    t.ok(Number(refused.headers.get('retry-after')) > 3000, 'an hour from the first one')
    t.equal((await there.mailsTo(email)).length, 1)
    few.clock.advance(3600)
    t.equal((await again()).status, 200)
    t.equal((await there.mailsTo(email)).length, 2)
  },
)

const skip = await withoutPostgres()

void t.test(
  'over all processes a network writes to so many mailboxes an hour',
  { skip },
  async (t) => {
    const config = world({ rate_limit_per_minute: 3 })
    const { issuer, origins } = await startProcesses(t, { config, count: 2 })
    const { mailsTo: lettersTo } = registering({ issuer })
    const ask = async (email: string, origin = issuer) => {
      const browser = new Browser(issuer, origin)
      const form = await browser.open(`${issuer}/register`)
      return browser.post(form.url, { csrf: fieldOf(form, 'csrf'), name: '', email, password })
    }
    for (const email of [newEmail(), ada.email, newEmail()]) t.equal((await ask(email)).status, 303)
    const late = newEmail()
    for (const email of [late, ada.email]) {
      const answer = await ask(email, origins[1] ?? issuer)
      t.equal(answer.status, 429)
      t.ok(Number(answer.headers.get('retry-after')) > 3000, 'not the limit of requests a minute')
    }
    t.same(await lettersTo(late), [])
    t.equal((await lettersTo(ada.email)).length, 1)
  },
)

/** An answer without what is random in it by design. */
function comparable({ status, headers, body }: Answer): unknown {
  const steady = [...headers].filter(
    ([name]) => !/^(?:date|set-cookie|x-ratelimit-[a-z]+)$/.test(name),
  )
  const hide = (text: string) =>
    text
      .replace(/registration=[^&"]+/g, 'registration=…')
      .replace(/name="csrf" value="[^"]+"/g, 'csrf')
      .replace(/•••/g, '')
      .replace(/[az]@example\.test/g, 'x@example.test')
  return { status, headers: steady.map(([name, value]) => [name, hide(value)]), body: hide(body) }
}
