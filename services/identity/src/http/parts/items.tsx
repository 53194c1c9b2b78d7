import type { ComponentChildren, VNode } from 'preact'

/** A list of things of one kind: devices, applications, events. */
export function Items(props: { readonly children: ComponentChildren }): VNode {
  return <ul class="items">{props.children}</ul>
}

export interface ItemProps {
  /** A small drawing or letter, which says nothing that the words do not. */
  readonly sign?: VNode | undefined
  readonly title: ComponentChildren
  /** One word beside the title, such as "This device". */
  readonly badge?: string | undefined
  readonly children?: ComponentChildren
  readonly action?: VNode | undefined
}

/** One of them: what it is, what is to know about it, what can be done with it. */
export function Item({ sign, title, badge, children, action }: ItemProps): VNode {
  return (
    <li class="item">
      {sign}
      <div class="item-text">
        <p class="item-title">
          <span>{title}</span>
          {badge !== undefined && <span class="badge">{badge}</span>}
        </p>
        {children}
      </div>
      {action}
    </li>
  )
}

/** What a list says when there is nothing in it. */
export function Empty(props: { readonly children: ComponentChildren }): VNode {
  return <p class="empty">{props.children}</p>
}
