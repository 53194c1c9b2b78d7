import t from 'tap'
import { en } from '../../src/http/words/en.ts'
import { Browser } from '../helpers/browser.ts'
import { launchChromium } from '../helpers/chromium.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { Provider } from '../helpers/provider.ts'
import { pathOf, registering } from '../helpers/registering.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { judge, world } from '../helpers/world.ts'

// Run by plain node, tap allows a file 30 seconds, which is short on a busy machine.
t.setTimeout(120_000)

// The rules of new passwords on the pages where one is chosen; the table of cases is beside the rules.
const settings = { brand: { name: 'Lanternfish' }, password_min_characters: 12 }
const identity = await startIdentity(t, { config: world(settings) })
const { newEmail, mailTo, signsIn } = registering(identity)
const { faults, hint, strength } = en.passwords

async function register(
  password: string,
  { browser = new Browser(identity.issuer), path = '/register' } = {},
) {
  const email = newEmail()
  const form = await browser.open(new URL(path, identity.issuer).href)
  const page = await browser.submit(form, { name: 'Grace Hopper', email, password })
  return { browser, page, email }
}

void t.test('a refused password is explained at its field, and not sent back', async (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ['', faults.missing],
    ['kq7 bx2', faults.short(5)],
    ['kq7 bx2 mz9', faults.short(1)],
    ['kq7bx2mz9wt4'.repeat(100), faults.long(1024)],
    ['Password123!', faults.common],
    ['abcdefghijklmno', faults.pattern],
    ['gracehopper1906', faults.personal],
    ['Lanternfish!2026', faults.personal],
  ]
  for (const [password, said] of cases) {
    const { page } = await register(password)
    t.equal(page.status, 422, said)
    const text = textOf(page.body)
    t.equal(text.split(said).length, 3, `"${said}" in the summary and at the field`)
    t.match(page.body, /<input[^>]+id="password"[^>]+aria-invalid="true"/)
    if (password !== '') t.notOk(page.body.includes(password), 'the password is not in the answer')
  }
})

void t.test('the name of the application is no password for it', async (t) => {
  const rp = new RelyingParty(new Provider(identity.issuer), judge)
  const browser = new Browser(identity.issuer)
  const login = await browser.open((await rp.request()).url)
  const [, tx = ''] = /[?&]tx=([^&]+)/.exec(login.url) ?? []
  const { page } = await register('the-judge-app-77', { browser, path: `/register?tx=${tx}` })
  t.equal(page.status, 422)
  t.match(textOf(page.body), faults.personal)
  t.equal(pathOf((await register('the-judge-app-77')).page), '/verify-email', 'elsewhere it is one')
})

void t.test('the same password in other bytes signs in (NIST SP 800-63B-4 §3.1.1.2)', async (t) => {
  const phrase = 'Füße überm Zaun é 🦊'
  t.not(phrase.normalize('NFC'), phrase.normalize('NFD'))
  const { browser, page, email } = await register(phrase.normalize('NFD'))
  const { code } = await mailTo(email)
  await browser.submit(page, { code })
  for (const form of ['NFC', 'NFD'] as const)
    t.equal(await signsIn(email, phrase.normalize(form)), true, form)
  t.equal(await signsIn(email, phrase.toLowerCase()), false)
  t.equal(await signsIn(email, `${phrase} `), false, 'a space counts')
})

void t.test('1,024 characters of four bytes each sign in', async (t) => {
  const long = '🦊🐼🦉🐙🌵🍋🎈🚲🧭🪁🎻🧩🛶🪐🥁🐢'
    .repeat(63)
    .concat('🦊🐼🦉🐙🌵🍋🎈🚲🧭🪁🎻🧩🛶🪐🐢🥁')
  t.equal(Array.from(long).length, 1024)
  const { browser, page, email } = await register(long)
  t.equal(pathOf(page), '/verify-email')
  await browser.submit(page, { code: (await mailTo(email)).code })
  t.equal(await signsIn(email, long), true)
  t.equal(await signsIn(email, long.slice(0, -2)), false, 'nothing is cut off')
})

void t.test('the rules are said before they are broken, and follow the settings', async (t) => {
  const { body } = await new Browser(identity.issuer).open(`${identity.issuer}/register`)
  t.match(textOf(body), hint(12))
  t.match(body, 'data-minimum="12"')
  t.notMatch(body, /maxlength|pattern="/, 'nothing is cut off or refused by the browser')
})

const chromium = await launchChromium()
const skip = chromium === undefined && 'no Chromium here: set CHROMIUM_PATH to run these'

void t.test('strength is said while a password is typed', { skip }, async (t) => {
  if (chromium === undefined) return
  t.teardown(() => chromium.close())
  const page = await chromium.newPage()
  await page.goto(`${identity.issuer}/register`)
  const said = page.locator('.strength')
  const type = async (text: string, words: string) => {
    await page.locator('#password').fill(text)
    await said.filter({ hasText: words }).waitFor()
    t.equal(await said.textContent(), words, text)
  }
  t.equal(await said.getAttribute('role'), 'status', 'politely')
  await type('kq7', strength.short.replace('{count}', '9'))
  await type('🦊🐼🦉🐙', strength.short.replace('{count}', '8'))
  await type('abababababab', strength.weak)
  await type('kq7 bx2 mz9 ', strength.good)
  await type('kq7 bx2 mz9 wt4 vr8', strength.strong)
  await page.locator('#password').fill('')
  await page.locator('.strength:empty').waitFor({ state: 'attached' })

  const context = await chromium.newContext({ javaScriptEnabled: false, locale: 'en' })
  const still = await context.newPage()
  await still.goto(`${identity.issuer}/register`)
  t.equal(
    await still.locator('.strength:visible').count(),
    0,
    'without scripts nothing is promised',
  )
  await context.close()
})
