import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { launchChromium } from '../helpers/chromium.ts'
import { freePort } from '../helpers/free-port.ts'
import { setUp } from '../helpers/world.ts'

t.setTimeout(120_000)

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
// These run in the page, so they are text: the test itself knows no DOM.
const FAULTS = `axe
  .run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
  .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ' ' + target)))`
const OVERFLOWS = 'document.documentElement.scrollWidth > innerWidth'

async function world(t: Test, environment: Record<string, string> = {}) {
  const port = await freePort()
  const parts = await setUp(t, { PORT: String(port), ...environment })
  parts.issuer.settings.roles = ['admin']
  await parts.app.listen({ host: 'localhost', port })
  return { ...parts, url: `http://localhost:${port}/` }
}

async function open(t: Test, browser: Browser, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options)
  t.teardown(() => context.close())
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  page.on('pageerror', (error) => faults.push(error.message))
  return { page, context, faults }
}

async function sound(t: Test, page: Page, name: string) {
  await page.evaluate(axe)
  t.same(await page.evaluate(FAULTS), [], `${name}: accessible`)
  t.equal(await page.evaluate(OVERFLOWS), false, `${name}: no sideways scroll`)
}

async function addNote(page: Page, text: string) {
  await page.fill('#note-text', text)
  await page.click('#add-note')
  await page.locator('.note', { hasText: text }).first().waitFor()
}

const found = await launchChromium()
if (found === undefined) {
  t.skip('NOT RUN: no Chromium on this machine (set CHROMIUM_PATH)', async () => undefined)
} else {
  t.teardown(() => found.close())
  await walk(found)
}

async function walk(browser: Browser): Promise<void> {
  await t.test(
    'looks: light, dark, 320 px; signed out, empty, with notes, with a problem',
    async (t) => {
      const { url, issuer } = await world(t)
      for (const [name, options] of Object.entries<BrowserContextOptions>({
        light: { colorScheme: 'light' },
        dark: { colorScheme: 'dark' },
        narrow: { viewport: { width: 320, height: 640 }, reducedMotion: 'reduce' },
      })) {
        issuer.settings.user = { ...issuer.settings.user, sub: name }
        const { page, faults } = await open(t, browser, options)
        await page.goto(`${url}bff/callback?state=forged`)
        await sound(t, page, `${name}, problem`)
        faults.length = 0
        await page.goto(url)
        await sound(t, page, `${name}, signed out`)
        await page.click('#sign-in')
        await page.waitForSelector('#no-notes')
        await sound(t, page, `${name}, empty`)
        await addNote(page, 'Unbreakable'.repeat(20))
        await page.click('summary')
        await sound(t, page, `${name}, notes`)
        await page.click('#delete-all')
        await page.waitForSelector('#confirm-delete-all')
        await sound(t, page, `${name}, delete all`)
        t.same(faults, [], `${name}: nothing refused by the policy, no error`)
      }
    },
  )

  for (const mode of ['bff', 'tmb']) {
    await t.test(`mode ${mode}: notes without a reload`, async (t) => {
      const { url, issuer } = await world(t, { BFF_MODE: mode, RATE_LIMIT_PER_MINUTE: '6' })
      const { page, faults, context } = await open(t, browser)
      await page.goto(url)
      await page.click('#sign-in')
      await page.waitForSelector('#user-email')
      t.equal((await page.textContent('#user-email'))?.trim(), 'ada@example.test')
      t.match(await page.textContent('#token-left'), /min \d\d s left/)
      await addNote(page, '<i>first</i>')
      t.equal(await page.inputValue('#note-text'), '', 'ready for the next one')
      t.equal(new URL(page.url()).pathname, '/')
      t.equal(await page.evaluate('document.cookie'), '', 'scripts see no cookie')
      await page.fill('#note-text', 'x'.repeat(2001))
      await page.click('#add-note')
      // The answer comes when it comes: reading at once saw the status of the note before.
      await page.locator('#note-status', { hasText: 'must not be longer' }).waitFor()
      t.same(
        faults.filter((fault) => !fault.includes('400')),
        [],
      )

      for (let index = 0; index < 4; index += 1) await page.click('#add-note')
      await page.locator('#note-status', { hasText: 'a lot at once' }).waitFor()
      await context.clearCookies()
      await page.fill('#note-text', 'after the session')
      if (mode === 'bff') {
        await page.click('#add-note')
        await page.locator('#note-status', { hasText: 'Your session has ended' }).waitFor()
      }
      t.ok(issuer.count('/token') === 1)
    })
  }

  for (const mode of ['bff', 'tmb']) {
    await t.test(`mode ${mode}: delete all, by way of the second factor`, async (t) => {
      const { url, issuer } = await world(t, { BFF_MODE: mode })
      const { page, faults } = await open(t, browser)
      await page.goto(url)
      await page.click('#sign-in')
      await addNote(page, 'precious')
      await page.click('#delete-all')
      const signIns = issuer.count('/authorize')
      await page.click('#confirm-delete-all')
      await page.waitForURL(`${url}delete-all?proved=1`)
      t.equal(issuer.count('/authorize'), signIns + 1, 'to the issuer and back')
      await page.click('#confirm-delete-all')
      await page.waitForSelector('#no-notes')
      t.equal(await page.locator('.note').count(), 0)
      t.same(
        faults.filter((fault) => !fault.includes('401')),
        [],
      )
      issuer.settings.authentication = { acr: 'aal1' }
      await page.goto(`${url}delete-all`)
      // Signed in strongly a moment ago, she is not asked again.
      await page.click('#confirm-delete-all')
      await page.waitForSelector('#no-notes')
      await page.goto(`${url}bff/login?return_to=/delete-all`)
      await page.click('#confirm-delete-all')
      await page.waitForURL(`${url}delete-all?proved=1`)
      await page.click('#confirm-delete-all')
      await page.locator('[role=alert]', { hasText: 'none yet' }).waitFor()
    })
  }

  await t.test('scripts off: sign in, add, delete, sign out', async (t) => {
    const { url, issuer } = await world(t)
    issuer.overrides.set('/end-session', (request, response) => {
      const target = new URL(request.url ?? '', issuer.url).searchParams.get(
        'post_logout_redirect_uri',
      )
      response.writeHead(303, { location: target ?? '' }).end()
    })
    const { page } = await open(t, browser, { javaScriptEnabled: false })
    await page.goto(url)
    await page.click('#sign-in')
    await addNote(page, 'plain')
    t.equal(page.url(), `${url}#notes`)
    await page.click('.note button')
    await page.locator('.note').waitFor({ state: 'detached' })
    t.equal(await page.locator('.note').count(), 0)
    await page.click('#sign-out')
    await page.waitForSelector('#sign-in')
    t.equal(page.url(), url)
  })
}
