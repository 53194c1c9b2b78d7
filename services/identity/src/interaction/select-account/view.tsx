import type { VNode } from 'preact'
import { Account, type AccountIdentity } from '../../http/parts/account.tsx'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { AppLinks } from '../../http/parts/app-links.tsx'
import { Form } from '../../http/parts/form.tsx'
import type { Words } from '../../http/words/words.ts'

export interface SelectableAccount extends AccountIdentity {
  readonly id: string
}

export interface SelectAccountProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly app: AppIdentity
  readonly accounts: readonly SelectableAccount[]
}

/** The title of the account picker. */
export function selectAccountTitle({ words }: Pick<SelectAccountProps, 'words'>): string {
  return words.selectAccount.title
}

/** The account picker: every account is one button. */
export function selectAccountView(props: SelectAccountProps): VNode {
  const { words, app, accounts } = props
  return (
    <>
      <AppHeader
        app={app}
        title={words.selectAccount.title}
        lead={words.selectAccount.lead(<bdi>{app.name}</bdi>)}
      />
      <Form action={props.action} csrf={props.csrf}>
        <ul class="choices">
          {accounts.map((account) => (
            <li key={account.id}>
              <button type="submit" class="choice" name="account" value={account.id}>
                <Account account={account} />
              </button>
            </li>
          ))}
          <li>
            <button type="submit" class="choice" name="account" value="other">
              <span class="account">
                <span class="avatar plus" aria-hidden="true" />
                <span class="who">{words.selectAccount.other}</span>
              </span>
            </button>
          </li>
        </ul>
      </Form>
      <AppLinks words={words} app={app} />
    </>
  )
}
