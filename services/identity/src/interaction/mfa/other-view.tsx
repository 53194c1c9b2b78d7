import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import type { Words } from '../../http/words/words.ts'
import type { Way } from './way.ts'

export interface OtherWaysProps {
  readonly words: Words
  readonly app?: AppIdentity | undefined
  /** Only those that the person has. */
  readonly ways: readonly { readonly way: Way; readonly href: string }[]
}

/** The choice between the ways to show a second factor, and what to do when none of them is left. */
export function otherWaysView({ words, app, ways }: OtherWaysProps): VNode {
  const { otherTitle, trouble, troubleHelp } = words.mfa
  return (
    <>
      <AppHeader app={app} title={otherTitle} />
      <ul class="actions">
        {ways.map(({ way, href }) => (
          <li key={way}>
            <a class="way" href={href}>
              <span class="name">{said(words, way).name}</span>
              <span class="hint">{said(words, way).hint}</span>
            </a>
          </li>
        ))}
      </ul>
      <details class="aside">
        <summary>{trouble}</summary>
        <p>{troubleHelp}</p>
      </details>
    </>
  )
}

function said({ mfa: { ways } }: Words, way: Way) {
  switch (way) {
    case 'authenticator':
      return ways.authenticator
    case 'passkey':
      return ways.passkey
    case 'recovery-code':
      return ways.recoveryCode
  }
}
