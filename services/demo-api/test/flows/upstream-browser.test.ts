import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { launchChromium } from '../helpers/chromium.ts'
import { startHouse } from '../helpers/house.ts'

// "Sign in with Google" as people meet it: from the demo application by the button to a note, and each row of the table
// of docs/decisions/0024 by the page that comes. At the stand-in for Google one chooses who one is.
t.setTimeout(180_000)

const ada = { email: 'ada@example.test', password: 'correct horse battery staple' }
const attacker = { email: 'alan.turing@gmail.com', password: 'here before its owner came' }
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
// These run in the page, so they are text.
const FAULTS = `axe
  .run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
  .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ' ' + target)))`
const OVERFLOWS = 'document.documentElement.scrollWidth > innerWidth'

const found = await launchChromium()
if (found === undefined) {
  t.skip('NOT RUN: no Chromium on this machine (set CHROMIUM_PATH)', async () => undefined)
} else {
  t.teardown(() => found.close())
  await walk(found)
}

async function walk(browser: Browser): Promise<void> {
  const { issuer, api, google } = await startHouse(t, {
    users: [
      { ...ada, email_verified: true, claims: { name: 'Ada Lovelace' } },
      { ...attacker, email_verified: false },
    ],
    client: { consent: 'implicit' },
    withGoogle: true,
  })

  async function open(t: Test, options: BrowserContextOptions = { javaScriptEnabled: false }) {
    const context = await browser.newContext(options)
    t.teardown(() => context.close())
    return context.newPage()
  }

  /** From the front page of the application to Google’s own page. */
  async function toGoogle(page: Page) {
    await page.goto(api)
    await page.click('#sign-in')
    await page.waitForURL(`${issuer}/login?*`)
    await page.click('text=Sign in with Google')
    await page.waitForURL(`${google}/**`)
  }

  async function becomeTyped(page: Page, sub: string, email: string) {
    await toGoogle(page)
    await chooseTyped(page, sub, email)
  }

  async function chooseTyped(page: Page, sub: string, email: string) {
    await page.click('summary')
    await page.fill('[name=sub]', sub)
    await page.fill('[name=email]', email)
    await page.click('button[value=typed]')
  }

  async function become(page: Page, person: string) {
    await toGoogle(page)
    await page.click(`button[value=${person}]`)
  }

  async function writeNote(page: Page, text: string) {
    await page.waitForURL(`${api}/`)
    await page.fill('#note-text', text)
    await page.click('#add-note')
    await page.waitForSelector(`#notes >> text=${text}`)
  }

  async function enterPassword(page: Page, { email, password }: typeof ada) {
    await page.fill('[name=email]', email)
    await page.fill('[name=password]', password)
    await page.click('button[type=submit]:not([name])')
  }

  /** The newest code that was mailed to somebody. */
  async function codeFor(email: string): Promise<string> {
    const answer = await fetch(`${issuer}/dev/inbox/messages?to=${email}`)
    const [mail] = (await answer.json()) as { codes: string[] }[]
    return mail?.codes[0] ?? ''
  }

  async function enterCode(page: Page, email: string) {
    await page.waitForURL(`${issuer}/sign-in/code?*`)
    await page.fill('[name=code]', await codeFor(email))
    await page.click('button[type=submit]:not([name])')
  }

  const isAsked = async (page: Page) => (await page.locator('#sign-in').count()) > 0

  for (const javaScriptEnabled of [false, true]) {
    const scripts = javaScriptEnabled ? 'on' : 'off'
    await t.test(`a new person, from the button to a note, scripts ${scripts}`, async (t) => {
      const page = await open(t, { javaScriptEnabled })
      await becomeTyped(page, `new-${scripts}`, `new.${scripts}@gmail.com`)
      await writeNote(page, `written with scripts ${scripts}`)
      t.match(await page.textContent('#user-email'), `new.${scripts}@gmail.com`)
    })
  }

  await t.test('who has an account proves it once; then one click is enough', async (t) => {
    const page = await open(t)
    await become(page, 'organisation')
    await page.waitForURL(`${issuer}/login?*`)
    t.match(await page.textContent('h1'), 'Sign in to Demo notes', 'still on the way there')
    t.match(await page.textContent('main'), /already has an account. Sign in to connect Google/)
    t.equal(await page.inputValue('[name=email]'), ada.email)
    await enterPassword(page, { ...ada, password: 'not her password at all' })
    t.match(await page.title(), /^Error: /)
    await enterPassword(page, ada)
    await page.waitForURL(`${issuer}/account/connections/confirm?*`)
    await page.click('[value=connect]')
    await writeNote(page, 'connected')
    await page.click('#sign-out')
    await page.waitForSelector('#sign-in')
    await page.click('#sign-in')
    t.match(await page.textContent('a.provider'), /Sign in with Google.*Last used/s)
    await become(page, 'organisation')
    await writeNote(page, 'in one click')
    t.match(await page.textContent('#user-email'), ada.email)
  })

  await t.test('an account prepared for its victim: the attacker is out', async (t) => {
    const theirs = await open(t)
    await theirs.goto(api)
    await theirs.click('#sign-in')
    await enterPassword(theirs, attacker)
    await theirs.waitForURL(`${api}/`)
    await theirs.goto(`${issuer}/account`)
    t.equal(new URL(theirs.url()).pathname, '/account', 'signed in, and waiting')

    const page = await open(t)
    await become(page, 'prepared')
    await writeNote(page, 'of Alan alone')
    t.match(await page.textContent('#user-email'), attacker.email)

    await theirs.reload()
    t.equal(new URL(theirs.url()).pathname, '/login', 'their session has ended')
    await enterPassword(theirs, attacker)
    t.match(await theirs.title(), /^Error: /, 'their password as well')
    await page.goto(`${issuer}/account/connections`)
    t.equal(await page.locator('.item').count(), 1, 'Google, and nothing of theirs')
  })

  await t.test('a registration that waits for its victim’s code leads nowhere', async (t) => {
    const wanted = { email: 'victim@gmail.com', password: 'chosen by somebody else 1962' }
    const theirs = await open(t)
    await theirs.goto(`${issuer}/register`)
    await theirs.fill('[name=name]', 'Not the victim')
    await theirs.fill('[name=email]', wanted.email)
    await theirs.fill('[name=password]', wanted.password)
    await theirs.press('[name=password]', 'Enter')
    await theirs.waitForURL(`${issuer}/verify-email*`)
    const page = await open(t)
    await becomeTyped(page, 'victim', wanted.email)
    await writeNote(page, 'of the victim')
    // Even if its owner were talked into telling the code.
    await theirs.fill('[name=code]', await codeFor(wanted.email))
    await theirs.press('[name=code]', 'Enter')
    const other = await open(t)
    await other.goto(`${issuer}/login`)
    await enterPassword(other, wanted)
    t.match(await other.title(), /^Error: /, 'the password was never set')
    await theirs.goto(`${issuer}/account`)
    t.equal(new URL(theirs.url()).pathname, '/login', 'nobody is signed in there')
  })

  await t.test('an address that Google does not answer for is proved by a code', async (t) => {
    const page = await open(t)
    await become(page, 'unverified')
    await page.waitForURL(`${issuer}/sign-in/code?*`)
    t.notMatch(await page.textContent('main'), 'mary@example.test', 'masked')
    await page.fill('[name=code]', '000000')
    await page.click('button[type=submit]:not([name])')
    t.match(await page.title(), /^Error: /)
    await enterCode(page, 'mary@example.test')
    await writeNote(page, 'of Mary')
  })

  await t.test('no address: it is asked for, and proved', async (t) => {
    const page = await open(t)
    await become(page, 'no-address')
    await page.waitForURL(`${issuer}/sign-in/address?*`)
    await page.fill('[name=email]', 'dorothy@example.test')
    await page.click('button[type=submit]:not([name])')
    await enterCode(page, 'dorothy@example.test')
    await writeNote(page, 'of Dorothy')
    t.match(await page.textContent('#user-email'), 'dorothy@example.test')
  })

  await t.test('the address of an account, of which Google was told once', async (t) => {
    const page = await open(t)
    await become(page, 'elsewhere')
    await enterCode(page, ada.email)
    await page.waitForURL(`${issuer}/login?*`)
    await page.goto(api)
    t.equal(await isAsked(page), true, 'the code alone signs nobody in to it')
    await become(page, 'elsewhere')
    await enterCode(page, ada.email)
    await enterPassword(page, ada)
    await page.click('[value=later]')
    await page.waitForURL(`${api}/`)
    await page.goto(`${issuer}/account/connections`)
    t.equal(await page.locator('.item').count(), 1, 'not now: only the one from before')
  })

  for (const [answer, says] of [
    ['cancel', 'Google sign-in was cancelled'],
    ['refuse', 'Google did not sign you in'],
  ] as const) {
    await t.test(`${answer} at Google: a page with a way on`, async (t) => {
      const page = await open(t)
      await toGoogle(page)
      await page.click(`button[value=${answer}]`)
      t.equal(await page.textContent('h1'), says)
      t.match(await page.textContent('body'), 'Demo notes', 'says for whom')
      await page.click('a.button:text("Other ways to sign in")')
      await page.waitForURL(`${issuer}/login?*`)
      await enterPassword(page, ada)
      await page.waitForURL(`${api}/`)
      t.match(await page.textContent('#user-email'), ada.email, 'to where they were going')

      const again = await open(t)
      await toGoogle(again)
      await again.click(`button[value=${answer}]`)
      await again.click('a.button:text("Try again")')
      await again.click('button[value=new]')
      await again.waitForURL(`${api}/`)
      t.equal(await isAsked(again), false)
    })
  }

  await t.test('disconnected, but never the last way in', async (t) => {
    const page = await open(t)
    await become(page, 'new')
    await page.waitForURL(`${api}/`)
    await page.goto(`${issuer}/account/connections`)
    t.match(await page.textContent('main'), /This is your only way to sign in/)
    t.equal(await page.locator('[name=identity]').count(), 0)
    await page.click('a.button:text("Set a password")')
    await page.fill('[name=password]', 'a violin in the attic 1962')
    await page.press('[name=password]', 'Enter')
    await page.goto(`${issuer}/account/connections`)
    await page.click('[name=identity]')
    await page.waitForURL(`${issuer}/account/connections?done=disconnected`)
    t.match(await page.textContent('main'), /No other account is connected/)
    // Her account stays hers: the same person at Google has to prove it like anybody else.
    const later = await open(t)
    await become(later, 'new')
    t.match(await later.textContent('main'), /Sign in to connect Google/)
  })

  await t.test(
    'connected by who is signed in, whatever its address, and by nobody else',
    async (t) => {
      const connect = async (page: Page) => {
        await page.waitForURL(`${api}/`)
        await page.goto(`${issuer}/account/connections`)
        await page.click('button[name=provider][value=google]')
        await chooseTyped(page, 'second-account', 'another.address@gmail.com')
        await page.waitForURL(`${issuer}/account/connections?done=*`)
        return page.textContent('main')
      }
      const owner = await open(t)
      await becomeTyped(owner, 'owner', 'owner@gmail.com')
      t.match(await connect(owner), /Connected\. .*another\.address@gmail\.com/s)
      const thief = await open(t)
      await becomeTyped(thief, 'thief', 'thief@gmail.com')
      t.match(await connect(thief), /connected with another person here/)
      t.equal(await thief.locator('.item').count(), 1)
      const later = await open(t)
      await becomeTyped(later, 'second-account', 'another.address@gmail.com')
      await later.waitForURL(`${api}/`)
      t.match(await later.textContent('#user-email'), 'owner@gmail.com')
    },
  )

  await t.test(
    'the page of the stand-in says what it is, in light, dark and on 320 px',
    async (t) => {
      for (const [name, options] of Object.entries<BrowserContextOptions>({
        light: { colorScheme: 'light' },
        dark: { colorScheme: 'dark' },
        narrow: { viewport: { width: 320, height: 640 } },
      })) {
        const page = await open(t, options)
        const faults: string[] = []
        page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
        await toGoogle(page)
        await page.click('summary')
        t.match(await page.textContent('.notice'), /^This is not Google\./)
        await page.evaluate(axe)
        t.same(await page.evaluate(FAULTS), [], `${name}: accessible`)
        t.equal(await page.evaluate(OVERFLOWS), false, `${name}: no sideways scroll`)
        t.same(faults, [], `${name}: nothing refused by the policy`)
      }
    },
  )
}
