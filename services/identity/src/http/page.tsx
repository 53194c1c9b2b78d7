import type { VNode } from 'preact'
import { render } from 'preact-render-to-string'
import { assetUrl } from './look/assets.ts'
import type { Locale } from './language/locale.ts'
import { type Look, PLAIN_LOOK } from './look/look.ts'
import type { AppIdentity } from './parts/app-identity.ts'
import { Languages } from './parts/languages.tsx'
import { LookContext } from './parts/look-context.ts'
import { Mark } from './parts/mark.tsx'
import type { Words } from './words/words.ts'

export interface Page {
  readonly title: string
  readonly words: Words
  readonly locale: Locale
  /** Path and query of the page, for the same in another language. */
  readonly here?: string | undefined
  readonly look?: Look | undefined
  readonly app?: AppIdentity | undefined
  /** The page reports a problem: its title says so first. */
  readonly error?: boolean | undefined
  readonly body: VNode
  /** A style sheet of the assets folder beside the one of every page. */
  readonly style?: string | undefined
  /** Puts the body on the page; the card of a step if absent. Whatever it is, it holds the one `<main>`. */
  readonly frame?: ((body: VNode) => VNode) | undefined
}

/** The modules, each with what it looks for: a page links those that have something to do on it. */
const SCRIPTS = [
  ['reveal.js', ' data-reveal'],
  ['countdown.js', ' data-countdown'],
  ['copy.js', ' data-copy'],
  ['print.js', ' data-print'],
  ['submit-once.js', '<form'],
  ['strength.js', ' data-strength'],
  ['passkey.js', ' data-passkey'],
] as const

/** Style sheets of parts that few pages have, likewise. */
const SHEETS = [
  ['providers.css', / class="provider/],
  ['second-step.css', / class="(?:qr|key|codes|walk|ways?)"/],
] as const

const card = (body: VNode) => <main class="card">{body}</main>

/** The whole document around a step. */
export function renderPage(page: Page): string {
  const { title, words, locale, app, error, body, style, frame = card } = page
  const { here = '/', look = PLAIN_LOOK } = page
  // Rendered, and so escaped, before the head around it is made: the head names the scripts that it needs.
  const content = render(
    <LookContext.Provider value={look}>
      {frame(body)}
      <footer class="frame-foot">
        <p>
          <Mark />
          <span>
            {app === undefined ? words.product : words.footer.usedBy(<bdi>{app.name}</bdi>)}
          </span>
        </p>
        <Languages words={words} current={locale} here={here} />
      </footer>
    </LookContext.Provider>,
  )
  const document = (
    <html lang={locale.lang} dir={locale.dir}>
      <head>
        <meta charset="utf-8" />
        <title>{`${error === true ? words.errorPrefix : ''}${title} · ${words.product}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href={look.logo ?? assetUrl('favicon.svg')} />
        <link rel="stylesheet" href={assetUrl('signet.css')} />
        {SHEETS.filter(([, mark]) => content.search(mark) >= 0).map(([name]) => (
          <link key={name} rel="stylesheet" href={assetUrl(name)} />
        ))}
        {style !== undefined && <link rel="stylesheet" href={assetUrl(style)} />}
        {look.style !== undefined && <link rel="stylesheet" href={look.style} />}
        {SCRIPTS.filter(([, mark]) => content.includes(mark)).map(([name]) => (
          <script key={name} type="module" src={assetUrl(name)} />
        ))}
      </head>
      <body dangerouslySetInnerHTML={{ __html: content }} />
    </html>
  )
  return `<!doctype html>${render(document)}`
}
