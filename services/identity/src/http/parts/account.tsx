import type { VNode } from 'preact'
import { EmailText } from './email-text.tsx'
import { initial } from './initial.ts'

export interface AccountIdentity {
  readonly name?: string | undefined
  readonly email: string
}

/** Whose account it is: a tile, the name, the address. */
export function Account({ account }: { readonly account: AccountIdentity }): VNode {
  const { name, email } = account
  return (
    <span class="account">
      <span class="avatar" aria-hidden="true">
        {initial(name ?? email)}
      </span>
      <span class="who">
        {name !== undefined && (
          <span class="name">
            <bdi>{name}</bdi>
          </span>
        )}
        <span class="email">
          <EmailText email={email} />
        </span>
      </span>
    </span>
  )
}
