import type { ComponentChildren, VNode } from 'preact'

/** Facts of an account, one line each. */
export function Rows(props: { readonly children: ComponentChildren }): VNode {
  return <dl class="rows">{props.children}</dl>
}

export interface RowProps {
  readonly label: ComponentChildren
  readonly children: ComponentChildren
  /** The way to change it. */
  readonly action?: VNode | undefined
}

/** One fact: what it is, how it stands, the way to change it. */
export function Row({ label, children, action }: RowProps): VNode {
  return (
    <div class="row">
      <dt>{label}</dt>
      <dd>{children}</dd>
      {action !== undefined && <dd class="act">{action}</dd>}
    </div>
  )
}
