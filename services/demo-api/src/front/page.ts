import type { Assets } from './assets.ts'
import { html, type Html } from './html.ts'

export interface View {
  readonly title: string
  /** What stands at the end of the top line. */
  readonly aside: Html | undefined
  readonly main: Html
}

/** The frame of every page of the demo app. */
export function page(assets: Assets, { title, aside, main }: View, mode?: 'bff' | 'tmb'): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="${assets.icon.path}" type="image/svg+xml" />
        <link rel="stylesheet" href="${assets.css.path}" />
        <script type="module" src="${assets.script.path}"></script>
      </head>
      <body data-mode="${mode ?? 'none'}">
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
          <a class="brand" href="/"
            ><img src="${assets.icon.path}" alt="" width="32" height="32" /><span
              >Demo notes</span
            ></a
          >
          ${aside}
        </header>
        <main id="main">${main}</main>
        <footer class="foot">
          <p>
            A demo of <b>Signet</b>: the page’s own backend signs people in, the API checks access
            tokens by public keys alone.
          </p>
        </footer>
      </body>
    </html> `.text
}
