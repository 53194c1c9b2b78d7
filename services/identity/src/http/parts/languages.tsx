import type { VNode } from 'preact'
import { LOCALES, type Locale } from '../language/locale.ts'
import { withParameter } from '../own-address.ts'
import type { Words } from '../words/words.ts'

/** The same page in each language, by the names that the languages give themselves. */
export function Languages(props: {
  readonly words: Words
  readonly current: Locale
  /** Path and query of the page. */
  readonly here: string
}): VNode {
  const { words, current, here } = props
  return (
    <nav class="languages" aria-label={words.footer.language}>
      {Object.values(LOCALES).map(({ lang, dir, name }) => (
        <a
          key={lang}
          href={withParameter(here, 'lang', lang)}
          lang={lang}
          dir={dir}
          hreflang={lang}
          aria-current={lang === current.lang ? 'true' : undefined}
        >
          {name}
        </a>
      ))}
    </nav>
  )
}
