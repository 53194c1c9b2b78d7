// The picture is read as a phone reads it, the codes are kept as people keep them.
import jsqr from 'jsqr'
import type { Page } from 'playwright-core'
import t from 'tap'
import { launchChromium } from '../helpers/chromium.ts'
import { startIdentity } from '../helpers/identity.ts'
import { crowd } from '../helpers/own-account.ts'
import { AuthenticatorApp } from '../helpers/second-factor.ts'
import { world } from '../helpers/world.ts'

t.setTimeout(180_000)

const browser = await launchChromium()
const skip = browser === undefined && 'no Chromium here: set CHROMIUM_PATH to run these'

/** What a decoder reads on a picture of the screen. */
async function scan(page: Page, picture: Buffer): Promise<string | undefined> {
  // A page without a policy of its own unpacks the picture.
  const blank = await page.context().newPage()
  const pixels = await blank.evaluate<{ data: number[]; width: number; height: number }>(
    `new Promise((resolve) => {
      const image = new Image()
      image.onload = () => {
        const { width, height } = image
        const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d')
        context.drawImage(image, 0, 0)
        resolve({ data: [...context.getImageData(0, 0, width, height).data], width, height })
      }
      image.src = 'data:image/png;base64,${picture.toString('base64')}'
    })`,
  )
  await blank.close()
  const read = jsqr.default(Uint8ClampedArray.from(pixels.data), pixels.width, pixels.height, {
    inversionAttempts: 'dontInvert',
  })
  return read?.data
}

void t.test(
  'enrolled by the picture on the screen, then signed in with the code',
  { skip },
  async (t) => {
    if (browser === undefined) return
    t.teardown(() => browser.close())
    const { people, somebody } = crowd(1)
    const base = world() as { users: object[] }
    const identity = await startIdentity(t, {
      config: { ...base, users: [...base.users, ...people] },
    })
    const { issuer, clock } = identity
    const person = somebody()
    const context = await browser.newContext({
      colorScheme: 'dark',
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    const page = await context.newPage()
    const signIn = async () => {
      await page.goto(`${issuer}/login?next=%2Faccount%2Ftwo-step`)
      await page.getByLabel('Email').fill(person.email)
      await page.getByLabel('Password', { exact: true }).fill(person.password)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    }
    await signIn()
    await page.getByRole('link', { name: 'Set up an authenticator app' }).click()
    const uri = await scan(page, await page.locator('.qr').screenshot())
    t.ok(uri, 'the picture is read in dark mode')
    t.equal(uri, await page.locator('a[href^="otpauth:"]').getAttribute('href'))
    const read = new URL(uri ?? 'otpauth://none')
    t.same(Object.fromEntries(read.searchParams), {
      secret: read.searchParams.get('secret'),
      issuer: 'Signet',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    })
    t.equal(decodeURIComponent(read.pathname), `/Signet:${person.email}`)
    await page.getByRole('button', { name: 'Copy the key' }).click()
    await page.getByText('Copied').waitFor()
    const secret = read.searchParams.get('secret') ?? ''
    t.equal(await page.evaluate('navigator.clipboard.readText()'), secret, 'copied without spaces')

    await page.setViewportSize({ width: 320, height: 640 })
    t.equal(await scan(page, await page.locator('.qr').screenshot()), uri, 'also on a small screen')
    await page.emulateMedia({ forcedColors: 'active' })
    t.equal(await scan(page, await page.locator('.qr').screenshot()), uri, 'also in forced colours')
    await page.emulateMedia({ forcedColors: 'none' })

    const app = new AuthenticatorApp(secret)
    await page.getByLabel('6-digit code').fill(app.code(clock.now()))
    await page.getByLabel('Name of the device').fill('My phone')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('heading', { name: 'Save your recovery codes' }).waitFor()
    const codes = await page.locator('#codes code').allTextContents()
    t.equal(codes.length, 10)
    await page.getByRole('button', { name: 'Copy all' }).click()
    await page.getByText('Copied').waitFor()
    t.equal(await page.evaluate('navigator.clipboard.readText()'), codes.join('\n'))
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download' }).click()
    t.equal((await download).suggestedFilename(), 'signet-recovery-codes.txt')
    await page.evaluate('window.print = () => { window.printed = true }')
    await page.getByRole('button', { name: 'Print' }).click()
    t.equal(await page.evaluate('window.printed'), true)
    await page.emulateMedia({ media: 'print' })
    t.ok(await page.locator('#codes').isVisible(), 'the codes are printed')
    t.notOk(
      await page.getByRole('button', { name: 'I saved them' }).isVisible(),
      'the buttons are not',
    )
    await page.emulateMedia({ media: 'screen' })
    await page.getByRole('button', { name: 'I saved them' }).click()
    await page.getByText('10 recovery codes left').waitFor()

    await context.clearCookies()
    await signIn()
    await page.locator('#code').fill(app.code(clock.now(), 1))
    await page.keyboard.press('Enter')
    await page.getByText('My phone').waitFor()

    const plain = await browser.newContext({ javaScriptEnabled: false })
    const bare = await plain.newPage()
    await plain.addCookies(await context.cookies())
    await bare.goto(`${issuer}/account/two-step/codes`)
    t.equal(await bare.locator('button[type=button]:visible').count(), 0, 'no dead buttons')
    t.ok(await bare.getByRole('link', { name: 'Download' }).isVisible())
    await bare.getByRole('button', { name: 'I saved them' }).click({ noWaitAfter: true })
    await bare.getByText('Your new recovery codes are in force').waitFor()
  },
)
