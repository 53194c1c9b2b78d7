import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import Fastify, { type FastifyInstance } from 'fastify'
import type { BrowserContextOptions, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { assetUrl, assets } from '../../src/http/look/assets.ts'
import { brand } from '../../src/http/look/brand.ts'
import { LANGUAGES } from '../../src/http/language/language.ts'
import type { Locale } from '../../src/http/language/locale.ts'
import { launchChromium } from '../helpers/chromium.ts'
import { acmeBranding } from '../helpers/gallery-look.ts'
import { gallery, hostileText } from '../helpers/gallery.ts'

// Run by plain node, tap allows a file 30 seconds, which is short on a busy machine.
t.setTimeout(560_000)

const csp = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' https: data:",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')
const allowedBytes = 30_000
const narrow = { width: 320, height: 640 }

const require = createRequire(import.meta.url)
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
// These run in the page, so they are text: the test itself knows no DOM.
const axeFaults = (rules: string): string => `axe
  .run({ runOnly: ${rules}, resultTypes: ['violations'] })
  .then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ': ' + target)))`
const everyFault = axeFaults(
  `['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']`,
)
// Another language changes words and, with them, sizes; the elements are those of the English page.
const wordFaults = axeFaults(
  `{ type: 'rule', values: ['button-name', 'document-title', 'html-has-lang', 'html-lang-valid', 'image-alt', 'label', 'label-content-name-mismatch', 'link-name', 'target-size'] }`,
)
// A theme changes colours and nothing else.
const themeFaults = axeFaults(`{ type: 'rule', values: ['color-contrast'] }`)
const smallTargets = `[...document.querySelectorAll('button, summary, .control, a')]
  .filter((target) => target.checkVisibility())
  .map((target) => [target, target.getBoundingClientRect().height])
  .filter(([target, height]) => height < (target.matches('.summary a') ? 24 : 44))
  .map(([target, height]) => target.textContent.trim() + ': ' + height)`

// Of our own words: what people or applications are called may be longer than any line.
const brokenWords = `[...document.querySelectorAll('h1, h2')].flatMap((heading) => {
  const texts = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT)
  const broken = []
  for (let text; (text = texts.nextNode()); ) {
    if (text.parentElement.closest('bdi')) continue
    for (const { index, 0: word } of text.data.matchAll(/[^\\s-]+/g)) {
      const range = document.createRange()
      range.setStart(text, index)
      range.setEnd(text, index + word.length)
      const lines = new Set([...range.getClientRects()].map(({ top }) => top))
      if (lines.size > 1) broken.push(word)
    }
  }
  return broken
})`

const galleries = new Map([...LANGUAGES].map(([tag, language]) => [tag, gallery(language)]))
const pagesIn = (tag: string) => galleries.get(tag) ?? []
const english = pagesIn('en')
const everyPage = [...LANGUAGES].flatMap(([tag, language]) =>
  pagesIn(tag).map((page) => ({ ...page, tag, language })),
)

/** What a browser fetches for a page from us, as far as it is named in the page. */
function fetchedAssets(html: string): readonly string[] {
  return [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, url]) => url ?? '')
}

async function serve(t: Test): Promise<{ app: FastifyInstance; origin: string }> {
  const app = Fastify()
  await app.register(assets)
  await app.register(brand(acmeBranding))
  app.get<{ Params: { tag: string; name: string } }>('/:tag/:name', (request, reply) => {
    const { tag, name } = request.params
    const page = pagesIn(tag).find((candidate) => candidate.name === name)
    return reply
      .header('content-security-policy', csp)
      .type('text/html; charset=utf-8')
      .send(page?.html)
  })
  // The tests submit forms; where they lead does not matter here.
  app.addContentTypeParser('application/x-www-form-urlencoded', (_request, body, done) => {
    body.resume()
    done(null)
  })
  app.post('/login', (_request, reply) => reply.code(204).send())
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  t.teardown(() => app.close())
  return { app, origin: address.replace('127.0.0.1', 'localhost') }
}

/** What is wrong with a page before any browser sees it. */
function documentFaults(
  html: string,
  { lang, dir }: Pick<Locale, 'lang' | 'dir'>,
): readonly string[] {
  const count = (tag: string, within = html) => within.split(`<${tag}`).length - 1
  // The pages of an account have the way out on top, beside the one form that they are about.
  const room = html.replace(/<header class="rooms-head">.*?<\/header>/s, '')
  const rules: Readonly<Record<string, boolean>> = {
    'not a whole document': !html.startsWith(`<!doctype html><html lang="${lang}" dir="${dir}">`),
    'inline style': /<style|\sstyle=/.test(html),
    'inline script': /<script(?![^>]* src="\/assets\/)|<[^>]+\son[a-z]+="/.test(html),
    'script address': /(?:href|src|action)="(?:javascript|data|vbscript):/i.test(html),
    'unescaped text': html.includes(hostileText),
    'not one first heading': count('h1') !== 1,
    'not one main landmark': count('main') !== 1,
    'more than one form': count('form', room) > 1,
    'a form without its token': count('form') !== html.split('name="csrf"').length - 1,
  }
  return Object.keys(rules).filter((fault) => rules[fault])
}

void t.test('every page is one document without inline code', async (t) => {
  for (const { name, html, tag, language } of everyPage)
    t.same(documentFaults(html, language.locale), [], `${name} in ${tag}`)
  const planted = `<form style="color:red"><a href="javascript:x" onclick="x">${hostileText}</a><h1>`
  t.equal(
    documentFaults(planted, { lang: 'en', dir: 'ltr' }).length,
    7,
    'the rules see a planted page',
  )
})

void t.test('a field for a code takes it as people type it', async (t) => {
  const fields = everyPage.flatMap(
    ({ html }) => html.match(/<input[^>]*one-time-code[^>]*>/g) ?? [],
  )
  t.ok(fields.length > 0, 'there are such fields')
  // Browsers compile it with the v flag (HTML, 4.10.5.3.6).
  const patterns = new Set(fields.map((field) => / pattern="([^"]+)"/.exec(field)?.[1] ?? ''))
  for (const pattern of patterns)
    for (const typed of ['123456', '123 456', '123-456', '١٢٣٤٥٦', '۱۲۳۴۵۶'])
      t.match(typed, new RegExp(`^(?:${pattern})$`, 'v'), `${typed} in ${pattern}`)
})

void t.test('a page that reports a problem says so in its title', async (t) => {
  for (const { name, html, tag, language } of everyPage) {
    const problem = html.includes('role="alert"') || name.startsWith('error-')
    const says = html.includes(`<title>${language.words.errorPrefix}`)
    t.equal(says, problem, `${name} in ${tag}`)
  }
})

void t.test(
  'links of an application are followed only over https, or http on loopback',
  async (t) => {
    const hostile = english.find(({ name }) => name === 'consent-hostile')?.html ?? ''
    t.ok(hostile.includes('&lt;script>') || hostile.includes('&lt;script&gt;'), 'the text is there')
    t.notMatch(hostile, /http:\/\/notes\.example\/terms/, 'plain http is dropped')
    t.notMatch(hostile, /<img/, 'a logo that is no web address is dropped')
    const honest = english.find(({ name }) => name === 'consent')?.html ?? ''
    t.match(honest, /<img[^>]+src="https:\/\/notes\.example\/logo\.svg"/)
    t.match(honest, /href="https:\/\/notes\.example\/privacy"/)
    t.match(honest, /href="https:\/\/notes\.example\/terms"/)
  },
)

void t.test('an error page never links to an address that was refused', async (t) => {
  const page = english.find(({ name }) => name === 'error-with-details')?.html ?? ''
  t.match(page, /notes\.example\/signed-in\/callback/)
  t.notMatch(page, /href="https:\/\/notes\.example\/signed-in/)
})

void t.test('assets', async (t) => {
  const { app } = await serve(t)

  for (const name of ['signet.css', 'reveal.js', 'favicon.svg']) {
    const answer = await app.inject(assetUrl(name))
    t.equal(answer.statusCode, 200, name)
    t.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable')
    t.equal(answer.headers['x-content-type-options'], 'nosniff')
    t.match(
      answer.headers['content-type'],
      /^(text\/(css|javascript)|image\/svg\+xml); charset=utf-8$/,
    )
  }
  t.match((await app.inject('/favicon.ico')).headers['content-type'], /^image\/svg\+xml/)

  const unknown = [
    '/assets/signet.css',
    '/assets/signet.AAAAAAAAAAAA.css',
    '/assets/constructor',
    '/assets/..%2fpackage.json',
    '/assets/%2e%2e/package.json',
    '/assets/',
  ]
  for (const url of unknown) t.equal((await app.inject(url)).statusCode, 404, url)
  t.throws(() => assetUrl('nothing.css'), 'a name without a file is a bug')

  for (const { name, html } of english) {
    const bodies = fetchedAssets(html).map(async (url) => (await app.inject(url)).rawPayload.length)
    const bytes = (await Promise.all(bodies)).reduce((sum, length) => sum + length, html.length)
    t.ok(bytes < allowedBytes, `${name} takes ${bytes} bytes with style and scripts`)
  }
})

const browser = await launchChromium()
const skip = browser === undefined && 'no Chromium here: set CHROMIUM_PATH to run these'

void t.test('in a browser', { skip }, async (t) => {
  if (browser === undefined) return
  t.teardown(() => browser.close())
  const { origin } = await serve(t)

  const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
    t.teardown(() => context.close())
    // Nothing leaves the machine; a logo that fails must not break a page either.
    await context.route(/^https:/, (route) => route.abort())
    return await context.newPage()
  }

  await t.test('axe finds nothing, and nothing scrolls sideways', async (t) => {
    const left = [...everyPage]
    await Promise.all([sweep(t, await open(), origin, left), sweep(t, await open(), origin, left)])
  })

  await t.test('axe is awake: it sees a planted fault', async (t) => {
    const page = await open()
    await page.goto(`${origin}/en/login`)
    await page.evaluate(axeSource)
    await page.evaluate(`document.querySelector('label').remove()`)
    t.match(await page.evaluate(everyFault), [/^label: #email/])
  })

  await t.test('a word that is broken over two lines is seen', async (t) => {
    const page = await open()
    await page.goto(`${origin}/en/login`)
    t.same(await page.evaluate(brokenWords), [])
    await page.evaluate(`document.querySelector('h1').style.inlineSize = '3rem'`)
    t.match(await page.evaluate(brokenWords), ['Sign'])
  })

  await t.test('hostile text runs nothing', async (t) => {
    const page = await open()
    const heard: string[] = []
    page.on('dialog', (dialog) => {
      heard.push(dialog.message())
      void dialog.dismiss()
    })
    for (const { name } of english.filter((candidate) => candidate.name.endsWith('-hostile'))) {
      await page.goto(`${origin}/en/${name}`)
      t.equal(await page.locator('script:not([src^="/assets/"])').count(), 0, `${name}: no script`)
      t.equal(await page.locator('[onerror]').count(), 0, `${name}: no handler`)
    }
    t.same(heard, [])
  })

  await t.test('the password can be shown, and is hidden again when it is sent', async (t) => {
    const page = await open()
    await page.goto(`${origin}/en/login`)
    const password = page.locator('#password')
    await password.fill('correct horse')
    await page.getByRole('button', { name: 'Show password' }).click()
    t.equal(await password.getAttribute('type'), 'text')
    await page.locator('#email').fill('ada@example.test')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    t.equal(await password.getAttribute('type'), 'password')
    t.equal(await page.getByRole('button', { name: 'Show password' }).count(), 1)
  })

  await t.test('an address reads from left to right on a page that does not', async (t) => {
    const page = await open()
    await page.goto(`${origin}/ar/setup-problems`)
    const style = (selector: string) =>
      page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).direction`)
    t.equal(await style('body'), 'rtl')
    for (const selector of ['#email', '#password']) t.equal(await style(selector), 'ltr', selector)
    await page.goto(`${origin}/ar/consent-long`)
    for (const selector of ['.email bdi', '.aside code', '.host'])
      t.equal(await style(selector), 'ltr', selector)
    await page.goto(`${origin}/ar/error-with-details`)
    t.equal(await style('#error-id'), 'ltr')
    await page.goto(`${origin}/ar/login`)
    await page.locator('#password').fill('correct horse')
    await page.getByRole('button', { name: 'إظهار كلمة المرور' }).click()
    t.equal(await page.locator('.reveal').textContent(), 'إخفاء', 'the scripts say it too')
    t.equal(await page.locator('.reveal').getAttribute('aria-label'), 'إخفاء كلمة المرور')
  })

  await t.test('a double click sends a form once', async (t) => {
    const page = await open()
    let sent = 0
    page.on('request', (request) => {
      if (request.method() === 'POST') sent += 1
    })
    await page.goto(`${origin}/en/login-hint`)
    await page.locator('#password').fill('correct horse')
    await page.getByRole('button', { name: 'Sign in', exact: true }).dblclick()
    await page.waitForTimeout(200)
    t.equal(sent, 1)
  })

  await t.test('the wait counts down and ends in words', async (t) => {
    const page = await open()
    await page.clock.install()
    await page.goto(`${origin}/en/login-throttled`)
    t.equal(await page.getByRole('timer').textContent(), 'You can try again in 1:44')
    await page.clock.runFor(44_000)
    t.equal(await page.getByRole('timer').textContent(), 'You can try again in 1:00')
    await page.clock.runFor(60_000)
    t.equal(await page.getByRole('timer').count(), 0)
    t.equal(await page.locator('.countdown [role=status]').textContent(), 'You can try again now.')
    await page.goto(`${origin}/ar/login-throttled`)
    const timer = page.getByRole('timer')
    t.equal(await timer.textContent(), 'يمكنك المحاولة مجددًا بعد 1:44')
    await page.clock.runFor(104_000)
    t.equal(
      await page.locator('.countdown [role=status]').textContent(),
      'يمكنك المحاولة مجددًا الآن.',
    )
  })

  await t.test('the facts of an error can be copied', async (t) => {
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] })
    await page.goto(`${origin}/en/error-server_error`)
    await page.getByRole('button', { name: 'Copy details' }).click()
    await page.getByText('Copied').waitFor()
    t.equal(
      await page.evaluate('navigator.clipboard.readText()'),
      'Error: server_error\nReference: err_7Q2MZK4TB9XD\nTime: 21 Nov 2026, 14:03:22 UTC',
    )
  })

  await t.test('a problem takes the focus, and leads to its field', async (t) => {
    const page = await open()
    await page.goto(`${origin}/en/login-missing`)
    t.equal(await page.evaluate('document.activeElement.id'), 'summary')
    await page.getByRole('link', { name: 'Enter your password.' }).click()
    t.equal(await page.evaluate('document.activeElement.id'), 'password')
  })

  await t.test('without scripts nothing is offered that needs them', async (t) => {
    const page = await open({ javaScriptEnabled: false })
    for (const name of ['login', 'login-throttled', 'error-server_error']) {
      await page.goto(`${origin}/en/${name}`)
      t.equal(await page.locator('button[type=button]:visible').count(), 0, name)
    }
    await page.goto(`${origin}/en/login`)
    await page.getByText('Cancel and go back to Notes').click({ noWaitAfter: true })
  })
})

/** Looks at page after page in both themes and at 320 px; two of these share the work, as there are two cores. */
async function sweep(
  t: Test,
  page: Page,
  origin: string,
  left: { readonly tag: string; readonly name: string }[],
): Promise<void> {
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { tag, name } = next
    await page.setViewportSize({ width: 1024, height: 768 })
    await page.goto(`${origin}/${tag}/${name}`)
    await page.evaluate(axeSource)
    await page.emulateMedia({ colorScheme: 'light' })
    const rules = tag === 'en' ? everyFault : wordFaults
    t.same(await page.evaluate(rules), [], `${name} in light ${tag}`)
    // The colours are the same in every language.
    if (tag === 'en') {
      await page.emulateMedia({ colorScheme: 'dark' })
      t.same(await page.evaluate(themeFaults), [], `${name} in dark`)
    }
    await page.setViewportSize(narrow)
    const width = await page.evaluate('document.documentElement.scrollWidth')
    t.equal(width, narrow.width, `${name} at 320 px ${tag}`)
    if (!name.endsWith('-hostile'))
      t.same(await page.evaluate(brokenWords), [], `${name} breaks no word of a heading ${tag}`)
    const small = await page.evaluate(smallTargets)
    t.same(small, [], `${name} has targets of 44 px ${tag}`)
  }
}
