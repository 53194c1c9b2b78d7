import Fastify from 'fastify'
import { h } from 'preact'
import t, { type Test } from 'tap'
import { Browser, fieldOf } from '../../../test/helpers/browser.ts'
import { textOf } from '../../../test/helpers/html.ts'
import { startIdentity } from '../../../test/helpers/identity.ts'
import { Provider } from '../../../test/helpers/provider.ts'
import { RelyingParty } from '../../../test/helpers/relying-party.ts'
import type { Answer } from '../../../test/helpers/wire.ts'
import { ada, asker, world } from '../../../test/helpers/world.ts'
import {
  LANGUAGES,
  SUPPORTED_LOCALES,
  acceptedLanguages,
  languageOf,
  preferLocales,
} from './language.ts'
import { sendPage } from '../send-page.ts'
import type { Words } from '../words/words.ts'

const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, asker)

// A page and nothing else: what of a request decides its language.
const app = Fastify()
app.get<{ Querystring: { ui_locales?: string } }>('/', (request, reply) => {
  preferLocales(request, request.query.ui_locales)
  const { words } = languageOf(request)
  return sendPage(reply, { title: words.login.title, body: h('h1', {}, words.login.title) })
})
t.teardown(() => app.close())

/** The page's language, from its first tag, for a request with these wishes. */
async function languageFor(uiLocales?: string, header?: string): Promise<string> {
  const { statusCode, body } = await app.inject({
    url: '/',
    ...(uiLocales !== undefined && { query: { ui_locales: uiLocales } }),
    ...(header !== undefined && { headers: { 'accept-language': header } }),
  })
  const tag = /^<!doctype html><html lang="([a-z]+)" dir="([a-z]+)">/.exec(body)
  return statusCode === 200 && tag !== null ? `${tag[1]} ${tag[2]}` : body
}

const english = 'en ltr'
const german = 'de ltr'
const arabic = 'ar rtl'

void t.test('each language names itself and its direction', async (t) => {
  t.same(SUPPORTED_LOCALES, ['en', 'de', 'ar'])
  for (const [tag, { locale }] of LANGUAGES) {
    t.equal(locale.lang, tag)
    t.equal(locale.dir, tag === 'ar' ? 'rtl' : 'ltr')
  }
})

void t.test('ui_locales: the first one that there is (OIDC Core 1.0 §3.1.2.1)', async (t) => {
  const wishes: readonly (readonly [string, string])[] = [
    ['de', german],
    ['ar', arabic],
    ['de ar en', german],
    ['ar de', arabic],
    ['en de', english],
    ['fr-CA fr de-AT ar', german],
    ['DE-ch', german],
    ['ar-EG', arabic],
    ['ar-Arab-u-nu-arab', arabic],
  ]
  for (const [uiLocales, language] of wishes)
    t.equal(await languageFor(uiLocales), language, uiLocales)
})

void t.test('ui_locales comes before what the browser accepts', async (t) => {
  t.equal(await languageFor('ar', 'de,en;q=0.5'), arabic)
  t.equal(await languageFor('en', 'de'), english)
  t.equal(await languageFor('fr se', 'de'), german, 'unknown ones leave the choice to the browser')
  t.equal(await languageFor('', 'de'), german)
})

void t.test('a language that there is not becomes English', async (t) => {
  const garbage = ['fr', 'deu', 'd', '-de', '--', '*', 'de_DE', '__proto__', 'constructor']
  for (const value of [...garbage, ' ', 'de,ar', '<script>', '\u0000', 'ع', 'x '.repeat(4000)]) {
    t.equal(await languageFor(value), english, `ui_locales ${JSON.stringify(value).slice(0, 20)}`)
  }
  for (const value of garbage) t.equal(await languageFor(undefined, value), english, value)
  t.equal(await languageFor(), english, 'nothing asked for')
})

void t.test('Accept-Language: the best weight, then the order (RFC 9110 §12.5.4)', async (t) => {
  const headers: readonly (readonly [string, string])[] = [
    ['de', german],
    ['de-AT,de;q=0.9,en;q=0.8', german],
    ['en;q=0.1,ar;q=0.2', arabic],
    ['en;q=0.5,de;q=0.50,ar;q=0.500', english],
    ['fr,en;q=0.001,de;q=0.002', german],
    ['de;Q=1,en;q=0.9', german],
    ['en;q=0.9 , ar ; q=1.000', arabic],
    ['ar\t;\tq=1,de;q=0.999', arabic],
    [',,de,,', german],
    ['*,de;q=0.5', german],
    ['*', english],
  ]
  for (const [header, language] of headers)
    t.equal(await languageFor(undefined, header), language, header)
})

void t.test('what is not an Accept-Language counts for nothing', async (t) => {
  const refused = [
    'de;q=0',
    'de;q=0.000',
    'de;q=1.001',
    'de;q=2',
    'de;q=9e9',
    'de;q=-1',
    'de;q=.9',
    'de;q=0.1234',
    'de;q=0..1',
    'de;q=',
    'de;q',
    'de;',
    'de;level=1',
    'de;q=0.5;q=1',
    'de q=0.5',
    'de/ar',
    '"de"',
    '',
  ]
  for (const header of refused) t.same(acceptedLanguages(header), [], header)
  t.same(acceptedLanguages(undefined), [])
  t.same(acceptedLanguages('de;q=2,ar;q=0.1,;;;,en;q=x'), ['ar'], 'the rest still counts')
})

void t.test('a header of 10 kB costs and changes nothing', async (t) => {
  t.equal(await languageFor(undefined, `${'fr,'.repeat(3000)}de`), english, 'beyond the bound')
  t.equal(await languageFor(undefined, `de,${'fr,'.repeat(3000)}`), german)
  t.equal(await languageFor(undefined, 'de'.repeat(5000)), english)
  t.equal(await languageFor(undefined, `de${';'.repeat(10_000)}`), english)
  t.equal(await languageFor(undefined, `de${'-a'.repeat(5000)}`), english)
  const cut = `${'fr,'.repeat(165)}ar,de;q=0.1`
  t.equal(cut.slice(0, 500).at(-1), 'e', 'the bound falls between a language and its weight')
  t.same(acceptedLanguages(cut).at(-1), 'ar', 'a language that was cut is not taken at full weight')
})

/** Asserts the language of a page, and that it says these words of it. */
function speaks(t: Test, page: Answer, tag: string, say: (words: Words) => string): void {
  const { words, locale } = LANGUAGES.get(tag) ?? {}
  const opening = `<!doctype html><html lang="${locale?.lang}" dir="${locale?.dir}">`
  t.equal(page.body.slice(0, opening.length), opening, `the page is marked ${tag}`)
  const said = words === undefined ? tag : say(words)
  t.ok(textOf(page.body).includes(said), `it says "${said}"`)
}

void t.test('a conversation keeps the language of its request', async (t) => {
  for (const [tag, uiLocales] of [
    ['de', 'fr de ar'],
    ['ar', 'ar-EG de'],
  ] as const) {
    const browser = new Browser(identity.issuer)
    const other = { 'accept-language': tag === 'de' ? 'ar' : 'de' }
    const { url } = await rp.request({
      ui_locales: uiLocales,
      prompt: 'consent',
      response_mode: 'form_post',
    })
    const login = await browser.open(url, other)
    speaks(t, login, tag, ({ fields }) => fields.password)

    const wrong = await browser.submit(login, { ...ada, password: 'wrong' }, undefined, other)
    t.equal(wrong.status, 401)
    speaks(t, wrong, tag, (words) => words.login.wrong)
    const missing = await browser.submit(wrong, { email: '', password: '' }, undefined, other)
    t.equal(missing.status, 422)
    speaks(t, missing, tag, (words) => words.login.missing.email)

    const consent = await browser.signIn(missing, ada)
    speaks(t, consent, tag, (words) => words.consent.lead)
    const odd = { csrf: fieldOf(consent, 'csrf'), decision: 'perhaps' }
    const refused = await browser.post(consent.url, odd, other)
    t.equal(refused.status, 400)
    speaks(t, refused, tag, (words) => words.errors.invalid_request.title)
    speaks(t, await browser.decide(consent, 'allow'), tag, ({ actions }) =>
      actions.continueTo('The asker app').join(''),
    )
  }
})

void t.test('so do the error pages of a request, and the way out', async (t) => {
  const browser = new Browser(identity.issuer)
  const ask = async (changes: Record<string, string>) =>
    browser.open((await rp.request({ ui_locales: 'de', ...changes })).url)
  const unknown = await ask({ client_id: 'nobody' })
  speaks(t, unknown, 'de', (words) => words.errors.unknown_client.title)
  const elsewhere = await ask({ redirect_uri: 'https://evil.example.test/cb' })
  speaks(t, elsewhere, 'de', (words) => words.errors.redirect_uri_not_registered.title)
  const stranger = await new Browser(identity.issuer).open((await ask({})).url)
  speaks(t, stranger, 'de', (words) => words.actions.continueTo('The asker app').join(''))

  const signedIn = new Browser(identity.issuer)
  await rp.signIn(signedIn)
  const endSession = String((await provider.metadata())['end_session_endpoint'])
  const question = await signedIn.open(`${endSession}?ui_locales=de&client_id=asker`)
  speaks(t, question, 'de', (words) => words.signOut.askFor('The asker app').join(''))
  const done = await new Browser(identity.issuer).open(`${endSession}?ui_locales=ar`)
  speaks(t, done, 'ar', (words) => words.signOut.done)
})

void t.test('without ui_locales the browser decides; a program reads no page', async (t) => {
  const browser = new Browser(identity.issuer)
  const nowhere = `${identity.issuer}/nowhere`
  const headers = { accept: 'text/html', 'accept-language': 'fr;q=0.9, ar-MA;q=0.8, de;q=0.7' }
  speaks(t, await browser.get(nowhere, headers), 'ar', ({ errors }) => errors.not_found.title)
  const forged = await browser.post(`${identity.issuer}/login`, {}, headers)
  t.equal(forged.status, 403)
  speaks(t, forged, 'ar', ({ errors }) => errors.forbidden_form.title)
  speaks(
    t,
    await browser.get(`${identity.issuer}/login`, headers),
    'ar',
    ({ login }) => login.title,
  )
  const vague = { accept: 'text/html', 'accept-language': '*' }
  speaks(t, await browser.get(nowhere, vague), 'en', ({ errors }) => errors.not_found.title)
  const program = await browser.get(nowhere, { ...headers, accept: 'application/json' })
  t.match(JSON.parse(program.body), { error: 'not_found' })
  for (const name of ['openid-configuration', 'oauth-authorization-server']) {
    const document: unknown = JSON.parse((await browser.get(`/.well-known/${name}`)).body)
    t.match(document, { ui_locales_supported: ['en', 'de', 'ar'] }, name)
  }
})
