import type { VNode } from 'preact'
import { Account, type AccountIdentity } from '../../http/parts/account.tsx'
import { AppHeader } from '../../http/parts/app-header.tsx'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { Form } from '../../http/parts/form.tsx'
import type { Words } from '../../http/words/words.ts'

export interface HomeProps {
  readonly words: Words
  readonly account?: AccountIdentity | undefined
  readonly csrf: string
  readonly signOutAction: string
  readonly signInHref: string
}

/** The title of the start page. */
export function homeTitle({ words, account }: Pick<HomeProps, 'words' | 'account'>): string {
  return account === undefined ? words.home.signedOutTitle : words.home.signedInTitle
}

/** The start page: who is signed in here, or the way to sign in. */
export function homeView({ words, account, csrf, signOutAction, signInHref }: HomeProps): VNode {
  if (account === undefined) {
    return (
      <>
        <AppHeader title={words.home.signedOutTitle} lead={words.home.signedOut} />
        <div class="actions">
          <ButtonLink href={signInHref}>{words.home.signIn}</ButtonLink>
        </div>
      </>
    )
  }
  return (
    <>
      <AppHeader title={words.home.signedInTitle} lead={words.home.signedIn} />
      <Form action={signOutAction} csrf={csrf}>
        <div class="current">
          <Account account={account} />
        </div>
        <div class="actions">
          <Button id="sign-out" look="secondary">
            {words.home.signOut}
          </Button>
        </div>
      </Form>
    </>
  )
}
