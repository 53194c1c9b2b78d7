import t from 'tap'
import { fieldOf, mustReturn } from '../helpers/browser.ts'
import { targetsOf, textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { bent } from '../helpers/jwt.ts'
import { Provider } from '../helpers/provider.ts'
import { password, pathOf, registering } from '../helpers/registering.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { describe } from '../helpers/wire.ts'
import { judge, world } from '../helpers/world.ts'

// The proof of a mailbox by code and by link: how often, how long, in which browser, and how many at once.
const identity = await startIdentity(t, { config: world() })
const { newBrowser, newEmail, mailsTo, mailTo, register, signsIn, isSignedIn } =
  registering(identity)
const words = {
  wrong: /That code didn’t work/,
  expired: /has expired/,
  exhausted: /Too many tries/,
}
const other = (code: string, step = 1) => String((Number(code) + step) % 1_000_000).padStart(6, '0')

void t.test('five tries at a code, then not even the right one; another mail helps', async (t) => {
  const browser = newBrowser()
  const email = newEmail()
  const page = await register(browser, email)
  const { code } = await mailTo(email)
  for (const typed of ['', 'abcdef', '12345', '1234567'])
    t.equal((await browser.submit(page, { code: typed })).status, 422, 'a shape is no try')
  for (let step = 1; step <= 5; step += 1) {
    const answer = await browser.submit(page, { code: other(code, step) })
    t.equal(answer.status, 422)
    t.match(textOf(answer.body), words.wrong)
  }
  t.match(textOf((await browser.submit(page, { code })).body), words.exhausted)
  t.equal(await signsIn(email), false)

  const resend = { name: 'decision', value: 'resend' }
  const early = await browser.submit(page, {}, resend)
  t.equal(early.status, 429)
  t.match(early.headers.get('retry-after'), /^\d+$/)
  t.equal((await mailsTo(email)).length, 1)
  identity.clock.advance(61)
  const again = await browser.submit(page, {}, resend)
  t.equal(again.status, 200)
  t.match(textOf(again.body), 'Another mail is on its way')
  const mails = await mailsTo(email)
  t.equal(mails.length, 2)
  const fresh = mails[0]?.code ?? ''
  if (fresh !== code)
    t.match(
      textOf((await browser.submit(again, { code })).body),
      words.wrong,
      'the old one is gone',
    )
  t.equal(pathOf(await browser.submit(again, { code: fresh })), '/')
})

void t.test('thirty tries at once are five (invariant 2)', async (t) => {
  const browser = newBrowser()
  const email = newEmail()
  const page = await register(browser, email)
  const { code } = await mailTo(email)
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, i) => browser.submit(page, { code: other(code, i + 1) })),
  )
  const looked = answers.filter(({ body }) => words.wrong.test(body))
  t.equal(looked.length, 5)
  t.ok(answers.every(({ status }) => status === 422))
  t.equal((await browser.submit(page, { code })).status, 422)
  t.equal(await signsIn(email), false)
})

void t.test('the right code twenty times at once makes one account', async (t) => {
  const browser = newBrowser()
  const email = newEmail()
  const page = await register(browser, email)
  const { code } = await mailTo(email)
  const twins = Array.from({ length: 20 }, () => browser.twin())
  const answers = await Promise.all(twins.map((twin) => twin.submit(page, { code })))
  t.equal(answers.filter((answer) => pathOf(answer) === '/').length, 1, 'one is through')
  t.ok(answers.every(({ status }) => [200, 410, 422].includes(status)))
  t.equal(await signsIn(email), true)
  const replay = await browser.submit(page, { code })
  t.equal(replay.status, 410, 'and it is used up')
  t.ok(targetsOf(replay.body).includes('/register'), 'with a way on')
})

void t.test('a code works for ten minutes', async (t) => {
  const browser = newBrowser()
  const email = newEmail()
  const page = await register(browser, email)
  const { code } = await mailTo(email)
  identity.clock.advance(601)
  t.match(textOf((await browser.submit(page, { code })).body), words.expired)
  t.equal(await signsIn(email), false)
})

void t.test('another browser, or a bent address, sees and moves nothing', async (t) => {
  const browser = newBrowser()
  const email = newEmail()
  const page = await register(browser, email)
  const { code, link } = await mailTo(email)
  const thief = newBrowser()
  const own = await register(thief, newEmail())
  const name = new URL(page.url).searchParams.get('registration') ?? ''
  const token = new URL(link).searchParams.get('token') ?? ''
  for (const [why, query] of [
    ["another person's", { registration: name }],
    ['bent', { registration: bent(name) }],
    ['cut off', { registration: name.slice(0, -1) }],
    ['the name as a proof', { token: name }],
    ['the proof as a name', { registration: token }],
    ['a bent proof', { token: bent(token) }],
    ['nothing', {}],
  ] as const) {
    const url = `${identity.issuer}/verify-email?${new URLSearchParams(query)}`
    const seen = await thief.get(url)
    t.equal(seen.status, 410, why)
    t.notMatch(seen.body, /example\.test/, why)
    for (const fields of [{ code }, { decision: 'resend' }]) {
      const answer = await thief.post(url, { ...fields, csrf: fieldOf(own, 'csrf') })
      t.equal(answer.status, 410, `${why}: ${describe(answer)}`)
    }
  }
  const twice = `${identity.issuer}/verify-email?registration=${name}&registration=${name}`
  t.ok((await browser.get(twice)).status >= 400)
  t.equal((await mailsTo(email)).length, 1)
  t.equal(await signsIn(email), false)
  t.equal(pathOf(await browser.submit(page, { code })), '/', 'its own browser goes on')
})

void t.test(
  'the link: looking uses nothing up, its button works in any browser, once',
  async (t) => {
    const email = newEmail()
    await register(newBrowser(), email)
    const { link } = await mailTo(email)
    for (let i = 0; i < 3; i += 1) t.equal((await newBrowser().open(link)).status, 200)
    t.equal(await signsIn(email), false)
    const phone = newBrowser()
    const page = await phone.open(link)
    t.match(textOf(page.body), email)
    const refused = await phone.submit(page, { password: 'somebody else’s password' })
    t.equal(
      refused.status,
      422,
      'a stranger’s registration: the owner of the mailbox does not know its password',
    )
    t.equal(await signsIn(email), false)
    const done = await phone.submit(page, { password })
    t.equal(pathOf(done), '/login')
    t.match(textOf(done.body), 'Your account is ready')
    t.equal(await isSignedIn(phone), false, 'a mailbox alone signs nobody in')
    t.equal(await signsIn(email), true)
    for (const browser of [phone, newBrowser()]) {
      t.equal((await browser.open(link)).status, 410)
      t.equal((await browser.post(link, { csrf: fieldOf(page, 'csrf') })).status < 500, true)
    }
  },
)

void t.test('the link in the browser that asked goes on to the application', async (t) => {
  const rp = new RelyingParty(new Provider(identity.issuer), judge)
  const browser = newBrowser()
  const login = await browser.open((await rp.request()).url)
  const email = newEmail()
  await register(browser, email, `/register${new URL(login.url).search}`)
  const page = await browser.open((await mailTo(email)).link)
  const landing = await browser.walk(await browser.submit(page, {}))
  t.ok(mustReturn(landing).params.has('code'))
})

void t.test('twenty presses at once make one account', async (t) => {
  const email = newEmail()
  await register(newBrowser(), email)
  const { link } = await mailTo(email)
  const pages = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const browser = newBrowser()
      return { browser, page: await browser.open(link) }
    }),
  )
  const answers = await Promise.all(
    pages.map(({ browser, page }) => browser.submit(page, { password })),
  )
  t.equal(answers.filter((answer) => pathOf(answer) === '/login').length, 1)
  t.equal(
    answers.filter(({ status }) => status === 410 || status === 422).length,
    19,
    'used already, or one try too many',
  )
})

void t.test('a link works for a day', async (t) => {
  const email = newEmail()
  await register(newBrowser(), email)
  const { link } = await mailTo(email)
  const browser = newBrowser()
  const page = await browser.open(link)
  identity.clock.advance(86_401)
  t.equal((await browser.submit(page, { password })).status, 410)
  t.equal((await browser.open(link)).status, 410)
  await identity.maintain()
  t.equal(await signsIn(email), false)
})

void t.test(
  'in one browser the newest registration counts; among browsers the first proof',
  async (t) => {
    const [one, two] = [newBrowser(), newBrowser()]
    const email = newEmail()
    const first = await register(one, email)
    const old = await mailTo(email)
    const second = await register(one, email)
    const fresh = await mailTo(email)
    t.equal((await one.submit(first, { code: old.code })).status, 410)
    t.equal((await newBrowser().open(old.link)).status, 410)
    const rival = await register(two, email)
    const theirs = await mailTo(email)
    t.equal(pathOf(await one.submit(second, { code: fresh.code })), '/')
    const late = await two.submit(rival, { code: theirs.code })
    t.equal(late.status, 422)
    t.match(textOf(late.body), words.wrong)
    t.equal(await isSignedIn(two), false)
  },
)

void t.test(
  'a mailbox gets five mails an hour, whoever asks, and the answers stay the same',
  async (t) => {
    const email = newEmail()
    const pages = []
    for (let i = 0; i < 7; i += 1) {
      const browser = newBrowser()
      pages.push({ browser, page: await register(browser, email) })
    }
    t.ok(pages.every(({ page }) => page.status === 200 && pathOf(page) === '/verify-email'))
    const mails = await mailsTo(email)
    t.equal(mails.length, 5)
    const last = pages[6]
    for (const { code } of mails)
      t.equal((await last?.browser.submit(last.page, { code }))?.status, 422, 'no code was mailed')
    identity.clock.advance(3601)
    await register(newBrowser(), email)
    t.equal((await mailsTo(email)).length, 6)
  },
)

void t.test('asking again twenty times at once is one mail', async (t) => {
  const browser = newBrowser()
  const email = newEmail()
  const page = await register(browser, email)
  identity.clock.advance(61)
  const resend = { name: 'decision', value: 'resend' }
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => browser.submit(page, {}, resend)),
  )
  t.equal(answers.filter(({ status }) => status === 200).length, 1)
  t.equal(answers.filter(({ status }) => status === 429).length, 19)
  t.equal((await mailsTo(email)).length, 2)
})
