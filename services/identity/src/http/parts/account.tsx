import type { VNode } from 'preact'
import { initial } from './initial.ts'

export interface AccountIdentity {
  readonly name?: string | undefined
  readonly email: string
}

/** Whose account it is: a tile, the name, the address. */
export function Account({ account }: { readonly account: AccountIdentity }): VNode {
  const { name, email } = account
  // A long address breaks before its domain rather than anywhere.
  const cut = Math.max(0, email.lastIndexOf('@'))
  const [local, domain] = [email.slice(0, cut), email.slice(cut)]
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
          <bdi dir="ltr">
            {local}
            <wbr />
            {domain}
          </bdi>
        </span>
      </span>
    </span>
  )
}
