import type { VNode } from 'preact'

/** An address, left to right; in one piece, so that nothing within it can be told from another. */
export function EmailText({ email }: { readonly email: string }): VNode {
  return <bdi dir="ltr">{email}</bdi>
}
