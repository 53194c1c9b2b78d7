import t from 'tap'
import { LANGUAGES } from '../../src/http/language/language.ts'
import { Browser } from '../helpers/browser.ts'
import { targetsOf, textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { lettersTo } from '../helpers/mailbox.ts'
import { Provider } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { type Answer, sendRaw } from '../helpers/wire.ts'
import { asker, world } from '../helpers/world.ts'

// Run by plain node, tap allows a file 30 seconds, which is short on a busy machine.
t.setTimeout(120_000)

// The three links in the foot of every page: what they keep, where they lead, and where they never do.
const identity = await startIdentity(t, { config: world() })
const { issuer } = identity
const rp = new RelyingParty(new Provider(issuer), asker)
const html = { accept: 'text/html' }
const languageIn = ({ body }: Answer) => /^<!doctype html><html lang="([a-z]+)"/.exec(body)?.[1]
const wordsIn = (tag: string) => LANGUAGES.get(tag)?.words

/** The link of a page to the same page in another language. */
function linkTo(page: Answer, tag: string): string {
  const link = targetsOf(page.body).find((target) => /[?&]lang=([a-z]+)$/.exec(target)?.[1] === tag)
  if (link === undefined) throw new Error(`${page.url} offers no ${tag}`)
  return link
}

void t.test(
  'every page offers each language by its own name, and says which it is in',
  async (t) => {
    for (const path of [
      '/',
      '/login',
      '/register',
      '/forgot-password',
      '/nowhere',
      '/setup?token=x',
    ]) {
      const { body } = await new Browser(issuer).get(`${issuer}${path}`, html)
      const nav = /<nav class="languages"[^]*?<\/nav>/.exec(body)?.[0] ?? ''
      const links = [...nav.matchAll(/<a href="[^"]+" lang="(\w+)" dir="(\w+)" hreflang="(\w+)"/g)]
      t.same(
        links.map(([, lang, dir, hreflang]) => `${lang} ${dir} ${hreflang}`),
        ['en ltr en', 'de ltr de', 'ar rtl ar'],
        path,
      )
      t.equal(nav.split('aria-current="true"').length, 2, `${path}: one is the present one`)
      t.match(textOf(nav), 'English Deutsch العربية')
    }
  },
)

void t.test('a language is kept, and leads back to the same page', async (t) => {
  const browser = new Browser(issuer)
  const login = await browser.open((await rp.request()).url)
  t.equal(languageIn(login), 'en')
  const moved = await browser.get(linkTo(login, 'de'))
  t.equal(moved.status, 303)
  t.equal(new URL(moved.headers.get('location') ?? '', issuer).href, login.url, 'byte for byte')
  const cookie = moved.headers.getSetCookie().find((line) => line.includes('language'))
  t.match(cookie, /^signet_language=de\.\d+; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax$/)
  t.equal(moved.headers.get('cache-control'), 'no-store')
  t.equal(languageIn(await browser.follow(moved)), 'de')
  t.equal(languageIn(await browser.get(`${issuer}/register`, { 'accept-language': 'ar' })), 'de')
  const nowhere = await browser.get(`${issuer}/nowhere`, html)
  t.equal((await browser.get(linkTo(nowhere, 'ar'), html)).status, 303)
  const arabic = await browser.get(nowhere.url, html)
  t.equal(languageIn(arabic), 'ar', 'a page that is not there can be read, too')
  t.equal(arabic.status, 404)
})

void t.test('what is picked during a conversation counts for more than ui_locales', async (t) => {
  const browser = new Browser(issuer)
  const login = await browser.open((await rp.request({ ui_locales: 'ar' })).url)
  t.equal(languageIn(login), 'ar')
  t.equal(languageIn(await browser.open(linkTo(login, 'de'))), 'de')
  const wrong = await browser.signIn(await browser.get(login.url), {
    email: 'nobody@example.test',
    password: 'wrong',
  })
  t.equal(languageIn(wrong), 'de', 'also where its answer is a page')
  // A later request is a new wish of the application.
  identity.clock.advance(1)
  const again = await browser.open((await rp.request({ ui_locales: 'ar' })).url)
  t.equal(languageIn(again), 'ar')
  const unasked = await browser.open((await rp.request()).url)
  t.equal(languageIn(unasked), 'de', 'without a wish the person’s own counts')
})

void t.test('an error page of a request changes its language, too', async (t) => {
  const browser = new Browser(issuer)
  const { url } = await rp.request({ ui_locales: 'ar', client_id: 'nobody' })
  const page = await browser.open(url, html)
  t.equal(languageIn(page), 'ar')
  t.equal(languageIn(await browser.open(linkTo(page, 'de'), html)), 'de')
})

void t.test('the answer to a form offers its own page again', async (t) => {
  const browser = new Browser(issuer)
  const form = await browser.open(`${issuer}/register`)
  const refused = await browser.submit(form, { name: '', email: 'x', password: 'short' })
  t.equal(refused.status, 422)
  t.equal(linkTo(refused, 'ar'), '/register?lang=ar')
  const forged = await browser.post(`${issuer}/login?a=b`, { csrf: 'x' }, html)
  t.equal(forged.status, 403)
  t.equal(linkTo(forged, 'de'), '/login?a=b&lang=de')
  const posted = await browser.post(`${issuer}/nowhere`, { csrf: 'x' }, html)
  t.equal(linkTo(posted, 'de'), '/?lang=de', 'there is nothing to get at this address')
})

void t.test('mails speak the language of the page that causes them', async (t) => {
  const browser = new Browser(issuer)
  await browser.open(`${issuer}/register?lang=de`)
  const form = await browser.open(`${issuer}/register`, { 'accept-language': 'ar' })
  const email = 'mehrsprachig@example.test'
  await browser.submit(form, { name: '', email, password: 'kq7 bx2 mz9 wt4 vr8' })
  const [letter] = await lettersTo(issuer, email, { count: 1 })
  t.equal(letter?.subject, wordsIn('de')?.mails.registration.subject)
  t.match(letter?.html, '<html lang="de" dir="ltr">')
})

void t.test('too many requests are told in the language that was picked', async (t) => {
  const limited = await startIdentity(t, { config: world({ rate_limit_per_minute: 1 }) })
  const browser = new Browser(limited.issuer)
  await browser.open(`${limited.issuer}/login?lang=de`)
  const form = await browser.get(`${limited.issuer}/login`)
  await browser.submit(form, { email: 'a@example.test', password: 'x' })
  const refused = await browser.submit(form, { email: 'a@example.test', password: 'x' })
  t.equal(refused.status, 429)
  t.equal(languageIn(refused), 'de')
  t.match(textOf(refused.body), wordsIn('de')?.errors.too_many_requests.title)
})

void t.test('what is no language of ours changes nothing', async (t) => {
  const odd = [
    'fr',
    'DE',
    'de-AT',
    '',
    'en,de',
    '../de',
    'constructor',
    '__proto__',
    '%00',
    'd%65x',
  ]
  for (const value of [...odd, 'de&lang=ar', 'de&lang=de', 'de%0d%0aset-cookie:x=1']) {
    const answer = await new Browser(issuer).get(`${issuer}/login?lang=${value}`)
    t.equal(answer.status, 200, value)
    t.equal(languageIn(answer), 'en', value)
    t.same(
      answer.headers.getSetCookie().filter((line) => line.includes('language')),
      [],
      value,
    )
  }
  const browser = new Browser(issuer)
  const posted = await browser.post(`${issuer}/login?lang=de`, { csrf: 'x' }, html)
  t.equal(languageIn(posted), 'en', 'only a link picks one')
  const elsewhere = { 'sec-fetch-site': 'cross-site' }
  const led = await browser.get(`${issuer}/login?lang=de`, elsewhere)
  t.equal(led.status, 200)
  t.equal(languageIn(led), 'en', 'other sites do not decide')
  for (const site of ['same-origin', 'same-site', 'none'])
    t.equal((await browser.get(`${issuer}/login?lang=de`, { 'sec-fetch-site': site })).status, 303)
})

void t.test('a cookie that is not ours is none', async (t) => {
  const odd = [
    'fr',
    'de.',
    'de.x',
    'de.1.2',
    'DE',
    'de-AT',
    'de.9999999999999999',
    '__proto__',
    '"de"',
  ]
  for (const value of odd) {
    const headers = { cookie: `signet_language=${value}` }
    t.equal(languageIn(await new Browser(issuer).get(`${issuer}/login`, headers)), 'en', value)
  }
  const bare = { cookie: 'signet_language=ar', 'accept-language': 'de' }
  t.equal(languageIn(await new Browser(issuer).get(`${issuer}/login`, bare)), 'ar')
})

void t.test('the way back stays on this host', async (t) => {
  const targets = [
    '//evil.example/',
    '//evil.example',
    '/\\evil.example/',
    '///evil.example/%2e%2e',
  ]
  for (const target of targets) {
    const moved = await sendRaw(issuer, `${target}?lang=de`, { headers: html })
    t.equal(moved.status, 303, target)
    t.equal(moved.headers.get('location'), '/', `${target}: to our own start page`)
    const page = await sendRaw(issuer, target, { headers: html })
    t.equal(page.status, 404, target)
    t.equal(linkTo(page, 'de'), '/?lang=de')
    t.notMatch(page.body, /href="[^"]*evil/)
  }
})

void t.test('programs get no redirect', async (t) => {
  const browser = new Browser(issuer)
  for (const path of ['/nowhere', '/userinfo', '/.well-known/openid-configuration', '/health/live'])
    t.not((await browser.get(`${issuer}${path}?lang=de`)).status, 303, path)
})
