// Passkeys in a real browser, by the virtual authenticator of Chromium (WebAuthn Level 3 §12).
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import t from 'tap'
import { launchChromium } from '../helpers/chromium.ts'
import { startIdentity } from '../helpers/identity.ts'
import { crowd } from '../helpers/own-account.ts'
import { world } from '../helpers/world.ts'

t.setTimeout(240_000)

const { people, somebody } = crowd(4, 'walker')
const base = world() as { users: object[]; settings: object }
const config = { ...base, users: [...base.users, ...people] }

const chromium = await launchChromium()
if (chromium !== undefined) t.teardown(async () => chromium.close())
const skip = chromium === undefined && 'no Chromium'

/** A device with a place for passkeys, which its person unlocks by being there. */
async function device(context: BrowserContext) {
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable', { enableUI: false })
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { page, cdp, authenticatorId }
}

const present = async (cdp: CDPSession, authenticatorId: string, enabled: boolean) =>
  cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })

const pathOf = (page: Page) => new URL(page.url()).pathname
const text = async (page: Page) => page.locator('main').innerText()
const passkeyButton = 'Sign in with a passkey'

void t.test('the walk of a passkey', { skip }, async (t) => {
  if (chromium === undefined) return
  const { issuer } = await startIdentity(t, { config })
  const context = await chromium.newContext()
  t.teardown(async () => context.close())
  const { page, cdp, authenticatorId } = await device(context)
  const person = somebody()

  const password = async () => {
    await page.getByLabel('Email').fill(person.email)
    await page.getByLabel('Password', { exact: true }).fill(person.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }
  const signOut = async () => {
    await page.goto(`${issuer}/account`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForLoadState()
    await context.clearCookies({ name: 'signet_session' })
  }

  await t.test('offered after the first sign-in, and made there', async (t) => {
    // Otherwise the field would be filled in before anything is typed.
    await present(cdp, authenticatorId, false)
    await page.goto(`${issuer}/login?next=%2Faccount`)
    await page.getByRole('button', { name: passkeyButton }).waitFor()
    await page.waitForFunction(`document.cookie.includes('signet_passkeys=can')`)
    await password()
    await page.waitForURL('**/passkey/offer**')
    await present(cdp, authenticatorId, true)
    await page.getByRole('button', { name: 'Create a passkey' }).click()
    await page.waitForURL(`${issuer}/account`)
    const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId })
    t.equal(credentials.length, 1)
    t.equal(credentials[0]?.isResidentCredential, true)
    await page.goto(`${issuer}/account/passkeys`)
    t.match(await text(page), /Chrome on Linux/)
  })

  await t.test('a second one on the same device is refused, with the reason', async (t) => {
    await page.goto(`${issuer}/account/passkeys/add`)
    await page.getByRole('button', { name: 'Create the passkey' }).click()
    await page.getByText('This device has a passkey for your account already.').waitFor()
    t.equal(pathOf(page), '/account/passkeys/add')
  })

  await t.test('the button signs in', async (t) => {
    await signOut()
    await present(cdp, authenticatorId, false)
    await page.goto(`${issuer}/login?next=%2Faccount%2Fpasskeys`)
    await page.getByRole('button', { name: passkeyButton }).waitFor()
    await present(cdp, authenticatorId, true)
    await page.getByRole('button', { name: passkeyButton }).click()
    await page.waitForURL(`${issuer}/account/passkeys`)
    t.match(await text(page), /Last used/)
  })

  await t.test('the address field offers it, without a press', async (t) => {
    await signOut()
    await present(cdp, authenticatorId, true)
    await page.goto(`${issuer}/login?next=%2Faccount%2Fprofile`)
    await page.waitForURL(`${issuer}/account/profile`)
    t.pass('the virtual authenticator picks the only one there is')
  })

  await t.test('after the password it is the second factor', async (t) => {
    await signOut()
    await present(cdp, authenticatorId, false)
    await page.goto(`${issuer}/login?next=%2Faccount%2Fpasskeys`)
    await password()
    await page.waitForURL('**/mfa/passkey**')
    await present(cdp, authenticatorId, true)
    await page.getByRole('button', { name: 'Use your passkey' }).click()
    await page.waitForURL(`${issuer}/account/passkeys`)
    t.pass()
  })

  await t.test('a person who does not unlock it is told so, and can try again', async (t) => {
    await signOut()
    await present(cdp, authenticatorId, false)
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
    await page.goto(`${issuer}/passkey`)
    await present(cdp, authenticatorId, true)
    await page.getByRole('button', { name: passkeyButton }).click()
    await page.getByText('No passkey was used').waitFor()
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
    await page.getByRole('button', { name: passkeyButton }).click()
    await page.waitForURL(`${issuer}/`)
    t.pass()
  })

  await t.test('renamed, removed, and refused from then on', async (t) => {
    await page.goto(`${issuer}/account/passkeys`)
    await page.getByRole('link', { name: 'Change Chrome on Linux' }).click()
    await page.getByLabel('Name').fill('My laptop')
    await page.getByRole('button', { name: 'Save the name' }).click()
    t.match(await text(page), /My laptop/)
    await page.getByRole('link', { name: 'Change My laptop' }).click()
    await page.getByRole('button', { name: 'Remove' }).click()
    t.match(await text(page), /The passkey was removed/)
    await signOut()
    await present(cdp, authenticatorId, false)
    await page.goto(`${issuer}/login`)
    await page.getByRole('button', { name: passkeyButton }).waitFor()
    await present(cdp, authenticatorId, true)
    await page.getByRole('button', { name: passkeyButton }).click()
    await page.getByText('That passkey didn’t work').waitFor()
    t.equal(pathOf(page), '/passkey')
    t.match(await page.title(), /^Error: /)
  })
})

void t.test('without scripts there is no button, and the page says why', { skip }, async (t) => {
  if (chromium === undefined) return
  const { issuer } = await startIdentity(t, { config })
  const context = await chromium.newContext({ javaScriptEnabled: false })
  t.teardown(async () => context.close())
  const page = await context.newPage()
  await page.goto(`${issuer}/login`)
  t.notOk(await page.getByText(passkeyButton).isVisible())
  await page.goto(`${issuer}/passkey`)
  t.match(await text(page), /This browser cannot use passkeys here/)
  await page.getByRole('link', { name: 'Sign in another way' }).click()
  t.equal(pathOf(page), '/login')
})
