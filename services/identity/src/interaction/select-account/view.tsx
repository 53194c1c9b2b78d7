import type { VNode } from 'preact'
import { AccountChoices, type PresentAccount } from '../../http/parts/account-choices.tsx'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { AppLinks } from '../../http/parts/app-links.tsx'
import { Button } from '../../http/parts/button.tsx'
import { Form } from '../../http/parts/form.tsx'
import type { Words } from '../../http/words/words.ts'

export interface SelectAccountProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly app?: AppIdentity | undefined
  readonly accounts: readonly PresentAccount[]
}

/** The title of the account picker. */
export function selectAccountTitle({ words }: Pick<SelectAccountProps, 'words'>): string {
  return words.selectAccount.title
}

/** The account picker: every account is one button, with its way out beside it. */
export function selectAccountView(props: SelectAccountProps): VNode {
  const { words, app, accounts } = props
  return (
    <>
      <AppHeader
        app={app}
        title={words.selectAccount.title}
        lead={app && words.selectAccount.lead(<bdi>{app.name}</bdi>)}
      />
      <Form action={props.action} csrf={props.csrf}>
        <AccountChoices words={words} accounts={accounts} />
        {accounts.length > 1 && (
          <div class="actions">
            <Button look="quiet" name="sign-out" value="all">
              {words.accounts.signOutAll}
            </Button>
          </div>
        )}
      </Form>
      <AppLinks words={words} app={app} />
    </>
  )
}
