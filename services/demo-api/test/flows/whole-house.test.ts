import type { BrowserContext } from 'playwright-core'
import t from 'tap'
import { launchChromium } from '../helpers/chromium.ts'
import { clientSecret, startHouse } from '../helpers/house.ts'

t.setTimeout(120_000)

// Both services as an operator runs them, and a real browser in front.
const ada = { email: 'ada@example.test', password: 'correct horse battery staple' }
const { issuer, api, stopIdentity } = await startHouse(t, {
  users: [{ ...ada, email_verified: true, claims: { name: 'Ada Lovelace' } }],
  client: { grant_types: ['authorization_code', 'refresh_token', 'client_credentials'] },
})
const browser = await launchChromium()
t.teardown(() => browser?.close())

async function clientToken(): Promise<string> {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`demo:${clientSecret}`).toString('base64')}` },
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

  t.equal(await stopIdentity(), 0, 'SIGTERM ends it cleanly')
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
