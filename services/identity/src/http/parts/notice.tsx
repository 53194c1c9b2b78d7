import type { ComponentChildren, VNode } from 'preact'

/** What has just been done, said once on top of a page; screen readers say it too. */
export function Notice(props: { readonly children: ComponentChildren }): VNode {
  return (
    <p class="notice" role="status">
      {props.children}
    </p>
  )
}
