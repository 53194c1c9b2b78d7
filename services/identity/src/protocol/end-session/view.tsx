import type { VNode } from 'preact'
import { Account, type AccountIdentity } from '../../http/parts/account.tsx'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { Form } from '../../http/parts/form.tsx'
import { followableUrl } from '../../http/parts/safe-url.ts'
import { Tick } from '../../http/parts/sign.tsx'
import type { Words } from '../../http/words/words.ts'

export interface SignOutProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly app?: AppIdentity | undefined
  readonly account?: AccountIdentity | undefined
}

export interface SignedOutProps {
  readonly words: Words
  readonly app?: AppIdentity | undefined
  /** A registered address; the person goes there by their own click. */
  readonly continueUri?: string | undefined
}

/** The title of the question whether to sign out. */
export function signOutTitle({ words }: Pick<SignOutProps, 'words'>): string {
  return words.signOut.title
}

/** The title of the page after signing out. */
export function signedOutTitle({ words }: Pick<SignedOutProps, 'words'>): string {
  return words.signOut.doneTitle
}

/** Asks before the session ends, as nobody proved that the person wants it (OIDC RP-Initiated Logout 1.0 §2). */
export function signOutView({ words, action, csrf, app, account }: SignOutProps): VNode {
  return (
    <>
      <AppHeader
        app={app}
        title={words.signOut.title}
        lead={app === undefined ? words.signOut.ask : words.signOut.askFor(<bdi>{app.name}</bdi>)}
      />
      <Form action={action} csrf={csrf}>
        {account !== undefined && (
          <div class="current">
            <Account account={account} />
          </div>
        )}
        <div class="actions pair">
          <Button id="sign-out-yes" name="decision" value="yes">
            {words.signOut.yes}
          </Button>
          <Button id="sign-out-no" look="secondary" name="decision" value="no">
            {words.signOut.no}
          </Button>
        </div>
      </Form>
    </>
  )
}

/** Says that the session has ended, and offers the way back. */
export function signedOutView({ words, app, continueUri }: SignedOutProps): VNode {
  const href = followableUrl(continueUri)
  return (
    <>
      <AppHeader sign={<Tick />} title={words.signOut.doneTitle} lead={words.signOut.done} />
      {href !== undefined && (
        <div class="actions">
          <ButtonLink href={href}>
            {app === undefined
              ? words.signOut.continue
              : words.signOut.continueTo(<bdi>{app.name}</bdi>)}
          </ButtonLink>
        </div>
      )}
      <p class="hint">{words.signOut.shared}</p>
    </>
  )
}
