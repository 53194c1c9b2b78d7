import type { VNode } from 'preact'
import { type Words, plain } from '../words/words.ts'
import type { AppIdentity } from './app-identity.ts'
import { webUrl } from '../safe-url.ts'

/** The application's own site, policy and terms (OIDC Registration 1.0 §2: the end-user must be able to read them). */
export function AppLinks(props: {
  readonly words: Words
  readonly app?: AppIdentity | undefined
}): VNode | null {
  const { words, app } = props
  if (app === undefined) return null
  const links = [
    { label: words.app.website, uri: app.clientUri },
    { label: words.app.policy, uri: app.policyUri },
    { label: words.app.terms, uri: app.tosUri },
  ].flatMap(({ label, uri }) => {
    const href = webUrl(uri)
    return href === undefined ? [] : [{ label, href }]
  })
  if (links.length === 0) return null
  return (
    <nav class="app-links" aria-label={plain(words.app.links(app.name))}>
      {links.map(({ label, href }) => (
        <a key={label} href={href} rel="noreferrer">
          {label}
        </a>
      ))}
    </nav>
  )
}
