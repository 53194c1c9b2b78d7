import type { VNode } from 'preact'
import type { SignedIn } from '../../domain/sessions/session.ts'
import type { Words } from '../words/words.ts'
import { Account, type AccountIdentity } from './account.tsx'
import { Button } from './button.tsx'

/** An account that is signed in at this browser, by its session. */
export interface PresentAccount extends AccountIdentity {
  readonly sessionId: string
}

export function presentAccount({ session, account }: SignedIn): PresentAccount {
  return { sessionId: session.id, email: account.email, name: account.claims.name }
}

/** The accounts of a browser, each to be taken or signed out, and the way to one more: for the picker's own form. */
export function AccountChoices(props: {
  readonly words: Words
  readonly accounts: readonly PresentAccount[]
}): VNode {
  const { words, accounts } = props
  return (
    <ul class="choices">
      {accounts.map(({ sessionId, ...account }) => (
        <li key={sessionId}>
          <button type="submit" class="choice" name="account" value={sessionId}>
            <Account account={account} />
          </button>
          <Button look="quiet" name="sign-out" value={sessionId}>
            {words.accounts.signOut}
            <span class="visually-hidden">
              {' '}
              <bdi dir="ltr">{account.email}</bdi>
            </span>
          </Button>
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
  )
}
