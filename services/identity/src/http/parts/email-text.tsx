import type { VNode } from 'preact'

/** An address, left to right; a long one breaks before its domain rather than anywhere. */
export function EmailText({ email }: { readonly email: string }): VNode {
  const cut = Math.max(0, email.lastIndexOf('@'))
  return (
    <bdi dir="ltr">
      {email.slice(0, cut)}
      <wbr />
      {email.slice(cut)}
    </bdi>
  )
}
