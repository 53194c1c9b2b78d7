import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { DEFAULT_SETTINGS } from '../../src/domain/settings/settings.ts'
import { accentTokens } from '../../src/http/look/accent.ts'
import { createBranding } from '../../src/http/look/brand.ts'
import { pagePolicy } from '../../src/http/security-headers.ts'
import { Browser } from '../helpers/browser.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity, startProcesses } from '../helpers/identity.ts'
import { lettersTo } from '../helpers/mailbox.ts'
import { Provider } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { type Answer, send } from '../helpers/wire.ts'
import { asker, confidentialTwin, world } from '../helpers/world.ts'

// Run by plain node, tap allows a file 30 seconds, which is short on a busy machine.
t.setTimeout(120_000)

// What the operator's name, colour, logo and style do to pages and mails, and what they cannot do.
const drawing = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
const hostileCss =
  '.card{border-radius:0}\n</style><script>alert(1)</script><link rel=stylesheet href=//evil.example>'
const brand = {
  name: 'R&D <b>Guild</b>',
  accent_color: '#ffd400',
  logo_uri: `data:image/svg+xml;base64,${Buffer.from(drawing).toString('base64')}`,
  css: hostileCss,
}
const logoUri = 'http://localhost:4999/logo.png'
const localApp = confidentialTwin('local', ['https://local.example.test/cb'], { logo_uri: logoUri })
const identity = await startIdentity(t, { config: world({ brand }, [localApp.registration]) })
const plain = await startIdentity(t, { config: world() })

const page = (path: string, issuer = identity.issuer) =>
  new Browser(issuer).open(`${issuer}${path}`, { accept: 'text/html' })
const styleOf = ({ body }: Answer) => /href="(\/assets\/brand\.[^"]+)"/.exec(body)?.[1]
const policyOf = ({ headers }: Answer) => headers.get('content-security-policy')

void t.test('the name stands wherever the service names itself, as text', async (t) => {
  const escaped = 'R&amp;D &lt;b>Guild&lt;/b>'
  for (const path of ['/login', '/register', '/forgot-password', '/', '/nowhere', '/setup']) {
    const { body } = await page(path)
    t.match(body, new RegExp(`<title>[^<]* · ${escaped}</title>`), `${path}: the title`)
    t.notMatch(body, /Signet|<b>/, `${path}: nothing else, and no markup`)
  }
  const rp = new RelyingParty(new Provider(identity.issuer), asker)
  const { body } = await new Browser(identity.issuer).open((await rp.request()).url)
  t.match(textOf(body), 'The asker app uses R&D <b>Guild</b> to sign you in.')
  t.match((await page('/login', plain.issuer)).body, / · Signet<\/title>/)
})

void t.test('mails carry the name and the colour', async (t) => {
  const browser = new Browser(identity.issuer)
  const form = await browser.open(`${identity.issuer}/register`)
  const email = 'branded@example.test'
  await browser.submit(form, { name: '', email, password: 'kq7 bx2 mz9 wt4 vr8' })
  const [letter] = await lettersTo(identity.issuer, email, { count: 1 })
  t.match(letter?.text, /\nR&D <b>Guild<\/b>\n$/)
  t.match(letter?.html, 'R&amp;D &lt;b>Guild&lt;/b>')
  t.match(letter?.html, `background:${accentTokens(brand.accent_color).light.accent}`)
  t.notMatch(`${letter?.subject}${letter?.text}${letter?.html}`, 'Signet')
})

void t.test('style and colour are a file of their own, after ours', async (t) => {
  const login = await page('/login')
  const order = [...login.body.matchAll(/rel="stylesheet" href="\/assets\/([a-z]+)/g)]
  t.same(
    order.map(([, name]) => name),
    ['signet', 'brand'],
  )
  t.notMatch(login.body, /<style|\sstyle=|evil\.example/, 'nothing of it is in the page')
  t.equal(policyOf(login), pagePolicy(), 'and the policy is the one of every page')
  const url = styleOf(login) ?? ''
  t.match(url, /^\/assets\/brand\.[\w-]{12}\.css$/)
  const style = await send(`${identity.issuer}${url}`)
  t.equal(style.status, 200)
  t.equal(style.headers.get('content-type'), 'text/css; charset=utf-8')
  t.equal(style.headers.get('x-content-type-options'), 'nosniff')
  t.equal(style.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  t.ok(style.body.endsWith(hostileCss), 'as it was given')
  t.match(style.body, /^:root \{\n {2}--accent: #/, 'the colours stand where it cannot break them')
})

void t.test(
  'an address of another version gets the one in force, and nobody keeps it',
  async (t) => {
    const stale = await send(`${identity.issuer}/assets/brand.AAAAAAAAAAAA.css`)
    t.equal(stale.status, 200)
    t.equal(stale.headers.get('cache-control'), 'no-store')
    for (const file of ['brand.AAAAAAAAAAAA.css', 'logo.AAAAAAAAAAAA', 'brand..css', 'brand.css'])
      t.equal((await send(`${plain.issuer}/assets/${file}`)).status, 404, `${file} without a brand`)
    t.notMatch((await page('/login', plain.issuer)).body, /\/assets\/(?:brand|logo)\./)
  },
)

void t.test('the logo replaces the mark, and is a picture and nothing more', async (t) => {
  const login = await page('/login')
  const [, url = ''] = /<img class="mark" src="([^"]+)"/.exec(login.body) ?? []
  t.match(url, /^\/assets\/logo\.[\w-]{12}$/)
  t.notMatch(login.body, /<svg class="mark"|data:image/)
  t.match(login.body, `<link rel="icon" href="${url}"`)
  const picture = await send(`${identity.issuer}${url}`)
  t.equal(picture.headers.get('content-type'), 'image/svg+xml')
  t.equal(picture.body, drawing)
  // Opened by itself it is a document of our origin: a sandbox without scripts.
  t.match(policyOf(picture), /^default-src 'none'; .*sandbox$/)
  t.equal(picture.headers.get('x-content-type-options'), 'nosniff')
  const rp = new RelyingParty(new Provider(identity.issuer), asker)
  const { body } = await new Browser(identity.issuer).open((await rp.request()).url)
  t.match(body, /<span class="sign logo"/, 'an application keeps its own tile')
})

void t.test(
  'a logo over plain http is allowed to the page that shows it, on loopback',
  async (t) => {
    const rp = new RelyingParty(new Provider(identity.issuer), localApp.client)
    const login = await new Browser(identity.issuer).open((await rp.request()).url)
    t.match(login.body, `src="${logoUri}"`)
    t.equal(policyOf(login), pagePolicy(['http://localhost:4999']))
    t.match(policyOf(login), "img-src 'self' https: data: http://localhost:4999;")
    t.equal(policyOf(await page('/login')), pagePolicy(), 'and to no other page')
  },
)

void t.test('elsewhere a page fetches nothing from the person’s own computer', async (t) => {
  const dress = (issuer: string, logo_uri: string) => {
    const settings = { ...DEFAULT_SETTINGS, brand: { logo_uri } }
    return createBranding(() => settings, new URL(issuer))().look
  }
  t.equal(dress('https://id.example', logoUri).logo, undefined)
  t.equal(dress('https://id.example', logoUri).isLocal, false)
  t.equal(dress('http://localhost:4000', logoUri).logo, logoUri)
  t.equal(dress('https://id.example', 'https://a.example/l.svg').logo, 'https://a.example/l.svg')
})

void t.test('a change shows on every process', async (t) => {
  const one = world({ brand: { name: 'First Name', accent_color: '#2563eb' } })
  const processes = await startProcesses(t, { config: one, count: 2 })
  const [north = '', south = ''] = processes.origins
  const seen = async (origin: string) => {
    const { body } = await send(`${origin}/login`)
    return {
      name: / · ([^<]+)<\/title>/.exec(body)?.[1],
      style: /\/assets\/brand[^"]+/.exec(body)?.[0],
    }
  }
  const before = await seen(south)
  t.equal(before.name, 'First Name')
  t.same(await seen(north), before)
  processes.reconfigure(world({ brand: { name: 'Second Name', accent_color: '#7c3aed' } }))
  await processes.kill9(1)
  await processes.restart(1)
  // The other one hears of it by notification.
  for (let tries = 0; (await seen(north)).name !== 'Second Name' && tries < 200; tries += 1)
    await wait(50)
  const after = await seen(north)
  t.equal(after.name, 'Second Name')
  t.not(after.style, before.style)
  t.same(await seen(south), after)
})
