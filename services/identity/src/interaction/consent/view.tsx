import type { VNode } from 'preact'
import { Account, type AccountIdentity } from '../../http/parts/account.tsx'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { AppLinks } from '../../http/parts/app-links.tsx'
import { Button } from '../../http/parts/button.tsx'
import { Form } from '../../http/parts/form.tsx'
import { type Words, plain } from '../../http/words/words.ts'

export interface ConsentScope {
  readonly name: string
  /** What the scope lets the application do, in plain words, as the end of "this application can". */
  readonly text: string
  readonly isNew: boolean
}

export interface ConsentProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly app: AppIdentity
  readonly account: AccountIdentity
  readonly scopes: readonly ConsentScope[]
  readonly redirectHost: string
  readonly redirectUri: string
}

/** The title of the consent page. */
export function consentTitle({ words, app }: Pick<ConsentProps, 'words' | 'app'>): string {
  return plain(words.consent.title(app.name))
}

/** The consent page: who asks, for what, in whose name, and where one goes next. */
export function consentView(props: ConsentProps): VNode {
  const { words, app, account, scopes, redirectHost, redirectUri } = props
  // "New" tells something only beside what was allowed before.
  const mixed = scopes.some(({ isNew }) => !isNew)
  return (
    <>
      <AppHeader app={app} title={words.consent.title(<bdi>{app.name}</bdi>)} />
      <Form action={props.action} csrf={props.csrf}>
        <div class="current">
          <Account account={account} />
        </div>
        <div class="scopes">
          <p>{words.consent.lead}</p>
          <ul>
            {scopes.map(({ name, text, isNew }) => (
              <li key={name} data-scope={name}>
                <span>
                  <bdi>{text}</bdi>
                </span>
                {mixed && isNew && <span class="badge">{words.consent.newScope}</span>}
              </li>
            ))}
          </ul>
        </div>
        <div class="actions pair">
          <Button name="decision" value="allow">
            {words.consent.allow}
          </Button>
          <Button look="secondary" name="decision" value="deny">
            {words.consent.deny}
          </Button>
        </div>
        <div class="aside">
          <p>{words.consent.next(<bdi class="host">{redirectHost}</bdi>)}</p>
          <details>
            <summary>{words.consent.fullAddress}</summary>
            <code dir="ltr">{redirectUri}</code>
          </details>
          <p class="not-you">
            <span>{words.consent.notYou}</span>
            <Button look="quiet" name="decision" value="switch">
              {words.consent.useAnother}
            </Button>
          </p>
        </div>
      </Form>
      <AppLinks words={words} app={app} />
    </>
  )
}
