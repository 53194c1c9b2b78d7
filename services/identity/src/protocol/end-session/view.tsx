import type { VNode } from 'preact'
import type { PresentAccount } from '../../http/parts/account-choices.tsx'
import { Account } from '../../http/parts/account.tsx'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { Form } from '../../http/parts/form.tsx'
import { followableUrl } from '../../http/safe-url.ts'
import { Tick } from '../../http/parts/sign.tsx'
import { paths } from '../../http/paths.ts'
import type { Words } from '../../http/words/words.ts'

export interface SignOutProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly app?: AppIdentity | undefined
  /** Whom the question is about. */
  readonly accounts: readonly PresentAccount[]
  /** More people than one are signed in at the browser. */
  readonly several: boolean
}

export interface SignedOutProps {
  readonly words: Words
  readonly app?: AppIdentity | undefined
  /** A registered address; the person goes there by their own click. */
  readonly continueUri?: string | undefined
  /** Where other people who stay signed in are to be found. */
  readonly othersHref?: string | undefined
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
export function signOutView(props: SignOutProps): VNode {
  const { words, action, csrf, app, accounts, several } = props
  const [only] = accounts.length === 1 ? accounts : []
  return (
    <>
      <AppHeader app={app} title={words.signOut.title} lead={lead(props)} />
      <Form action={action} csrf={csrf}>
        <div class="current">
          {accounts.map(({ sessionId, ...account }) => (
            <Account account={account} key={sessionId} />
          ))}
        </div>
        {only !== undefined && <input type="hidden" name="session" value={only.sessionId} />}
        {only === undefined && app !== undefined && <p class="hint">{words.accounts.askAll}</p>}
        <div class="actions pair">
          <Button id="sign-out-yes" name="decision" value={only === undefined ? 'all' : 'yes'}>
            {words.signOut.yes}
          </Button>
          <Button id="sign-out-no" look="secondary" name="decision" value="no">
            {words.signOut.no}
          </Button>
        </div>
        {several && only !== undefined && (
          <div class="actions">
            <Button look="quiet" name="decision" value="all">
              {words.accounts.signOutAll}
            </Button>
          </div>
        )}
      </Form>
    </>
  )
}

function lead({ words, app, accounts }: SignOutProps) {
  if (app !== undefined) return words.signOut.askFor(<bdi>{app.name}</bdi>)
  return accounts.length === 1 ? words.signOut.ask : words.accounts.askAll
}

/** Says that the session has ended, and offers the way back. */
export function signedOutView(props: SignedOutProps): VNode {
  const { words, app, continueUri, othersHref } = props
  const href = followableUrl(continueUri)
  return (
    <>
      <AppHeader sign={<Tick />} title={words.signOut.doneTitle} lead={words.signOut.done} />
      {othersHref !== undefined && <p>{words.accounts.othersStay}</p>}
      <div class="actions">
        {href !== undefined && (
          <ButtonLink href={href}>
            {app === undefined
              ? words.signOut.continue
              : words.signOut.continueTo(<bdi>{app.name}</bdi>)}
          </ButtonLink>
        )}
        {othersHref !== undefined && (
          <ButtonLink look="secondary" href={othersHref}>
            {words.selectAccount.title}
          </ButtonLink>
        )}
        {(href ?? othersHref) === undefined && (
          <ButtonLink look="secondary" href={paths.home}>
            {words.actions.toHome}
          </ButtonLink>
        )}
      </div>
      <p class="hint">{words.signOut.shared}</p>
    </>
  )
}
