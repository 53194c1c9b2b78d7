// RFC 9470 with both ends real: the demo API asks for a second factor, the demo's page leads there, and back.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import t, { type Test } from 'tap'
import { launchChromium } from '../helpers/chromium.ts'
import { withoutPostgres } from '../helpers/database.ts'
import { freePort, startIdentity } from '../helpers/identity.ts'
import { type AuthenticatorApp, factorRoom } from '../helpers/second-factor.ts'
import { ada, world } from '../helpers/world.ts'

t.setTimeout(120_000)

const secret = 'demo-secret-demo-secret-demo-secret'

/** The demo as an operator runs it, beside an identity service whose people get second factors by hand. */
async function house(t: Test, mode: 'bff' | 'tmb') {
  const port = await freePort()
  const demo = `http://localhost:${port}`
  const { resources, clients, ...rest } = world() as { resources: object[]; clients: object[] }
  const scopes = { 'notes:read': 'Read your notes', 'notes:write': 'Change your notes' }
  const config = {
    ...rest,
    resources: [...resources, { identifier: demo, name: 'Demo', scopes }],
    clients: [
      ...clients,
      {
        client_id: 'demo',
        client_secret: secret,
        client_name: 'Demo notes',
        redirect_uris: [`${demo}/bff/callback`],
        grant_types: ['authorization_code', 'refresh_token'],
        scope: 'openid profile email offline_access notes:read notes:write',
        consent: 'implicit',
      },
    ],
  }
  const { issuer, databaseUrl = '' } = await startIdentity(t, { config, database: 'postgres' })
  const main = fileURLToPath(new URL('../../../../demo-api/dist/src/main.js', import.meta.url))
  const env = {
    PATH: process.env['PATH'],
    PORT: String(port),
    ISSUER: issuer,
    AUDIENCE: demo,
    CLIENT_ID: 'demo',
    CLIENT_SECRET: secret,
    SESSION_KEY: 'a session key of at least thirty-two characters',
    BFF_MODE: mode,
    LOG_LEVEL: 'fatal',
  }
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  t.teardown(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  })
  for (let tries = 0; tries < 200; tries += 1) {
    const ready = await fetch(`${demo}/health/ready`).catch(() => undefined)
    if (ready?.ok === true) return { demo, issuer, room: await factorRoom(t, databaseUrl) }
    await wait(50)
  }
  throw new Error('the demo did not become ready')
}

async function showCode(page: Page, app: AuthenticatorApp): Promise<void> {
  await page.fill('[name=code]', app.code(Date.now()))
  await page.click('button[type=submit]:not([name])')
}
type Page = Awaited<ReturnType<Browser['newPage']>>

const browser = await launchChromium()
t.teardown(() => browser?.close())
const noPostgres = await withoutPostgres()
const skip = browser === undefined ? 'NOT RUN: no Chromium on this machine' : noPostgres

for (const [mode, javaScriptEnabled] of [
  ['bff', true],
  ['tmb', true],
  ['bff', false],
] as const) {
  const scripts = javaScriptEnabled ? 'on' : 'off'
  await t.test(`mode ${mode}, scripts ${scripts}`, { skip }, async (t) => {
    const { demo, issuer, room } = await house(t, mode)
    const context = await browser?.newContext({ javaScriptEnabled })
    if (context === undefined) return
    t.teardown(() => context.close())
    const page = await context.newPage()
    await page.goto(demo)
    await page.click('#sign-in')
    await page.fill('[name=email]', ada.email)
    await page.fill('[name=password]', ada.password)
    await page.click('button[type=submit]:not([name])')
    await page.waitForURL(`${demo}/`)
    await page.fill('#note-text', 'precious')
    await page.click('#add-note')
    await page.locator('.note', { hasText: 'precious' }).waitFor()
    const { app } = await room.enrol(ada)

    await page.click('#delete-all')
    await page.click('#confirm-delete-all')
    await page.waitForURL(`${issuer}/mfa?*`)
    await showCode(page, app)
    await page.waitForURL(`${demo}/delete-all?proved=1`)
    await page.goto(`${demo}/`)
    t.equal(await page.locator('.note').count(), 1, 'coming back deletes nothing')
    t.match(await page.textContent('#claims'), 'aal2')

    await page.click('#delete-all')
    await page.click('#confirm-delete-all')
    await page.waitForSelector('#no-notes', { state: 'attached' })
    t.equal(new URL(page.url()).origin, demo, 'and nobody asks twice')
    t.equal(await page.locator('.note').count(), 0)
  })
}
