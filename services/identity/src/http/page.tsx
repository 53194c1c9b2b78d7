import type { VNode } from 'preact'
import { render } from 'preact-render-to-string'
import { assetUrl } from './assets.ts'
import type { AppIdentity } from './parts/app-identity.ts'
import { Mark } from './parts/mark.tsx'
import type { Words } from './words/words.ts'

export type { AppIdentity } from './parts/app-identity.ts'

export interface Locale {
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
}

export interface Page {
  readonly title: string
  readonly words: Words
  readonly locale: Locale
  readonly app?: AppIdentity | undefined
  /** The page reports a problem: its title says so first. */
  readonly error?: boolean | undefined
  readonly body: VNode
  /** Puts the body on the page; the card of a step if absent. Whatever it is, it holds the one `<main>`. */
  readonly frame?: ((body: VNode) => VNode) | undefined
}

const scripts = ['reveal.js', 'countdown.js', 'copy.js', 'submit-once.js']

const card = (body: VNode) => <main class="card">{body}</main>

/** The whole document around a step. */
export function renderPage(page: Page): string {
  const { title, words, locale, app, error, body, frame = card } = page
  const document = (
    <html lang={locale.lang} dir={locale.dir}>
      <head>
        <meta charset="utf-8" />
        <title>{`${error === true ? words.errorPrefix : ''}${title} · ${words.product}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href={assetUrl('favicon.svg')} type="image/svg+xml" />
        <link rel="stylesheet" href={assetUrl('signet.css')} />
        {scripts.map((name) => (
          <script key={name} type="module" src={assetUrl(name)} />
        ))}
      </head>
      <body>
        {frame(body)}
        <footer class="frame-foot">
          <p>
            <Mark />
            <span>
              {app === undefined ? words.product : words.footer.usedBy(<bdi>{app.name}</bdi>)}
            </span>
          </p>
        </footer>
      </body>
    </html>
  )
  return `<!doctype html>${render(document)}`
}
