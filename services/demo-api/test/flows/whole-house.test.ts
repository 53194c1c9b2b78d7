import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { BrowserContext } from 'playwright-core'
import t from 'tap'

import { launchChromium } from '../helpers/chromium.ts'
import { freePort } from '../helpers/free-port.ts'

t.setTimeout(120_000)

// Both services as an operator runs them, each a process of its own, and a real browser in front.
const folder = mkdtempSync(join(tmpdir(), 'signet-house-'))
const [identityPort, apiPort] = [await freePort(), await freePort()]
const issuer = `http://localhost:${identityPort}`
const api = `http://localhost:${apiPort}`
const secret = 'house-secret-house-secret-house-secret'
const ada = { email: 'ada@example.test', password: 'correct horse battery staple' }

const configFile = join(folder, 'config.json')
writeFileSync(
  configFile,
  JSON.stringify({
    resources: [
      {
        identifier: api,
        name: 'Notes',
        scopes: { 'notes:read': 'Read your notes', 'notes:write': 'Change your notes' },
      },
    ],
    clients: [
      {
        client_id: 'demo',
        client_secret: secret,
        client_name: 'Demo notes',
        redirect_uris: [`${api}/bff/callback`],
        post_logout_redirect_uris: [`${api}/`],
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        scope: 'openid profile email offline_access notes:read notes:write',
      },
    ],
    users: [{ ...ada, email_verified: true, claims: { name: 'Ada Lovelace' } }],
  }),
)

const children: ChildProcess[] = []
t.teardown(async () => {
  await Promise.all(children.map((child) => stop(child)))
  rmSync(folder, { recursive: true, force: true })
})

const identity = await start('../../../../identity/dist/src/main.js', issuer, {
  ISSUER: issuer,
  PORT: String(identityPort),
  DATABASE_URL: 'pglite:memory',
  CONFIG_FILE: configFile,
})
await start('../../src/main.js', api, {
  PORT: String(apiPort),
  ISSUER: issuer,
  AUDIENCE: api,
  CLIENT_ID: 'demo',
  CLIENT_SECRET: secret,
  SESSION_KEY: 'a session key of at least thirty-two characters',
})
const browser = await launchChromium()
t.teardown(() => browser?.close())

async function start(main: string, url: string, env: Record<string, string>) {
  const child = spawn(process.execPath, [fileURLToPath(new URL(main, import.meta.url))], {
    cwd: folder,
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'fatal', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  children.push(child)
  for (let tries = 0; tries < 400; tries += 1) {
    if (child.exitCode !== null) throw new Error(`${main} ended with ${child.exitCode}`)
    const ready = await fetch(`${url}/health/ready`).catch(() => undefined)
    if (ready?.ok === true) return child
    await wait(50)
  }
  throw new Error(`${main} did not become ready`)
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  return child.exitCode
}

async function clientToken(): Promise<string> {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`demo:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'notes:read' }),
  })
  const body = (await answer.json()) as { access_token: string }
  return body.access_token
}

/** From the demo's front page through sign-in and, the first time, consent, back to the notes. */
async function signIn(context: BrowserContext, consent: boolean) {
  const page = await context.newPage()
  await page.goto(api)
  await page.click('#sign-in')
  await page.waitForURL(`${issuer}/login?*`)
  await page.fill('[name=email]', ada.email)
  await page.fill('[name=password]', ada.password)
  await page.click('button[type=submit]:not([name])')
  if (consent) {
    await page.waitForURL(`${issuer}/consent?*`)
    await page.click('[name=decision][value=allow]')
  }
  await page.waitForURL(`${api}/`)
  return page
}

const skip = browser === undefined ? 'no Chromium on this machine' : false

for (const javaScriptEnabled of [false, true]) {
  const scripts = javaScriptEnabled ? 'on' : 'off'
  void t.test(`sign in, allow, notes, sign out, with scripts ${scripts}`, { skip }, async (t) => {
    const context = await browser?.newContext({ javaScriptEnabled })
    if (context === undefined) return
    t.teardown(() => context.close())
    // Consent is asked the first time and remembered the second.
    const page = await signIn(context, !javaScriptEnabled)
    t.match(await page.textContent('#user-email'), ada.email)
    await page.fill('#note-text', `written with scripts ${scripts}`)
    await page.click('#add-note')
    await page.waitForSelector(`#notes >> text=written with scripts ${scripts}`)

    await page.click('#sign-out')
    await page.waitForURL(`${api}/`)
    await page.waitForSelector('#sign-in')
    await page.click('#sign-in')
    await page.waitForURL(`${issuer}/login?*`)
    t.pass('signing out of the app signed out of the service too')
  })
}

void t.test('with identity stopped, tokens are judged all the same', async (t) => {
  const token = await clientToken()
  const notes = async (authorization?: string) =>
    fetch(`${api}/notes`, { headers: authorization === undefined ? {} : { authorization } })
  t.equal((await notes(`Bearer ${token}`)).status, 200)

  t.equal(await stop(identity), 0, 'SIGTERM ends it cleanly')
  t.equal((await notes(`Bearer ${token}`)).status, 200)
  const without = await notes()
  t.equal(without.status, 401)
  t.match(without.headers.get('www-authenticate'), /^Bearer realm="[^"]+"/)
  t.notMatch(without.headers.get('www-authenticate'), /error=/)
  const [head, body, signature] = token.split('.')
  for (const bad of ['nonsense', `${head}.${body}.AAAA`, `${head}.${body}x.${signature}`]) {
    const refused = await notes(`Bearer ${bad}`)
    t.equal(refused.status, 401)
    t.match(refused.headers.get('www-authenticate'), /error="invalid_token"/)
  }
})
