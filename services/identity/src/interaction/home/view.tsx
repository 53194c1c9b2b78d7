import type { VNode } from 'preact'
import { AccountChoices, type PresentAccount } from '../../http/parts/account-choices.tsx'
import { Account } from '../../http/parts/account.tsx'
import { AppHeader } from '../../http/parts/app-header.tsx'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { Form } from '../../http/parts/form.tsx'
import type { Words } from '../../http/words/words.ts'

export interface HomeProps {
  readonly words: Words
  readonly account?: PresentAccount | undefined
  /** The people who are signed in beside this one. */
  readonly others: readonly PresentAccount[]
  readonly csrf: string
  /** Where accounts are taken and signed out. */
  readonly accountsAction: string
  readonly accountHref: string
  readonly signInHref: string
}

/** The title of the start page. */
export function homeTitle({ words, account }: Pick<HomeProps, 'words' | 'account'>): string {
  return account === undefined ? words.home.signedOutTitle : words.home.signedInTitle
}

/** The start page: who is signed in here, or the way to sign in. */
export function homeView(props: HomeProps): VNode {
  const { words, account, others } = props
  if (account === undefined) {
    return (
      <>
        <AppHeader title={words.home.signedOutTitle} lead={words.home.signedOut} />
        <div class="actions">
          <ButtonLink href={props.signInHref}>{words.home.signIn}</ButtonLink>
        </div>
      </>
    )
  }
  return (
    <>
      <AppHeader title={words.home.signedInTitle} lead={words.home.signedIn} />
      <Form action={props.accountsAction} csrf={props.csrf}>
        <div class="current">
          <Account account={account} />
        </div>
        <div class="actions pair">
          <ButtonLink href={props.accountHref}>{words.account.title}</ButtonLink>
          <Button id="sign-out" look="secondary" name="sign-out" value={account.sessionId}>
            {words.home.signOut}
          </Button>
        </div>
        <section class="beside">
          {others.length > 0 && <h2>{words.accounts.others}</h2>}
          <AccountChoices words={words} accounts={others} />
        </section>
        {others.length > 0 && (
          <div class="actions">
            <Button look="quiet" name="sign-out" value="all">
              {words.accounts.signOutAll}
            </Button>
          </div>
        )}
      </Form>
    </>
  )
}
